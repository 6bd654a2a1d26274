"""Whatever lies in a folder of raw tables is read, or named with the reason: no figure vanishes without a word."""

import gzip
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from final_accounts.landing import folder as landing_folder
from final_accounts.landing.folder import GOING_IN, PREPARED, READERS, RECORD, Swap, alone
from final_accounts.landing.land import deliveries
from final_accounts.landing.reader import look, survey, tables, take
from final_accounts.proving.prove_landing import prove

REPORT, OTHER = "990101-001-2023", "990101-002-2023"
MARK = "999999.99"


def csv_of(table: str, *rows: dict[str, str], columns: list[str] | None = None) -> str:
    """A raw table as CSV, with the columns of its contract."""
    columns = columns or tables()[table]
    return "\n".join([",".join(columns), *(",".join(row.get(c, "") for c in columns) for row in rows)]) + "\n"


def revenue(report: str = REPORT, total: str = MARK) -> dict[str, str]:
    """A row of the table of revenue."""
    return {"report_id": report, "row_no": "1", "subject_name": "合计", "total": total}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A landing folder with two reports, each in a file of its own of two tables."""
    landing = tmp_path / "landing"
    for table in ("reports", "revenue"):
        (landing / table).mkdir(parents=True)
        for report in (REPORT, OTHER):
            row = revenue(report, "1.00") if table == "revenue" else {"report_id": report}
            (landing / table / f"{report}.csv").write_text(csv_of(table, row), encoding="utf-8")
    return landing


def loaded(folder: Path, table: str, column: str) -> list[str]:
    """What a build loads of a column of a raw table, in order."""
    with duckdb.connect() as connection:
        return sorted(
            value or ""
            for suffix, reader in READERS.items()
            for file in (folder / table).glob(f"*{suffix}")
            for (value,) in connection.execute(f"select {column} from {reader}", [str(file)]).fetchall()
        )


def _extra_column(folder: Path) -> None:
    text = csv_of("revenue", revenue() | {"more": "5.00"}, columns=[*tables()["revenue"], "more"])
    (folder / "revenue" / f"{REPORT}.csv").write_text(text, encoding="utf-8")


def _column_twice(folder: Path) -> None:
    text = csv_of("revenue", revenue(), columns=[*tables()["revenue"], "total"])
    (folder / "revenue" / f"{REPORT}.csv").write_text(text, encoding="utf-8")


def _column_missing(folder: Path) -> None:
    text = csv_of("revenue", revenue(), columns=tables()["revenue"][:-1])
    (folder / "revenue" / f"{REPORT}.csv").write_text(text, encoding="utf-8")


def _lines_above(folder: Path) -> None:
    text = "exported by hand\n\n" + csv_of("revenue", revenue())
    (folder / "revenue" / f"{REPORT}.csv").write_text(text, encoding="utf-8")


def _short_row(folder: Path) -> None:
    text = csv_of("revenue", revenue()) + f"{REPORT},2,201\n"
    (folder / "revenue" / f"{REPORT}.csv").write_text(text, encoding="utf-8")


def _binary_fractions(folder: Path) -> None:
    (folder / "revenue" / f"{REPORT}.csv").unlink()
    cells = ", ".join(
        f"{'1.5::double' if c == 'total' else repr(revenue().get(c, ''))} as {c}" for c in tables()["revenue"]
    )
    duckdb.sql(f"copy (select {cells}) to '{folder}/revenue/{REPORT}.parquet'")


def _no_parquet(folder: Path) -> None:
    (folder / "revenue" / f"{REPORT}.csv").rename(folder / "revenue" / f"{REPORT}.parquet")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_extra_column, "column «more» is not in the contract"),
        (_column_twice, "column total stands 2 times"),
        (_column_missing, "is missing; expected report_id"),
        (_lines_above, "expected report_id"),
        (_short_row, "3 fields"),
        (_binary_fractions, "column total has the type DOUBLE"),
        (_no_parquet, "expected a Parquet file"),
    ],
)
def test_a_file_that_breaks_the_contract_takes_its_report_out_and_no_other(
    spoil: Callable[[Path], None], reason: str, folder: Path, tmp_path: Path
) -> None:
    """Without one of its tables a report would look like one that never printed it."""
    spoil(folder)
    said = take(folder, tmp_path / "taken")
    assert any(reason in sentence and sentence.startswith(f"revenue/{REPORT}") for sentence in said)
    assert f"report {REPORT} is left out: a file that holds a part of it cannot be loaded" in said
    assert loaded(tmp_path / "taken", "reports", "report_id") == [OTHER]
    assert loaded(tmp_path / "taken", "revenue", "report_id") == [OTHER]


@pytest.mark.parametrize("report", [REPORT, '140"405-001-2023'])
def test_who_looks_at_a_folder_is_told_what_a_build_leaves_out(report: str, folder: Path, tmp_path: Path) -> None:
    """However the file writes the report's name."""
    broken = csv_of("revenue", revenue(report)) + "short\n"
    (folder / "revenue" / "odd.csv").write_text(broken, encoding="utf-8")
    quoted = '"' + report.replace('"', '""') + '"'
    sound = csv_of("reports", {"report_id": quoted})
    (folder / "reports" / "other.csv").write_text(sound, encoding="utf-8")
    sentence = f"report {report} is left out: a file that holds a part of it cannot be loaded"
    assert sentence in survey(folder)
    assert sentence in take(folder, tmp_path / "taken")
    assert report not in loaded(tmp_path / "taken", "reports", "report_id")


def test_a_header_that_stands_again_is_no_report_that_is_left_out(folder: Path, tmp_path: Path) -> None:
    """What two files have so is a row of each: one that cannot be loaded takes no row out of the other."""
    header = csv_of("revenue").splitlines()[0] + "\n"
    (folder / "revenue" / "broken.csv").write_text(csv_of("revenue", revenue()) + header + "short\n", encoding="utf-8")
    (folder / "revenue" / "again.csv").write_text(csv_of("revenue", revenue(OTHER)) + header, encoding="utf-8")
    assert not any("report report_id" in sentence for sentence in take(folder, tmp_path / "taken"))
    assert "report_id" in loaded(tmp_path / "taken", "revenue", "report_id")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("revenue.csv", "no raw table; expected <table>/<name>.csv"),
        ("notes/more.csv", "no raw table"),
        ("revenue/2023/more.csv", "no raw table"),
        ("2023/revenue/more.csv", "no raw table"),
        ("revenue/more.tsv", "«.tsv» is no kind of file that is read"),
        ("revenue/more.csv.gz", "«.gz» is no kind of file that is read"),
        ("revenue/more.xlsx", "«.xlsx» is no kind of file that is read"),
        ("revenue/more", "«» is no kind of file that is read"),
    ],
)
def test_what_is_not_read_is_named(name: str, reason: str, folder: Path, tmp_path: Path) -> None:
    """The folder of its table is where a file belongs, and the kinds are two."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    text = csv_of("revenue", revenue()).encode()
    (folder / name).write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    (sentence,) = take(folder, tmp_path / "taken")
    assert sentence.startswith(f"{name}: ")
    assert reason in sentence
    assert loaded(tmp_path / "taken", "revenue", "total") == ["1.00", "1.00"]


@pytest.mark.parametrize("suffix", [".CSV", ".Csv", ".PARQUET"])
def test_endings_in_capitals_are_the_same(suffix: str, folder: Path, tmp_path: Path) -> None:
    """As some systems write them."""
    for table, row in (("reports", {"report_id": "990101-003-2023"}), ("revenue", revenue("990101-003-2023"))):
        file = folder / table / f"third{suffix}"
        if suffix == ".PARQUET":
            cells = ", ".join(f"{row.get(c, '')!r} as {c}" for c in tables()[table])
            duckdb.sql(f"copy (select {cells}) to '{file}' (format parquet)")
        else:
            file.write_text(csv_of(table, row), encoding="utf-8")
    assert take(folder, tmp_path / "taken") == []
    assert loaded(tmp_path / "taken", "revenue", "total") == ["1.00", "1.00", MARK]


def test_what_is_no_plain_file_is_named_and_nothing_waits_for_it(folder: Path, tmp_path: Path) -> None:
    """A pipe that nobody writes into, a link that leads elsewhere."""
    os.mkfifo(folder / "revenue" / "pipe.csv")
    (folder / "revenue" / "link.csv").symlink_to(folder / "revenue" / f"{REPORT}.csv")
    assert take(folder, tmp_path / "taken") == [
        "revenue/link.csv: a link, which may lead elsewhere; it is left",
        "revenue/pipe.csv: a pipe; it is left",
    ]


def test_names_never_reach_a_terminal_raw(folder: Path) -> None:
    """Escapes and line breaks of a name are told by their numbers."""
    (folder / "revenue" / "\x1b[31mred\n.txt").write_text("x")
    (sentence,) = look(folder)[1]
    assert sentence.startswith("revenue/\\u001b[31mred\\u000a.txt: ")


def test_radicals_and_wide_digits_are_the_characters_that_they_stand_for(folder: Path, tmp_path: Path) -> None:
    """As scripts/ingest gives them."""
    row = revenue() | {"subject_code": "２０１", "subject_name": "⼀般公共服务⽀出"}
    (folder / "revenue" / f"{REPORT}.csv").write_text(csv_of("revenue", row), encoding="utf-8")
    assert take(folder, tmp_path / "taken") == []
    assert loaded(tmp_path / "taken", "revenue", "subject_name") == ["一般公共服务支出", "合计"]
    assert "201" in loaded(tmp_path / "taken", "revenue", "subject_code")


def test_a_delivery_may_have_its_tables_in_any_folder(folder: Path) -> None:
    """And a table alone; what belongs to none is named."""
    shutil.copytree(folder, folder / "2023" / "north")
    (folder / "2023" / "revenue.csv").write_text(csv_of("revenue", revenue()), encoding="utf-8")
    (folder / "2023" / "readme.txt").write_text("x")
    found, left = deliveries(folder)
    assert sorted(delivery.name for delivery in found) == sorted(
        [REPORT, OTHER, f"2023/north/{REPORT}", f"2023/north/{OTHER}", "2023/all"]
    )
    assert left == ["2023/readme.txt: no raw table; expected <table>/<name>.csv or <table>.csv"]


def _stop() -> None:
    raise KeyboardInterrupt


POINTS = ["replace", "unlink", "rmdir", "rename", "mkdir"]


def test_files_go_in_together_wherever_it_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the folder next finds all of them, or none; a second run ends as if none had been stopped."""
    monkeypatch.setattr(landing_folder, "sync", lambda path: None)
    stopped = 0
    for at in range(60):
        folder = tmp_path / str(at)
        (folder / "old").mkdir(parents=True)
        (folder / "old" / "1.csv").write_text("x")
        calls = iter(range(1000))

        def fail(real: Callable, at: int = at, calls: Iterator[int] = calls) -> Callable:
            return lambda *a, **k: _stop() if next(calls) == at else real(*a, **k)

        def write(folder: Path = folder) -> None:
            with alone(folder):
                swap = Swap(folder, "one")
                for table in ("a", "b", "c"):
                    swap.file(table, "1.csv").write_text(table)
                swap.remove([folder / "old" / "1.csv"])
                swap.remember(["{}"])
                swap.go()

        with monkeypatch.context() as patch:
            for name in POINTS:
                patch.setattr(landing_folder.Path, name, fail(getattr(Path, name)))
            try:
                write()
                done = True
            except KeyboardInterrupt:
                done = False
        stopped += not done
        with alone(folder):
            there = [(folder / table / "1.csv").is_file() for table in ("a", "b", "c")]
            assert len({*there, not (folder / "old" / "1.csv").exists()}) == 1, at
            assert not (folder / GOING_IN).exists()
            assert not (folder / PREPARED).exists()
        write()
        assert (folder / RECORD).read_text() == "{}\n"
        if done:
            break
    assert stopped > 10


@pytest.mark.slow
def test_every_amount_of_odd_folders_is_loaded_or_its_file_is_named() -> None:
    """The short form of scripts/prove_landing, at other folders each time: what is not true tells their batch."""
    assert prove(30, [(random.randrange(10**6), 30)]).untrue == []
