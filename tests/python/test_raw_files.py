"""Files that could not be loaded, or would be loaded wrong, are named before anything is built; sound ones are not."""

import shutil
from pathlib import Path

import pytest
import yaml
from conftest import Run
from final_accounts.landing.raw_files import may_be_empty, problems_of_file, problems_of_folder
from final_accounts.warehouse.paths import TOP
from projects import Project

COLUMNS = ["report_id", "row_no", "subject_name", "total"]
EXPECTED = "expected report_id,row_no,subject_name,total"
EMPTY = "t.csv: the file is empty; expected a header row report_id,row_no,subject_name,total"
QUOTES = "expected fields quoted as in RFC 4180, and at most 131,072 characters in one"
HEADER = b"report_id,row_no,subject_name,total\n"
ROW = "140405-031-2023,1,合计,145600.64\n".encode()

SOUND = {
    "one row": HEADER + ROW,
    "a header and no rows": HEADER,
    "no end of the last line": HEADER + ROW.rstrip(),
    "blank lines": HEADER + b"\n" + ROW + b"\n\n",
    "a byte order mark": b"\xef\xbb\xbf" + HEADER + ROW,
    "CRLF": (HEADER + ROW + b"\n" + ROW).replace(b"\n", b"\r\n"),
    "CR alone, as old spreadsheets on a Mac": (HEADER + ROW).replace(b"\n", b"\r"),
    "columns in another order": b"total,subject_name,row_no,report_id\n1,a,1,r\n",
    "a comma and a quote in a quoted cell": HEADER + b'r,1,"a, ""b""",2\n',
    "a line end in a quoted cell": HEADER + b'r,1,"a\nb",2\n',
    "another line end in a quoted cell": HEADER + b'r,1,"a\r\nb",2\n',
    "blank cells": HEADER + b",,,\n" + b'"","","",""\n',
    "a quote inside a cell": HEADER + b'r,1,5" pipe,2\n',
    "tabs and semicolons in cells": HEADER + b"r,1,a\tb;c|d,2\n",
    "an apostrophe before a number": HEADER + b"r,1,'031,'2\n",
    "a long cell": HEADER + b"r,1," + b"x" * 131_072 + b",2\n",
    # Python's splitlines() would end a line at each of these; DuckDB does not.
    "a form feed": HEADER + b"r,1,a\x0cb\x0bc,2\n",
    "other separators of lines": HEADER + "r,1,a\u2028b\u2029c\u0085d,2\n".encode(),
    "characters that cannot be seen": HEADER + "r,1,合\u200b计\ufeff,2\n".encode(),
}

BAD = {
    "an empty file": (b"", EMPTY),
    "only blanks": (b" \r\n\n", EMPTY),
    "only a byte order mark": (
        b"\xef\xbb\xbf",
        EMPTY,
    ),
    "GBK": (
        HEADER + "r,1,a,2\nr,2,合计,3\n".encode("gbk"),
        "t.csv, line 3: not UTF-8 (bytes ba cf bc c6), perhaps GBK or GB18030; expected a file saved as UTF-8",
    ),
    "a half character": (
        HEADER + "r,1,合".encode()[:-1] + b",2\n",
        "t.csv, line 2: not UTF-8 (bytes e5 90 2c 32), perhaps GBK or GB18030; expected a file saved as UTF-8",
    ),
    "UTF-16, little end first": (
        (HEADER + ROW).decode().encode("utf-16"),
        "t.csv: a file in UTF-16; expected CSV in UTF-8",
    ),
    "UTF-16, big end first": (
        b"\xfe\xff" + (HEADER + ROW).decode().encode("utf-16-be"),
        "t.csv: a file in UTF-16; expected CSV in UTF-8",
    ),
    "UTF-16 without a mark": (HEADER.decode().encode("utf-16-le"), "t.csv, line 1: a NUL character; expected text"),
    "a workbook": (b"PK\x03\x04\x14\x00", "t.csv: an Excel workbook; expected CSV in UTF-8"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "t.csv: an Excel workbook; expected CSV in UTF-8"),
    "NUL": (HEADER + ROW + b"r,2,a\x00b,3\n", "t.csv, line 3: a NUL character; expected text"),
    "a missing column": (
        b"report_id,row_no,total\nr,1,2\n",
        f"t.csv, header: column subject_name is missing; {EXPECTED}",
    ),
    "an unknown column": (
        HEADER.strip() + b",remark\nr,1,a,2,x\n",
        f"t.csv, header: column «remark» is not in the contract; {EXPECTED}",
    ),
    "a column without a name": (
        HEADER.strip() + b",\nr,1,a,2,\n",
        f"t.csv, header: column «» is not in the contract; {EXPECTED}",
    ),
    "a column that stands twice": (
        HEADER.strip() + b",total\nr,1,a,2,2\n",
        f"t.csv, header: column total stands 2 times; {EXPECTED}",
    ),
    "a second byte order mark": (
        b"\xef\xbb\xbf\xef\xbb\xbf" + HEADER + ROW,
        f"t.csv, header: column report_id is missing; {EXPECTED}\n"
        f"t.csv, header: column «\\ufeffreport_id» is not in the contract; {EXPECTED}",
    ),
    "no header": (ROW, f"t.csv, header: «140405-031-2023,1,合计,145600.64»; {EXPECTED}"),
    "an empty first line": (b"\n" + HEADER + ROW, f"t.csv, header: «»; {EXPECTED}"),
    "a line for spreadsheets first": (b"sep=,\n" + HEADER + ROW, f"t.csv, header: «sep=,»; {EXPECTED}"),
    "tabs": (
        (HEADER + ROW).replace(b",", b"\t"),
        f"t.csv, header: «report_id\\u0009row_no\\u0009subject_name\\u0009total», separated by tabs; {EXPECTED}",
    ),
    "semicolons": (
        (HEADER + ROW).replace(b",", b";"),
        f"t.csv, header: «report_id;row_no;subject_name;total», separated by semicolons; {EXPECTED}",
    ),
    "bars": (
        HEADER.replace(b",", b"|"),
        f"t.csv, header: «report_id|row_no|subject_name|total», separated by bars; {EXPECTED}",
    ),
    "full-width commas": (
        HEADER.decode().replace(",", "，").encode(),
        f"t.csv, header: «report_id，row_no，subject_name，total», separated by full-width commas; {EXPECTED}",
    ),
    "too few fields": (
        HEADER + ROW + "r,2,行政运行\n".encode(),
        "t.csv, line 3: 3 fields («r,2,行政运行»); expected 4, as in the header",
    ),
    "too many fields": (
        HEADER + b"r,1,a,1,234.56\n" + ROW,
        "t.csv, line 2: 5 fields («r,1,a,1,234.56»); expected 4, as in the header",
    ),
    "a long line": (
        HEADER + b"x" * 81 + b",y\n",
        f"t.csv, line 2: 2 fields («{'x' * 80}»); expected 4, as in the header",
    ),
    "a line of blanks": (HEADER + b"  \n" + ROW, "t.csv, line 2: 1 fields («  »); expected 4, as in the header"),
    "two bad lines": (
        HEADER + b"r,1\n" + ROW + b"r\n",
        "t.csv, line 2: 2 fields («r,1»); expected 4, as in the header\n"
        "t.csv, line 4: 1 fields («r»); expected 4, as in the header",
    ),
    "an unclosed quote": (
        HEADER + ROW + b'r,2,"a,3\n' + ROW * 5,
        f"t.csv, line 3: unexpected end of data; {QUOTES}",
    ),
    "text after a quoted cell": (
        HEADER + b'r,1,"a\nb",1\nr,2,"a" ,3\n',
        f"t.csv, line 4: ',' expected after '\"'; {QUOTES}",
    ),
    "a space before a quote": (
        HEADER + b'r,1, "a",3\n',
        't.csv, line 2: « "a"»; expected no space between a comma and a quote',
    ),
    "a very long cell": (
        HEADER + b"r,1," + b"x" * 131_073 + b",2\n",
        f"t.csv, line 2: field larger than field limit (131072); {QUOTES}",
    ),
    "a lone CR": (
        HEADER + b"r,1,a\rb,2\n" + ROW,
        "t.csv, line 2: ends in CR, the header in LF; expected one kind of line end",
    ),
    "a lone CR between whole rows": (
        HEADER + ROW.replace(b"\n", b"\r") + ROW,
        "t.csv, line 2: ends in CR, the header in LF; expected one kind of line end",
    ),
    "CRLF from the third line": (
        HEADER + ROW + ROW.replace(b"\n", b"\r\n"),
        "t.csv, line 3: ends in CRLF, the header in LF; expected one kind of line end",
    ),
    "LF from the second line": (
        HEADER.replace(b"\n", b"\r\n") + ROW,
        "t.csv, line 2: ends in LF, the header in CRLF; expected one kind of line end",
    ),
}


@pytest.mark.parametrize("content", SOUND.values(), ids=SOUND)
def test_a_sound_file_has_no_problems(tmp_path: Path, content: bytes) -> None:
    """What loads right is let through."""
    file = tmp_path / "t.csv"
    file.write_bytes(content)
    assert problems_of_file(file, "t.csv", COLUMNS) == []


@pytest.mark.parametrize(("content", "sentences"), BAD.values(), ids=BAD)
def test_a_bad_file_is_named_with_what_was_found_and_expected(tmp_path: Path, content: bytes, sentences: str) -> None:
    """Every problem is one sentence."""
    file = tmp_path / "t.csv"
    file.write_bytes(content)
    assert problems_of_file(file, "t.csv", COLUMNS, needs_rows=True) == sentences.split("\n")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the project that nothing is built in."""
    return Project.copy(tmp_path)


def test_the_seeds_of_the_project_have_no_problems(project: Project) -> None:
    """The shipped files can be loaded."""
    assert problems_of_folder(project.top / "seeds") == []


def test_a_missing_file_is_named_with_its_contract(project: Project) -> None:
    """A table that no report prints is a header without rows, not a missing file."""
    project.seed("glossary").unlink()
    assert problems_of_folder(project.top / "seeds") == [
        "seeds/accounts/glossary.csv: the file is missing; its contract is glossary.yml"
    ]


def test_a_file_without_a_contract_is_named(project: Project) -> None:
    """A file under another name would not be loaded, and nobody would know."""
    (project.top / "seeds" / "accounts" / "revenue (2).csv").write_bytes(HEADER + ROW)
    assert problems_of_folder(project.top / "seeds") == [
        "seeds/accounts/revenue (2).csv: no contract beside it; expected a .yml file"
    ]


def test_problems_of_several_files_are_all_named(project: Project) -> None:
    """One bad file does not hide the next."""
    for name in ("revenue", "glossary"):
        project.seed(name).write_bytes(b"")
    project.seed("funds").unlink()
    problems = problems_of_folder(project.top / "seeds")
    assert [problem.split(":")[0] for problem in problems] == [
        "seeds/accounts/glossary.csv",
        "seeds/accounts/revenue.csv",
        "seeds/classification/funds.csv",
    ]


@pytest.mark.parametrize("name", ["reports", "amount_units", "form_columns"])
def test_a_warehouse_without_reports_or_classification_is_not_built(project: Project, name: str) -> None:
    """Without rows here a build would succeed, and publish marts without amounts."""
    project.write(name, [])
    folder = project.seed(name).parent.name
    assert problems_of_folder(project.top / "seeds") == [
        f"seeds/{folder}/{name}.csv: a header and no rows; expected at least one row"
    ]


def test_a_table_that_no_report_prints_may_be_empty(project: Project) -> None:
    """A header without rows is a sound file for every printed table, and for waivers."""
    emptied = [contract for contract in (TOP / "seeds").rglob("*.yml") if may_be_empty(contract)]
    assert "government_fund" in {contract.stem for contract in emptied}
    for contract in emptied:
        project.write(contract.stem, [])
    assert problems_of_folder(project.top / "seeds") == []


@pytest.mark.parametrize("shipped", [False, True], ids=["nothing published yet", "a published file"])
def test_nothing_is_built_over_files_that_cannot_be_loaded(project: Project, shipped: bool, first_run: Run) -> None:
    """The build names the file, is not released, and leaves what readers have."""
    project.published.parent.mkdir()
    if shipped:
        shutil.copy(first_run.database, project.published)
    project.seed("revenue").write_bytes("报表编号".encode("gbk"))
    outcome = project.build()
    assert outcome.status == 1
    assert outcome.sentences == [
        "seeds/accounts/revenue.csv, line 1: not UTF-8 (bytes b1 a8 b1 ed), perhaps GBK or GB18030; "
        "expected a file saved as UTF-8"
    ]
    assert "Not released: problems in raw files: 1." in outcome.err
    assert outcome.out == ""
    assert project.left_in_warehouse == [".lock", *(["final_accounts.duckdb"] if shipped else [])]
    assert not shipped or project.published.read_bytes() == first_run.database.read_bytes()


def test_text_in_a_seed_is_called_as_every_database_knows_it() -> None:
    """`string`; of `varchar` Spark wants to know how long it may be."""
    named = {
        file.name: kind
        for file in (TOP / "seeds").rglob("*.yml")
        for seed in yaml.safe_load(file.read_text(encoding="utf-8")).get("seeds", [])
        for kind in seed["config"]["column_types"].values()
        if "char" in kind or kind == "text"
    }
    assert named == {}
