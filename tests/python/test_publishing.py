"""What can go wrong around a release: each time a clear sentence, a status that is not zero, and unchanged bytes."""

import hashlib
import json
import re
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from final_accounts.release.compare import Changes, compare
from final_accounts.release.manifest import Relation
from projects import SHIPPED, Outcome, Project, query

OTHER = "990101-117-2018"
UNCHANGED = "What readers have is unchanged."
SPOILED = ("seeds", "models", "tests", "warehouse")


@dataclass(frozen=True)
class Site:
    """A copy of the project with a release of two reports, and what its files were like then."""

    project: Project
    saved: Path
    digest: str

    def build(self, *arguments: str) -> Outcome:
        """Runs scripts/build in a process of its own."""
        return self.project.run("build", *arguments, directory=self.project.top)

    def releases(self, *arguments: str) -> Outcome:
        """Runs scripts/releases."""
        return self.project.run("releases", *arguments, directory=self.project.top)

    def restore(self) -> None:
        """Brings back code, raw files and warehouse."""
        for name in SPOILED:
            folder = self.project.top / name
            if folder.is_symlink():
                folder.unlink()
            shutil.rmtree(folder, ignore_errors=True)
        copy(self.saved, self.project.top)


def copy(source: Path, target: Path) -> None:
    """Copies what a test may spoil; the published file stays a second name of its release's."""
    folders = [source / name for name in SPOILED]
    subprocess.run(["cp", "-a", *folders, target], check=True)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The first release, of the shipped report and a made-up one."""
    top, saved = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("saved")
    project = Project.copy(top)
    project.add_reports()
    site = Site(project, saved, "")
    outcome = site.build()
    assert outcome.status == 0, outcome.err
    copy(top, saved)
    return Site(project, saved, project.digest)


@pytest.fixture
def site(released: Site) -> Iterator[Site]:
    """The same, put in order again afterwards."""
    yield released
    released.restore()


def refused(site: Site, outcome: Outcome) -> str:
    """The last line of a build that was not released; readers have what they had, byte for byte."""
    last = outcome.err.splitlines()[-1]
    assert outcome.status == 1
    assert last.startswith("Not released: ")
    assert last.endswith(UNCHANGED)
    assert site.project.digest == site.digest
    assert not (site.project.published.parent / "releases" / ".candidate").exists()
    return last


def in_a_namespace(site: Site, script: str) -> Outcome:
    """Runs a shell script where it may mount; WAREHOUSE, SAVED and BUILD are its words for the places."""
    places = {
        "WAREHOUSE": str(site.project.published.parent),
        "SAVED": str(site.saved / "warehouse"),
        "BUILD": str(site.project.top / "scripts" / "build"),
    }
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    run = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], env={"PATH": "/usr/bin:/bin", **places}, capture_output=True, text=True
    )
    return Outcome(run.returncode, run.stdout, run.stderr)


def sound_after_a_failure(site: Site, outcome: Outcome) -> str:
    """The last words of a build in a namespace, which prints its status and the hash of what readers have."""
    status, digest = outcome.out.splitlines()[-1].split()
    assert (status, digest) == ("1", site.digest), outcome.err
    last = outcome.err.splitlines()[-1]
    assert last.startswith("Not released: ")
    assert last.endswith(UNCHANGED)
    return last


STATUS_AND_DIGEST = 'echo $? $(sha256sum <"$WAREHOUSE/final_accounts.duckdb" | cut -d" " -f1)'


# 22 MB are enough for what dbt builds, and not for the file of the release beside it.
@pytest.mark.parametrize("megabytes", [4, 22], ids=["while the models are built", "while the release is written"])
def test_a_full_disk(site: Site, megabytes: int) -> None:
    """Wherever it fills up."""
    taken = int(
        subprocess.run(["du", "-sm", site.saved / "warehouse"], capture_output=True, text=True).stdout.split()[0]
    )
    script = (
        f'mount -t tmpfs -o size={taken + megabytes}m tmpfs "$WAREHOUSE"; cp -a "$SAVED/." "$WAREHOUSE"; "$BUILD"; '
    )
    site.project.edit("reports", {"report_id": SHIPPED}, title="另一个标题")
    outcome = in_a_namespace(site, script + STATUS_AND_DIGEST)
    sound_after_a_failure(site, outcome)
    assert "No space left on device" in outcome.err or "Out of Memory" in outcome.err


def test_a_read_only_folder(site: Site) -> None:
    """It is said before anything is built."""
    script = 'mount --bind "$WAREHOUSE" "$WAREHOUSE"; mount -o remount,ro,bind "$WAREHOUSE"; "$BUILD"; '
    outcome = in_a_namespace(site, script + STATUS_AND_DIGEST)
    assert sound_after_a_failure(site, outcome).endswith(f"/.lock: Read-only file system. {UNCHANGED}")


def test_a_second_build_at_the_same_moment(site: Site) -> None:
    """It is told who builds, and since when; the first goes on."""
    lock = site.project.published.parent / ".lock"
    lock.unlink()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\n"
            "from pathlib import Path\n"
            "from final_accounts.warehouse.paths import Warehouse\n"
            "from final_accounts.release.lock import locked\n"
            "with locked(Warehouse(Path(sys.argv[1]))):\n"
            "    time.sleep(60)",
            str(lock.parent),
        ]
    )
    try:
        while not (lock.exists() and lock.read_text()):
            time.sleep(0.05)
        last = refused(site, site.build())
        assert last.startswith(f"Not released: process {holder.pid}, since 20")
        assert holder.poll() is None
    finally:
        holder.kill()
        holder.wait()
    # The lock of a process that was killed holds nobody up.
    assert site.releases("prune").status == 0


def test_a_journal_beside_the_published_file(site: Site) -> None:
    """DuckDB would replay it into the next release."""
    journal = site.project.published.with_name("final_accounts.duckdb.wal")
    journal.write_bytes(b"what somebody wrote")
    assert f"{journal} lies beside the published file" in refused(site, site.build())
    assert journal.read_bytes() == b"what somebody wrote"
    assert site.releases("rollback", "--reason", "x", "--yes").status == 1


def of_a_newer_duckdb(file: bytes) -> bytes:
    """A database file with the version number of a format to come, and the checksum that belongs to it."""
    block = bytearray(file)
    block[12:20] = struct.pack("<Q", 200)
    checksum = 5381
    for (word,) in struct.iter_unpack("<Q", bytes(block[8:4096])):
        checksum ^= word * 0xBF58476D1CE4E5B9 % 2**64
    block[:8] = struct.pack("<Q", checksum)
    return bytes(block)


@pytest.mark.parametrize("damage", ["newer", "garbage"])
def test_a_published_file_that_cannot_be_read(site: Site, damage: str) -> None:
    """What readers would lose cannot be known; nothing is built."""
    published = site.project.published
    spoiled = of_a_newer_duckdb(published.read_bytes()) if damage == "newer" else b"garbage" * 4096
    published.unlink()
    published.write_bytes(spoiled)
    site = Site(site.project, site.saved, hashlib.sha256(spoiled).hexdigest())
    said = refused(site, site.build())
    assert f"{published} cannot be read by DuckDB {duckdb.__version__}: " in said
    assert ("it was written by a newer DuckDB" in said) == (damage == "newer")


def test_a_published_file_that_was_spoiled_is_brought_back(site: Site) -> None:
    """By its release, which lies whole beside it."""
    site.project.published.unlink()
    site.project.published.write_bytes(b"garbage")
    (release,) = kept(site)
    outcome = site.releases("rollback", release, "--reason", "spoiled", "--yes")
    assert (outcome.status, site.project.digest) == (0, site.digest), outcome.err


def kept(site: Site) -> list[str]:
    """The names of the releases, the latest first."""
    return re.findall(r"^[* ] (\d{8}-\d{6}-[0-9a-f]{8}) ", site.releases("list").out, re.MULTILINE)


def test_a_failing_dbt_test(site: Site) -> None:
    """It is named."""
    model = site.project.top / "models/marts/accounts/dim_funds.yml"
    model.write_text(
        model.read_text().replace(
            "    columns:\n",
            "    columns:\n      - name: fund_zh\n        data_tests:\n"
            "          - accepted_values: {name: funds_have_other_names, arguments: {values: [nothing]}}\n",
            1,
        )
    )
    outcome = site.build()
    refused(site, outcome)
    assert "funds_have_other_names" in outcome.err or "dim_funds" in outcome.err


@pytest.mark.parametrize(
    ("query_text", "said", "why"),
    [
        ("select report_id from {batch}", "Not met: marts made_up: ", "critical expectations that are not met: 1."),
        (
            "select no_such_column from {batch}",
            "Could not be evaluated: marts made_up: ",
            "expectations that could not be evaluated: 1.",
        ),
    ],
    ids=["fails", "raises"],
)
def test_an_expectation(site: Site, query_text: str, said: str, why: str) -> None:
    """One that is not met stops a release, and so does one that says nothing."""
    file = site.project.top / "tests/expectations/marts.json"
    suite = json.loads(file.read_text(encoding="utf-8"))
    suite["expectations"].append(
        {
            "type": "unexpected_rows_expectation",
            "kwargs": {"unexpected_rows_query": query_text},
            "meta": {"name": "made_up", "table": "marts.dim_reports", "title_zh": "造", "title": "made up"},
            "severity": "critical",
        }
    )
    file.write_text(json.dumps(suite, ensure_ascii=False), encoding="utf-8")
    outcome = site.build()
    assert why in refused(site, outcome)
    assert any(line.startswith(said) for line in outcome.err.splitlines())


def test_an_empty_seed(site: Site) -> None:
    """A table that the reports print has no rows."""
    site.project.write("expenditure", [])
    outcome = site.build()
    refused(site, outcome)
    assert "expenditure" in outcome.err


def test_a_report_that_readers_have_breaks(site: Site) -> None:
    """It would be held back, and so be gone for them: that is asked for, and then done."""
    site.project.edit("expenditure", {"report_id": OTHER, "row_no": "1"}, total="1.00")
    outcome = site.build()
    assert "--allow-loss" in refused(site, outcome)
    assert f"Lost: report {OTHER}, which readers have, would be gone" in outcome.err.splitlines()
    assert any(line.startswith(f"Held back: report {OTHER}") for line in outcome.err.splitlines())

    outcome = site.build("--allow-loss")
    assert outcome.status == 3, outcome.err
    assert outcome.out.splitlines()[-1].endswith("; reports held back: 1.")
    assert query(site.project.published, "select report_id from marts.dim_reports where report_id = ?", OTHER) == []


def changed(site: Site, folder: Path, *statements: str) -> Changes:
    """What is said of a candidate that differs from the published file by some statements."""
    candidate = folder / "candidate.duckdb"
    shutil.copyfile(site.project.published, candidate)
    with duckdb.connect(str(candidate)) as connection:
        for statement in statements:
            connection.execute(statement)
        # Keys as dbt's tests know them; here those that the file itself has.
        keys = connection.execute(
            "select schema_name, table_name, constraint_column_names from duckdb_constraints() "
            "where constraint_type = 'PRIMARY KEY' and table_name not like 'release%'"
        ).fetchall()
    relations = [
        Relation(schema, name, False, False, "", "", {}, frozenset(), Path(name), key=tuple(key))
        for schema, name, key in keys
    ]
    return compare(site.project.published, candidate, relations)


def test_rows_that_readers_have_are_gone(site: Site, tmp_path: Path) -> None:
    """A few are a correction; more than a set share of a table must be asked for."""
    one = f"report_id = '{SHIPPED}' and project_no = 1 and row_no = 1"
    few = changed(site, tmp_path, f"delete from marts.fct_project_indicators where {one}")
    assert few.losses() == []
    assert few.sentences() == ["marts.fct_project_indicators: 0 rows added, 1 removed, 0 changed"]
    many = changed(site, tmp_path, "delete from marts.fct_project_indicators where project_no <= 2")
    (loss,) = many.losses()
    assert re.fullmatch(
        r"marts.fct_project_indicators would have \d+ rows instead of \d+; 5% may be lost without asking", loss
    )


def test_what_changed_is_said(site: Site, tmp_path: Path) -> None:
    """Amounts, identity results, reports and columns."""
    changes = changed(
        site,
        tmp_path,
        "update marts.fct_revenue set amount_yuan = amount_yuan + 1",
        "update quality.fct_identity_results set status = 'broken' where status = 'rounding'",
        "alter table quality.fct_cell_uses add column note varchar",
    )
    ((rows,),) = query(site.project.published, "select count(*) from marts.fct_revenue")
    ((results,),) = query(
        site.project.published, "select count(*) from quality.fct_identity_results where status = 'rounding'"
    )
    said = changes.sentences()
    assert f"marts.fct_revenue: 0 rows added, 0 removed, {rows} changed" in said
    assert f"identity results that were rounding and are broken: {results}" in said
    assert "quality.fct_cell_uses: 0 rows added, 0 removed, 0 changed; columns added: note" in said
    assert any(re.match(r"  \S+, \S+ .*: rounding before, broken now", line) for line in said)
    assert changes.losses() == []


def test_readers_elsewhere_and_a_rollback(site: Site, tmp_path: Path) -> None:
    """Releases on another file system than the file; readers keep what they opened; what is taken back stays so."""
    project, published = site.project, site.project.published
    (first,) = kept(site)
    other = Path("/dev/shm") if Path("/dev/shm").is_dir() else tmp_path
    elsewhere = other / f"releases-{time.monotonic_ns()}"
    shutil.move(published.parent / "releases", elsewhere)
    (published.parent / "releases").symlink_to(elsewhere)
    try:
        reader = duckdb.connect(str(published), read_only=True)
        before = reader.execute("select title from marts.dim_reports order by all").fetchall()
        project.edit("reports", {"report_id": SHIPPED}, title="另一个标题")
        outcome = site.build()
        assert outcome.status == 0, outcome.err
        assert "  marts.dim_reports: 0 rows added, 0 removed, 1 changed" in outcome.out.splitlines()
        assert reader.execute("select title from marts.dim_reports order by all").fetchall() == before
        reader.close()
        assert ("另一个标题",) in query(published, "select title from marts.dim_reports")
        assert published.stat().st_mode & 0o777 == 0o444
        assert query(published, "select release_id, is_this_file from quality.releases order by 1") == [
            (first, False),
            (kept(site)[0], True),
        ]

        outcome = site.build()
        assert outcome.status == 0
        assert outcome.out.splitlines()[-1].startswith("Released already: nothing has changed since release ")

        assert site.releases("rollback", "--reason", "the title is wrong", "--yes").status == 0
        assert project.digest == site.digest
        assert "withdrawn: the title is wrong" in site.releases("list").out
        assert "the title is wrong" in refused(site, site.build())
    finally:
        (published.parent / "releases").unlink()
        shutil.rmtree(elsewhere)


def test_a_release_that_was_changed_is_not_given_to_readers(site: Site) -> None:
    """A rollback audits it first."""
    (release,) = kept(site)
    file = site.project.published.parent / "releases" / release / "final_accounts.duckdb"
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)
    with duckdb.connect(str(file)) as connection:
        connection.execute("delete from marts.fct_revenue")
    digest = site.project.digest
    outcome = site.releases("rollback", release, "--reason", "spoiled", "--yes")
    assert outcome.status == 1
    assert "is not the file that was checked" in outcome.err
    assert site.project.digest == digest


def test_the_record_beside_a_release_is_that_in_its_file(site: Site) -> None:
    """Hashes, versions, counts and results of checks."""
    (release,) = kept(site)
    record = json.loads((site.project.published.parent / "releases" / release / "release.json").read_text())
    assert record["file_sha256"] == site.digest
    assert query(
        site.project.published,
        "select release_id, data_sha256, duckdb_version, reports_released from quality.releases",
    ) == [(release, record["data_sha256"], duckdb.__version__, record["reports_released"])]
    hashes = query(site.project.published, "select file, rows, sha256 from quality.release_inputs order by file")
    assert hashes == [(each["file"], each["rows"], each["sha256"]) for each in record["inputs"]]
    for file, _, digest in hashes:
        assert hashlib.sha256((site.project.top / file).read_bytes()).hexdigest() == digest
    ((failed, passed),) = query(
        site.project.published,
        """
        select count(*) filter (where result = 'failed' and severity in ('error', 'critical')),
            count(*) filter (where result = 'passed')
        from quality.release_checks
        """,
    )
    assert failed == 0
    assert passed > 100
