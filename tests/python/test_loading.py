"""Whatever landing/raw_files.py lets through is loaded cell for cell as it stands in the file."""

import csv
import io
import shutil

import pytest
import yaml
from final_accounts.landing.raw_files import problems_of_folder
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import TOP
from projects import Project, query

COLUMNS = ["report_id", "row_no", "label", "amount"]
HEADER = b"report_id,row_no,label,amount\n"
ROWS = "r,1,合计,145600.64\nr,2,,\n".encode()

CASES = {
    "plain": HEADER + ROWS,
    "no_end_of_the_last_line": HEADER + ROWS.rstrip(),
    "blank_lines": HEADER + b"\n" + ROWS + b"\n\n",
    "no_rows": HEADER,
    "byte_order_mark": b"\xef\xbb\xbf" + HEADER + ROWS,
    "crlf": (HEADER + ROWS + b"\n" + ROWS).replace(b"\n", b"\r\n"),
    "cr": (HEADER + ROWS).replace(b"\n", b"\r"),
    "columns_in_another_order": b"amount,label,row_no,report_id\n1.00,a,1,r\n,b,2,r\n",
    "quoted_header": HEADER.replace(b"label", b'"label"') + ROWS,
    "commas_and_quotes": HEADER + b'r,1,"a, ""b""","1,234.56"\nr,2,"""a""",2\n',
    "quote_inside_a_cell": HEADER + b'r,1,5" pipe,2\n',
    "line_ends_in_cells": HEADER + b'r,1,"a\nb",2\nr,2,"a\r\nb",2\nr,3,"a\rb",2\n',
    "lf_in_a_cell_of_a_crlf_file": HEADER.replace(b"\n", b"\r\n") + b'r,1,"a\nb",2\r\n',
    "other_separators": HEADER + b"r,1,a\tb;c|d,2\n\t,;,|,~\n",
    "apostrophes_before_cells": HEADER + b"r,'1,'031,'2\n",
    "apostrophes_around_cells": HEADER + b"r,1,'031',2\n'r','1','a','2'\n",
    "comments_and_backslashes": HEADER + b"#r,1,\\N,\\\nr,#2,a\\,b\n",
    "words_of_sql": HEADER + b"NULL,null,NaN,true\nNone,n/a,.,-\n",
    "numbers_stay_text": HEADER + b"007,1e5,1.50,2024-01-01\n",
    "blanks_around_cells": HEADER + " r ,　1　,\u00a0a,2 \n".encode(),
    "invisible": HEADER + "r,1,合\u200b计\ufeff,2\nr,2,a\x0cb\u2028c\u0085d\x1ce,2\n".encode(),
    "long_cell": HEADER + b"r,1," + b"x" * 131_072 + b",2\n",
    "first_quote_far_below": HEADER + b"r,1,a,2\n" * 25_000 + b'r,2,"a, ""b""",3\n',
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with files of every kind in the place of its seeds and models, loaded."""
    project = Project.copy(tmp_path_factory.mktemp("loading"))
    folder = project.top / "seeds" / "accounts"
    for path in (folder.parent, project.top / "models"):
        shutil.rmtree(path)
    folder.mkdir(parents=True)
    (project.top / "models").mkdir()
    shutil.copy(TOP / "models" / "groups.yml", project.top / "models")
    for name, content in CASES.items():
        contract = {"name": name, "config": {"column_types": dict.fromkeys(COLUMNS, "varchar")}}
        (folder / f"{name}.yml").write_text(yaml.safe_dump({"seeds": [contract]}, sort_keys=False))
        (folder / f"{name}.csv").write_bytes(content)
    project.published.parent.mkdir()
    run_dbt(["seed"], project.published, project.top)
    return project


def test_the_files_of_this_test_have_no_problems(loaded: Project) -> None:
    """Each of them passes the check of files."""
    assert problems_of_folder(loaded.top / "seeds") == []


@pytest.mark.parametrize("name", list(CASES))
def test_every_cell_is_loaded_as_it_stands_in_the_file(loaded: Project, name: str) -> None:
    """Python's csv module is the judge; a cell without text is null."""
    text = io.StringIO(CASES[name].decode("utf-8-sig"), newline="")
    rows = [tuple(row[column] or None for column in COLUMNS) for row in csv.DictReader(text)]
    assert query(loaded.published, f"select {', '.join(COLUMNS)} from raw.{name} order by rowid") == rows
