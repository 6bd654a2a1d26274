"""What can go wrong around a release: each time a clear sentence, a status that is not zero, and unchanged bytes.

That a report breaks which readers have is in test_held_back.py.
"""

import contextlib
import hashlib
import io
import json
import pickle
import re
import shutil
import struct
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from final_accounts.cli import releases
from final_accounts.release.compare import Changes, compare
from final_accounts.release.manifest import Relation
from final_accounts.warehouse import build
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import PUBLISHED, TOP
from projects import SHIPPED, Outcome, query
from quick import Quick

UNCHANGED = "What readers have is unchanged."


def refused(quick: Quick, outcome: Outcome) -> str:
    """The last line of a build that was not released; readers have what they had, byte for byte."""
    last = outcome.err.splitlines()[-1]
    assert outcome.status == 1
    assert last.startswith("Not released: ")
    assert last.endswith(UNCHANGED)
    assert quick.project.digest == quick.digest
    assert not quick.warehouse.candidate.exists()
    return last


def commanded(quick: Quick, *arguments: str) -> Outcome:
    """Runs scripts/releases in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = releases.main(["--warehouse", str(quick.warehouse.folder), *arguments])
    return Outcome(status, out.getvalue(), err.getvalue())


def in_a_namespace(quick: Quick, folder: Path, script: str) -> Outcome:
    """Runs a shell script where it may mount; it knows a warehouse, a copy of it, and two ways to build.

    BUILD is scripts/build, and QUICK a release in a process of its own that begins with what dbt has built.
    """
    subprocess.run(["cp", "-a", quick.warehouse.folder, folder / "saved"], check=True)
    (folder / "quick.pickle").write_bytes(pickle.dumps(quick))
    quick.project._link_environment()
    variables = {
        "WAREHOUSE": str(quick.warehouse.folder),
        "SAVED": str(folder / "saved"),
        "BUILD": str(quick.project.top / "scripts" / "build"),
        "QUICK": f"{sys.executable} -m quick {folder}/quick.pickle 甲",
        "PYTHONPATH": f"{TOP}/scripts:{Path(__file__).parent}",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
    }
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    run = subprocess.run(["unshare", "-rm", "sh", "-c", script], env=variables, capture_output=True, text=True)
    return Outcome(run.returncode, run.stdout, run.stderr)


def sound_after_a_failure(quick: Quick, outcome: Outcome) -> str:
    """The last words of a build in a namespace, which prints its status and the hash of what readers have."""
    status, digest = outcome.out.splitlines()[-1].split()
    assert (status, digest) == ("1", quick.digest), outcome.err
    last = outcome.err.strip().splitlines()[-1]
    assert last.startswith("Not released: ")
    assert last.endswith(UNCHANGED)
    return last


STATUS_AND_DIGEST = 'echo $? $(sha256sum <"$WAREHOUSE/final_accounts.duckdb" | cut -d" " -f1)'


@pytest.mark.parametrize(
    ("built", "megabytes", "build", "step"),
    [
        (False, 4, "$BUILD", "Reading the raw files"),
        # enough for the copy of code and raw files
        (False, 14, "$BUILD", "Building and testing the models"),
        # and for what dbt has built
        (True, 12, "$QUICK", "Writing the file of the release"),
    ],
    ids=["while the raw files are read", "while the models are built", "while the release is written"],
)
def test_a_full_disk(quick: Quick, tmp_path: Path, built: bool, megabytes: int, build: str, step: str) -> None:
    """Wherever it fills up."""
    size = megabytes * 2**20 + built * (quick.kept / PUBLISHED.name).stat().st_size
    size += 1024 * int(subprocess.run(["du", "-sk", quick.warehouse.folder], capture_output=True).stdout.split()[0])
    script = f'mount -t tmpfs -o size={size} tmpfs "$WAREHOUSE"; cp -a "$SAVED/." "$WAREHOUSE"; {build}; '
    outcome = in_a_namespace(quick, tmp_path, script + STATUS_AND_DIGEST)
    assert len(sound_after_a_failure(quick, outcome)) < 1000
    assert "No space left on device" in outcome.err or "Out of Memory" in outcome.err
    steps = re.findall(r"^\[ *[\d.]+ s\] (.*)", outcome.err, re.MULTILINE)
    assert steps[-1].startswith(step)


def test_a_read_only_folder(quick: Quick, tmp_path: Path) -> None:
    """It is said before anything is built."""
    script = 'mount --bind "$WAREHOUSE" "$WAREHOUSE"; mount -o remount,ro,bind "$WAREHOUSE"; $BUILD; '
    outcome = in_a_namespace(quick, tmp_path, script + STATUS_AND_DIGEST)
    assert sound_after_a_failure(quick, outcome).endswith(f"/.lock: Read-only file system. {UNCHANGED}")


def test_a_second_build_at_the_same_moment(quick: Quick) -> None:
    """It is told who builds, and since when; the first goes on."""
    lock = quick.warehouse.lock
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
        last = refused(quick, quick.project.build())
        assert last.startswith(f"Not released: process {holder.pid}, since 20")
        assert holder.poll() is None
    finally:
        holder.kill()
        holder.wait()
    # The lock of a process that was killed holds nobody up.
    assert commanded(quick, "prune").status == 0


def test_a_journal_beside_the_published_file(quick: Quick) -> None:
    """DuckDB would replay it into the next release."""
    journal = quick.project.published.with_name("final_accounts.duckdb.wal")
    journal.write_bytes(b"what somebody wrote")
    assert f"{journal} lies beside the published file" in refused(quick, quick.project.build())
    assert journal.read_bytes() == b"what somebody wrote"
    assert commanded(quick, "rollback", "--reason", "x", "--yes").status == 1


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
def test_a_published_file_that_cannot_be_read(quick: Quick, damage: str) -> None:
    """What readers would lose cannot be known; nothing is built."""
    published = quick.project.published
    spoiled = of_a_newer_duckdb(published.read_bytes()) if damage == "newer" else b"garbage" * 4096
    published.unlink()
    published.write_bytes(spoiled)
    said = refused(replace(quick, digest=hashlib.sha256(spoiled).hexdigest()), quick.project.build())
    assert f"{published} cannot be read by DuckDB {duckdb.__version__}: " in said
    assert ("it was written by a newer DuckDB" in said) == (damage == "newer")


def test_a_published_file_that_was_spoiled_is_brought_back(quick: Quick) -> None:
    """By its release, which lies whole beside it."""
    (release,) = kept(quick)
    quick.project.published.unlink()
    quick.project.published.write_bytes(b"garbage")
    outcome = commanded(quick, "rollback", release, "--reason", "spoiled", "--yes")
    assert (outcome.status, quick.project.digest) == (0, quick.digest), outcome.err


def kept(quick: Quick) -> list[str]:
    """The names of the releases, the latest first."""
    return re.findall(r"^[* ] (\d{8}-\d{6}-[0-9a-f]{8}) ", commanded(quick, "list").out, re.MULTILINE)


@pytest.fixture
def funds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dbt builds and tests one seed: what comes of a failing test is the same with all others."""
    monkeypatch.setattr(build, "run_dbt", lambda command, *a, **k: run_dbt([*command, "--select", "funds"], *a, **k))


def test_a_failing_dbt_test(quick: Quick, funds_only: None) -> None:
    """It is named."""
    sound = quick.project.read("funds")
    quick.project.append("funds", **sound[0])
    try:
        outcome = quick.project.build()
    finally:
        quick.project.write("funds", sound)
    assert "a model or a test failed" in refused(quick, outcome)
    assert "every_fund_stands_once_in_funds" in outcome.err


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
def test_an_expectation(quick: Quick, monkeypatch: pytest.MonkeyPatch, query_text: str, said: str, why: str) -> None:
    """One that is not met stops a release, and so does one that says nothing."""
    file = quick.project.top / "tests/expectations/marts.json"
    sound = file.read_text(encoding="utf-8")
    suite = json.loads(sound)
    suite["expectations"].append(
        {
            "type": "unexpected_rows_expectation",
            "kwargs": {"unexpected_rows_query": query_text},
            "meta": {"name": "made_up", "table": "marts.dim_reports", "title_zh": "造", "title": "made up"},
            "severity": "critical",
        }
    )
    file.write_text(json.dumps(suite, ensure_ascii=False), encoding="utf-8")
    # the process that asks reads the suites of the project that its code is of
    monkeypatch.setenv("PYTHONPATH", str(quick.project.top / "scripts"))
    with quick.models(expectations=True):
        outcome = quick.project.build()
    file.write_text(sound, encoding="utf-8")
    assert why in refused(quick, outcome)
    assert any(line.startswith(said) for line in outcome.err.splitlines())


def test_an_empty_table(quick: Quick) -> None:
    """As where a raw table lost its rows: it is named, and readers keep theirs."""
    with quick.models("delete from marts.fct_expenditure"):
        outcome = quick.project.build()
    assert "--allow-loss" in refused(quick, outcome)
    assert any(line.startswith("Lost: marts.fct_expenditure would have 0 rows") for line in outcome.err.splitlines())


def changed(quick: Quick, folder: Path, *statements: str) -> Changes:
    """What is said of a candidate that differs from the published file by some statements."""
    candidate = folder / "candidate.duckdb"
    shutil.copyfile(quick.project.published, candidate)
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
    return compare(quick.project.published, candidate, relations)


def test_rows_that_readers_have_are_gone(quick: Quick, tmp_path: Path) -> None:
    """A few are a correction; more than a set share of a table must be asked for."""
    one = f"report_id = '{SHIPPED}' and project_no = 1 and row_no = 1"
    few = changed(quick, tmp_path, f"delete from marts.fct_project_indicators where {one}")
    assert few.losses() == []
    assert few.sentences() == ["marts.fct_project_indicators: 0 rows added, 1 removed, 0 changed"]
    many = changed(quick, tmp_path, "delete from marts.fct_project_indicators where project_no <= 2")
    (loss,) = many.losses()
    assert re.fullmatch(
        r"marts.fct_project_indicators would have \d+ rows instead of \d+; 5% may be lost without asking", loss
    )


def test_what_changed_is_said(quick: Quick, tmp_path: Path) -> None:
    """Amounts, identity results, reports and columns."""
    changes = changed(
        quick,
        tmp_path,
        "update marts.fct_revenue set amount_yuan = amount_yuan + 1",
        "update quality.fct_identity_results set status = 'broken' where status = 'rounding'",
        "alter table quality.fct_cell_uses add column note varchar",
    )
    ((rows,),) = query(quick.project.published, "select count(*) from marts.fct_revenue")
    ((results,),) = query(
        quick.project.published, "select count(*) from quality.fct_identity_results where status = 'rounding'"
    )
    said = changes.sentences()
    assert f"marts.fct_revenue: 0 rows added, 0 removed, {rows} changed" in said
    assert f"identity results that were rounding and are broken: {results}" in said
    assert "quality.fct_cell_uses: 0 rows added, 0 removed, 0 changed; columns added: note" in said
    assert any(re.match(r"  \S+, \S+ .*: rounding before, broken now", line) for line in said)
    assert changes.losses() == []


def test_readers_elsewhere_and_a_rollback(quick: Quick, tmp_path: Path) -> None:
    """Releases on another file system than the file; readers keep what they opened; what is taken back stays so."""
    project, published = quick.project, quick.project.published
    (first,) = kept(quick)
    other = Path("/dev/shm") if Path("/dev/shm").is_dir() else tmp_path
    elsewhere = other / f"releases-{time.monotonic_ns()}"
    shutil.move(quick.warehouse.releases, elsewhere)
    quick.warehouse.releases.symlink_to(elsewhere)
    try:
        reader = duckdb.connect(str(published), read_only=True)
        before = reader.execute("select title from marts.dim_reports order by all").fetchall()
        outcome = quick.release("另一个标题")
        assert outcome.status == 0, outcome.err
        assert "  marts.dim_reports: 0 rows added, 0 removed, 4 changed" in outcome.out.splitlines()
        assert reader.execute("select title from marts.dim_reports order by all").fetchall() == before
        reader.close()
        assert ("另一个标题",) in query(published, "select title from marts.dim_reports")
        assert published.stat().st_mode & 0o777 == 0o444
        assert query(published, "select release_id, is_this_file from quality.releases order by 1") == [
            (first, False),
            (kept(quick)[0], True),
        ]

        outcome = quick.release("另一个标题")
        assert outcome.status == 0
        assert outcome.out.splitlines()[-1].startswith("Released already: nothing has changed since release ")

        assert commanded(quick, "rollback", "--reason", "the title is wrong", "--yes").status == 0
        assert project.digest == quick.digest
        assert "withdrawn: the title is wrong" in commanded(quick, "list").out
        assert "the title is wrong" in refused(quick, quick.release("另一个标题"))
    finally:
        quick.warehouse.releases.unlink()
        shutil.rmtree(elsewhere)


def test_a_release_that_was_changed_is_not_given_to_readers(quick: Quick) -> None:
    """A rollback audits it first."""
    (release,) = kept(quick)
    file = quick.project.published.parent / "releases" / release / "final_accounts.duckdb"
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)
    with duckdb.connect(str(file)) as connection:
        connection.execute("delete from marts.fct_revenue")
    digest = quick.project.digest
    outcome = commanded(quick, "rollback", release, "--reason", "spoiled", "--yes")
    assert outcome.status == 1
    assert "is not the file that was checked" in outcome.err
    assert quick.project.digest == digest


def test_the_record_beside_a_release_is_that_in_its_file(quick: Quick) -> None:
    """Hashes, versions, counts and results of checks."""
    (release,) = kept(quick)
    record = json.loads((quick.project.published.parent / "releases" / release / "release.json").read_text())
    assert record["file_sha256"] == quick.digest
    assert query(
        quick.project.published,
        "select release_id, data_sha256, duckdb_version, reports_released from quality.releases",
    ) == [(release, record["data_sha256"], duckdb.__version__, record["reports_released"])]
    hashes = query(quick.project.published, "select file, rows, sha256 from quality.release_inputs order by file")
    assert hashes == [(each["file"], each["rows"], each["sha256"]) for each in record["inputs"]]
    for file, _, digest in hashes:
        assert hashlib.sha256((quick.project.top / file).read_bytes()).hexdigest() == digest
    ((failed, passed),) = query(
        quick.project.published,
        """
        select count(*) filter (where result = 'failed' and severity in ('error', 'critical')),
            count(*) filter (where result = 'passed')
        from quality.release_checks
        """,
    )
    assert failed == 0
    assert passed > 100
