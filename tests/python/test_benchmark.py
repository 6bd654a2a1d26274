"""scripts/benchmark: the rivals come to the same results, and what was measured is told and drawn."""

import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest
from final_accounts.proving.generate import generate
from rivals import against, postgres_server
from rivals.__main__ import main, print_tables
from rivals.against import Compared, compare_with, table_of
from rivals.chart import BETWEEN_NAMES, draw
from rivals.costs import BenchmarkError, Cost, OutOfMemoryError, measured
from rivals.postgres_server import NoServerError, Server
from rivals.records import Record, read_records, write_records
from rivals.rivals import Task, compare, compare_cells, with_ledger, with_pandas, with_polars, with_script

SVG = "{http://www.w3.org/2000/svg}"

VEHICLES = [
    "ministerial", "principal", "confidential", "emergency",
    "law_enforcement", "specialised", "retired_cadres", "other",
]  # fmt: skip
# One identity of each kind of printed table: how its sum compares with zero, and its terms as table, row, role, column
# and coefficient.
IDENTITIES = {
    "by subject, in a row": (
        "equal",
        [("02", "total", "total", "total", 1), ("02", "total", "total", "fiscal_appropriation", -1)]
        + [("02", "total", "total", f"{source}", -1) for source in ("superior_subsidy", "institutional", "business")]
        + [("02", "total", "total", f"{source}", -1) for source in ("affiliate_remittance", "other")],
    ),
    "by line": (
        "equal",
        [
            ("01", "revenue_grand_total", "total", "amount", 1),
            ("01", "expenditure_grand_total", "total", "amount", -1),
        ],
    ),
    "two tables": (
        "equal",
        [("02", "total", "total", "total", 1), ("01", "revenue_total", "total", "amount", -1)],
    ),
    "at most": (
        "at_most",
        [("09", "total", "component", f"{stage}_total", sign) for stage, sign in (("final", 1), ("budget", -1))],
    ),
    "counted": (
        "equal",
        [
            ("10", "vehicles_total", "total", "statistic", 1),
            *(("10", f"vehicles_{kind}", "component", "statistic", -1) for kind in VEHICLES),
        ],
    ),
}
DAMAGED = "synthetic-1-000000-2023"


def write_registry(folder: Path) -> None:
    """Writes the registry of IDENTITIES as the benchmark writes that of a warehouse."""
    folder.mkdir()
    keys = sorted({term[:4] for _, terms in IDENTITIES.values() for term in terms})
    places = [(number, *key, key[0] == "10") for number, key in enumerate(keys)]
    terms = [
        (keys.index(term[:4]), number, term[4])
        for number, (_, terms) in enumerate(IDENTITIES.values())
        for term in terms
    ]
    instances = [
        (number, identity, "", "fatal", comparison, 0)
        for number, (identity, (comparison, _)) in enumerate(IDENTITIES.items())
    ]
    tables = {
        "places": (
            "place_no bigint, table_no text, row_key text, row_role text, column_name text, is_counted boolean",
            places,
        ),
        "terms": ("place_no bigint, instance_no bigint, coefficient integer", terms),
        "instances": (
            "instance_no bigint, identity_id text, instance_key text, severity text, comparison text, constant integer",
            instances,
        ),
    }
    with duckdb.connect() as connection:
        for name, (columns, rows) in tables.items():
            connection.execute(f"create table {name} ({columns})")
            connection.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)
            connection.execute(f"copy {name} to '{folder / name}.parquet'")


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    """Four synthetic reports, one of them with another total of revenue, and the script's results."""
    folder = tmp_path_factory.mktemp("rivals")
    generate(4, folder / "landing", 1, 1)
    write_registry(folder / "registry")
    (file,) = (folder / "landing" / "revenue").glob("*.parquet")
    with duckdb.connect() as connection:
        connection.execute(f"create table revenue as from '{file}'")
        connection.execute(
            "update revenue set total = '9' || total where report_id = ? and subject_name = '合计'", [DAMAGED]
        )
        connection.execute(f"copy revenue to '{file}'")
    task = Task(folder / "landing", folder / "registry", folder, Path(sys.executable).parent)
    with_script(task)
    return task


def test_the_script_finds_the_wrong_total_and_nothing_else(task: Task) -> None:
    """Every identity has a result in every report; broken are the two that the total takes part in."""
    results = duckdb.sql(f"from '{task.results('script')}'")
    assert len(results) == 4 * len(IDENTITIES)
    broken = results.filter("status = 'broken'").select("report_id, identity_id").order("identity_id").fetchall()
    assert broken == [(DAMAGED, "by subject, in a row"), (DAMAGED, "two tables")]


@pytest.mark.parametrize(("rival", "runs"), [("ledger", with_ledger), ("polars", with_polars), ("pandas", with_pandas)])
def test_a_rival_comes_to_the_results_of_the_script(task: Task, rival: str, runs) -> None:
    """With the same status in each instance."""
    cost = runs(task)
    compare(task, rival, rival)
    assert cost.wall > 0 and cost.processor > 0 and cost.memory > 1


@pytest.mark.parametrize(
    "change",
    [
        "where status <> 'broken'",
        "union all select 'another', identity_id, instance_key, 'exact' from one limit 21",
        "union all from one",
    ],
    ids=["rows are missing", "a row too many", "every row twice"],
)
def test_other_results_are_noticed(task: Task, change: str) -> None:
    """Also those that only one of the two has."""
    rows = f"select report_id, identity_id, instance_key, status from '{task.results('script')}'"
    duckdb.execute(f"copy (with one as ({rows}) from one {change}) to '{task.results('other')}'")
    with pytest.raises(BenchmarkError, match="the results of another differ from those of the DuckDB script in"):
        compare(task, "another", "other")


def test_other_cells_are_noticed(task: Task, tmp_path: Path) -> None:
    """One text that differs is enough."""
    with_ledger(task)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(f"attach '{task.folder / 'ledger.duckdb'}' as script (read_only)")
        connection.execute("create schema quality")
        connection.execute("create table quality.fct_report_cells as from script.cells")
    compare_cells(task, tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("update quality.fct_report_cells set printed_text = '1.00' where rowid = 7")
    with pytest.raises(BenchmarkError, match="the cells of the DuckDB script with the ledger differ"):
        compare_cells(task, tmp_path / "warehouse.duckdb")


def test_what_runs_out_of_memory_is_told_from_what_fails(tmp_path: Path) -> None:
    """It is a result of the measurement, and stops nothing else."""
    program = [sys.executable, "-c", "bytearray(10**10)"]
    with pytest.raises(OutOfMemoryError, match="ran out of memory"):
        measured(program, {}, tmp_path / "log", most_memory=10**9)
    with pytest.raises(BenchmarkError, match="ended with 1") as failed:
        measured([sys.executable, "-c", "raise ValueError"], {}, tmp_path / "log", most_memory=10**9)
    assert not isinstance(failed.value, OutOfMemoryError)


def test_postgresql_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark then goes on without it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres_server, "DEBIAN", tmp_path)
    with pytest.raises(NoServerError, match="PostgreSQL is not installed"):
        Server(tmp_path / "postgres")


def test_a_server_is_gone_after_an_error() -> None:
    """Its processes and its folder."""
    with tempfile.TemporaryDirectory() as above:
        # root's server is another user's, who must get there
        Path(above).chmod(0o755)
        folder = Path(above) / "server"
        try:
            with Server(folder) as server:
                answer = subprocess.run(
                    [server.programs / "psql", "--tuples-only", "--command", "select 6 * 7"],
                    env=server.environment,
                    capture_output=True,
                    text=True,
                )
                (process, *_) = (folder / "data" / "postmaster.pid").read_text().split()
                raise BenchmarkError("a rival failed")
        except NoServerError as reason:
            pytest.skip(str(reason))
        except BenchmarkError:
            pass
        assert answer.stdout.strip() == "42", answer.stderr
        assert not Path(f"/proc/{process}").exists()
        assert not folder.exists()
        assert server.cost.processor > 0


def record(reports: int, **rivals: float | None) -> Record:
    """A build of one part, and what the rivals took, in seconds."""
    costs = {name: wall and Cost(wall, wall, 50) for name, wall in rivals.items()}
    return Record(reports, {"land": Cost(2, 1, 100)}, Cost(4, 3, 100), costs, 20)


def test_columns_come_from_what_ran(capsys: pytest.CaptureFixture[str]) -> None:
    """A rival that ran at one size only has a column, with a dash where it did not run; memory that ended is said."""
    print_tables([record(1, script=0.5, pandas=1), record(1000, script=3, pandas=None, postgres=40)])
    assert capsys.readouterr().out.splitlines()[5:] == [
        "",
        "| reports | to the suspects | script | pandas | postgres |",
        "| --- | --- | --- | --- | --- |",
        "| 1 | 4.0 s, 3.0 s, 100 MB | 0.5 s, 0.5 s, 50 MB | 1.0 s, 1.0 s, 50 MB | – |",
        "| 1,000 | 4.0 s, 3.0 s, 100 MB | 3.0 s, 3.0 s, 50 MB | out of memory | 40.0 s, 40.0 s, 50 MB |",
    ]


def test_records_are_read_as_they_were_written(tmp_path: Path) -> None:
    """By --json and --from."""
    records = [record(1, script=0.5), record(100, script=None)]
    write_records(records, tmp_path / "figures.json")
    assert read_records(tmp_path / "figures.json") == records


@pytest.mark.parametrize("text", ["{", "[]", '[{"reports": 1}]', '[{"reports": 1, "parts": {"land": {"wall": 1}}}]'])
def test_a_file_of_something_else_is_named(tmp_path: Path, text: str) -> None:
    """As one sentence."""
    file = tmp_path / "other.json"
    file.write_text(text)
    with pytest.raises(BenchmarkError, match=r"other\.json (does not hold|holds) the figures"):
        read_records(file)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["20", "--from", "figures.json"], "--from takes the figures of an earlier run"),
        (["20", "--json", "nowhere/figures.json"], "nowhere is not a folder"),
        (["20", "--chart", "nowhere/chart.svg"], "nowhere is not a folder"),
        (["20", "--against", "HEAD~1"], "--against measures the shipped report only"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_measured(
    arguments: list[str], reason: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hours would be lost otherwise."""
    monkeypatch.setattr("sys.argv", ["scripts/benchmark", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert reason in capsys.readouterr().err


def test_the_chart_has_a_named_line_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line has a point for each size that was measured; the names at their ends do not touch each other."""
    write_records([record(1, a=1, b=1, d=1), record(100, a=1.01, b=1, c=5, d=None)], tmp_path / "figures.json")
    arguments = ["scripts/benchmark", "--from", tmp_path / "figures.json", "--chart", tmp_path / "chart.svg"]
    monkeypatch.setattr("sys.argv", [str(argument) for argument in arguments])
    assert main() == 0
    picture = ElementTree.parse(tmp_path / "chart.svg").getroot()
    points = [line.get("points").split() for line in picture.iter(f"{SVG}polyline")]
    assert [len(line) for line in points] == [2, 2, 2, 2, 1, 1]
    names = {text.text: float(text.get("y")) for text in picture.findall(f"{SVG}text")[1:]}
    assert list(names) == ["whole build", "to the suspects", "a", "b", "d", "c"]
    places = sorted(names.values())
    assert min(after - before for before, after in pairwise(places)) >= BETWEEN_NAMES


def test_a_chart_of_one_size_can_be_drawn() -> None:
    """Nothing is divided by the distance between the first size and the last."""
    assert ElementTree.fromstring(draw([record(20, a=1)])) is not None


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A project of two commits, whose build is named by what it does; its title is what the release is of."""
    top = tmp_path / "project"
    for folder in ("scripts", "seeds/accounts"):
        (top / folder).mkdir(parents=True)
    (top / "seeds/accounts/reports.csv").write_text("report_id,title\n1,决算\n", encoding="utf-8")
    (top / "scripts/environment.sh").write_text("use_environment() { echo $PWD $1 >>../environments; }\n")
    git = ["git", "-C", str(top), "-c", "user.name=x", "-c", "user.email=x", "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    for seconds, name in ((0.3, "then"), (0, "now")):
        script = f"#!/bin/sh\necho {name} $(tail -1 seeds/accounts/reports.csv) >>../turns\nsleep {seconds}\n"
        (top / "scripts/build").write_text(script)
        (top / "scripts/build").chmod(0o755)
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "--quiet", "-m", name], check=True)
    (top / "scripts/build").write_text("not committed")
    return top


def test_two_commits_take_turns(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in a clone and an environment of its own, with something new to release; the first time is no measure."""
    monkeypatch.setattr(against, "JOBS", {"scripts/build": "scripts/build"})
    (found,) = compare_with(repository, "HEAD~1", tmp_path / "work", rounds=2)
    turns = (tmp_path / "work" / "turns").read_text(encoding="utf-8").split("\n")[:-1]
    assert turns == [
        f"{name} 1,第{turn}次" for turn in range(3) for name in (("then", "now") if turn % 2 else ("now", "then"))
    ]
    assert len({line.split()[0] for line in (tmp_path / "work" / "environments").read_text().splitlines()}) == 2
    assert (len(found.then), len(found.now)) == (2, 2)
    assert found.medians("wall")[2] < 0.5
    assert (repository / "scripts/build").read_text() == "not committed"


@pytest.mark.parametrize(("commit", "said"), [("nowhere", "Needed a single revision"), ("--all", "Needed a single")])
def test_a_commit_that_is_not_there_is_said(repository: Path, tmp_path: Path, commit: str, said: str) -> None:
    """Before anything is made."""
    with pytest.raises(BenchmarkError, match=said):
        compare_with(repository, commit, tmp_path / "work")
    assert not (tmp_path / "work").exists()


def test_a_job_that_fails_then_or_now_is_said(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A time of a job that was not done is none."""
    monkeypatch.setattr(against, "JOBS", {"scripts/build": "scripts/build && false"})
    with pytest.raises(BenchmarkError, match="ended with 1"):
        compare_with(repository, "HEAD~1", tmp_path / "work", rounds=1)


def test_the_ratio_is_that_of_the_medians() -> None:
    """One round that something disturbed changes nothing."""
    then, now = ([Cost(wall, wall / 2, 1) for wall in walls] for walls in ((4, 100, 4), (1, 2, 90)))
    assert table_of([Compared("dbt build", then, now)], "abc").splitlines()[2] == (
        "| dbt build | 4.0 s, 2.0 s | 2.0 s, 1.0 s | 0.50 | 0.50 |"
    )
