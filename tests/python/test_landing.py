"""Many reports go through a landing folder: checked by the contract and read with the seeds."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from final_accounts.landing.land import LANDED, NOTHING_LANDED, SOME_SET_ASIDE, land
from final_accounts.proving.generate import generate
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import SEEDS
from projects import SHIPPED, query

REPORTS = Path(__file__).parents[1] / "reports"
GOOD, ENCODED, UNREADABLE = "140405-031-2024", "990101-117-2018", "990202-005-2022"


@dataclass(frozen=True)
class Landing:
    """A landing folder, and the exit status of what filled it."""

    folder: Path
    status: int

    def reports(self) -> set[str]:
        """The reports that landed."""
        rows = duckdb.sql(f"select report_id from read_parquet('{self.folder}/reports/*.parquet')").fetchall()
        return {report_id for (report_id,) in rows}


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one sound report, one in GB18030 and one with a figure that is none."""
    source = tmp_path_factory.mktemp("delivery")
    for report in (GOOD, ENCODED, UNREADABLE):
        shutil.copytree(REPORTS / report, source / report)
    revenue = source / ENCODED / "revenue.csv"
    revenue.write_bytes(revenue.read_text(encoding="utf-8").encode("gb18030"))
    expenditure = source / UNREADABLE / "expenditure.csv"
    lines = expenditure.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].rsplit(",", 1)[0] + ",twelve"
    expenditure.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return source


@pytest.fixture(scope="module")
def landing(delivered: Path, tmp_path_factory: pytest.TempPathFactory) -> Landing:
    """What landed of the delivery."""
    folder = tmp_path_factory.mktemp("landing")
    return Landing(folder, land(delivered, folder))


def _seeded(folder: Path, tmp_path: Path, synthetic: bool) -> tuple[bool, Path]:
    """The raw tables of the shipped report and of a landing folder."""
    database = tmp_path / "final_accounts.duckdb"
    return run_dbt(["seed"], database, landing=folder, synthetic=synthetic).success, database


def _reports(database: Path) -> set[str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return {report_id for (report_id,) in connection.execute("select report_id from raw.reports").fetchall()}


def test_what_keeps_the_contract_lands_and_the_rest_is_set_aside(landing: Landing) -> None:
    """The exit status says that not everything landed."""
    assert landing.status == SOME_SET_ASIDE
    assert landing.reports() == {GOOD}


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (ENCODED, f"{ENCODED}/revenue.csv, line 2: not UTF-8"),
        (UNREADABLE, "column affiliate_subsidy: «twelve»; expected an amount such as 1,234.56, nothing, or ────"),
    ],
)
def test_the_reason_is_kept_beside_it(landing: Landing, report: str, reason: str) -> None:
    """File, row, column, value and what was expected."""
    (line,) = (landing.folder / "set_aside" / f"{report}_all.txt").read_text(encoding="utf-8").splitlines()
    assert reason in line


def test_a_second_run_lands_only_what_was_mended(
    landing: Landing, delivered: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What landed is not landed again."""
    folder = tmp_path / "landing"
    shutil.copytree(landing.folder, folder)
    mended = tmp_path / "delivery"
    shutil.copytree(delivered, mended, copy_function=shutil.copy2)
    shutil.copy(REPORTS / ENCODED / "revenue.csv", mended / ENCODED / "revenue.csv")
    assert land(mended, folder) == SOME_SET_ASIDE
    assert "landed: 1, set aside: 1, landed before: 1." in capsys.readouterr().out
    assert Landing(folder, 0).reports() == {GOOD, ENCODED}
    assert not (folder / "set_aside" / f"{ENCODED}_all.txt").exists()


def test_what_has_landed_is_said_to_have_though_an_old_reason_cannot_be_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reason of an earlier try stays, and is named."""
    shutil.copytree(REPORTS / GOOD, tmp_path / "delivery" / GOOD)
    # no file can be removed there: it is a folder
    (tmp_path / "landing" / "set_aside" / f"{GOOD}_all.txt").mkdir(parents=True)
    assert land(tmp_path / "delivery", tmp_path / "landing") == LANDED
    assert "reasons of an earlier try that could not be removed" in capsys.readouterr().err


def test_a_report_of_the_seeds_does_not_land(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A report stands in one place."""
    source = tmp_path / "delivery" / "again"
    source.mkdir(parents=True)
    for file in (Path(__file__).parents[2] / "seeds" / "accounts").glob("*.csv"):
        shutil.copy(file, source)
    assert land(source.parent, tmp_path / "landing") == NOTHING_LANDED
    assert f"report {SHIPPED} is in seeds/accounts/reports.csv already" in capsys.readouterr().err


def test_a_report_in_two_deliveries_lands_from_neither(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second has no more than one table of it, which would otherwise land with the first."""
    source = tmp_path / "delivery"
    shutil.copytree(REPORTS / GOOD, source / "first")
    (source / "first" / "glossary.csv").unlink(missing_ok=True)
    (source / "second").mkdir()
    header = (SEEDS / "accounts" / "glossary.csv").read_text(encoding="utf-8").splitlines()[0]
    row = ",".join([GOOD, "1", *["text"] * (header.count(",") - 1)])
    (source / "second" / "glossary.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    assert land(source, tmp_path / "landing") == NOTHING_LANDED
    said = capsys.readouterr().err
    assert f"first/all: report {GOOD} is in second/all too; expected it in one delivery" in said
    assert f"second/all: report {GOOD} is in first/all too; expected it in one delivery" in said


def test_white_space_around_the_name_of_a_report_is_none_of_it(tmp_path: Path) -> None:
    """As in staging: no-break and full-width spaces, too."""
    source = tmp_path / "delivery"
    shutil.copytree(REPORTS / GOOD, source / GOOD)
    for file in source.rglob("*.csv"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(f"\n{GOOD},", f"\n\u3000{GOOD}\u00a0,"), encoding="utf-8")
    assert land(source, tmp_path / "landing") == LANDED
    assert len(Landing(tmp_path / "landing", 0).reports()) == 1


def test_checking_writes_nothing(delivered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same sentences, and no folder."""
    assert land(delivered, None) == SOME_SET_ASIDE
    assert "Deliveries sound: 1, set aside: 2" in capsys.readouterr().out


def test_a_build_reads_seeds_and_landing_as_one(landing: Landing, tmp_path: Path) -> None:
    """The landed report, which is a made-up one, stands in the raw tables beside the shipped one."""
    success, database = _seeded(landing.folder, tmp_path, synthetic=True)
    assert success
    assert _reports(database) == {SHIPPED, GOOD}


def test_only_the_landing_folder_that_is_named_is_read(
    landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that measures or checks must not take in what the environment has for the nightly build."""
    monkeypatch.setenv("FINAL_ACCOUNTS_LANDING", str(landing.folder))
    monkeypatch.setenv("FINAL_ACCOUNTS_SYNTHETIC", "1")
    database = tmp_path / "final_accounts.duckdb"
    assert run_dbt(["seed"], database).success
    assert _reports(database) == {SHIPPED}


@pytest.mark.parametrize(("asked", "reports"), [(False, 1), (True, 5)])
def test_synthetic_reports_are_read_only_when_asked_for(
    tmp_path: Path, asked: bool, reports: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are never mixed with real ones by default, and do not stay outside without a word."""
    generate(4, tmp_path / "landing", 1, 1)
    success, database = _seeded(tmp_path / "landing", tmp_path, asked)
    assert success
    assert len(_reports(database)) == reports
    assert ("4 synthetic reports of the landing folder stay outside" in capsys.readouterr().err) == (not asked)


def test_a_table_whose_seed_has_no_rows_is_landed(tmp_path: Path) -> None:
    """As corrections are, until there is one in the seeds; dbt itself loads nothing for such a seed."""
    place = tmp_path / "landing" / "corrections"
    place.mkdir(parents=True)
    header = (SEEDS / "accounts" / "corrections.csv").read_text(encoding="utf-8")
    assert header.count("\n") == 1
    (place / "landed.csv").write_text(f"{header}{GOOD}{',' * header.count(',')}\n", encoding="utf-8")
    success, database = _seeded(place.parent, tmp_path, synthetic=False)
    assert success
    assert query(database, "select report_id from raw.corrections") == [(GOOD,)]


def test_a_row_without_a_report_is_left_to_the_contract(tmp_path: Path) -> None:
    """Leaving out synthetic reports must not take it along unseen."""
    generate(2, tmp_path / "landing", 1, 1)
    header = (SEEDS / "accounts" / "glossary.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "landing" / "glossary").mkdir()
    (tmp_path / "landing" / "glossary" / "landed.csv").write_text(f"{header}\n,1{',' * (header.count(',') - 1)}\n")
    success, database = _seeded(tmp_path / "landing", tmp_path, synthetic=False)
    assert success
    assert query(database, "select count(*) from raw.glossary where report_id is null") == [(1,)]


def test_a_report_in_both_places_stands_twice(tmp_path: Path) -> None:
    """It stops no other one: its contract names it, and holds it back."""
    place = tmp_path / "landing" / "reports"
    place.mkdir(parents=True)
    shutil.copy(Path(__file__).parents[2] / "seeds" / "accounts" / "reports.csv", place / "again.csv")
    success, database = _seeded(place.parent, tmp_path, synthetic=False)
    assert success
    assert query(database, "select count(*) from raw.reports where report_id = ?", SHIPPED) == [(2,)]
