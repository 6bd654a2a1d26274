"""scripts/classify: lists of subject codes beside the rules and beside what reports print."""

import csv
from pathlib import Path

import duckdb
import pytest
from final_accounts.cli import classify
from final_accounts.cli.classify import Subject, add_rules, changes, printed_otherwise, rows_of, subjects_of

HEADER = "classification,subject_code,official_name,fund,first_year,last_year,source\n"


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rules of one code, known since 2018."""
    file = tmp_path / "subject_rules.csv"
    file.write_text(HEADER + "functional,21305,扶贫,,2018,,rule 1\n", encoding="utf-8")
    monkeypatch.setattr(classify, "RULES", file)
    return file


@pytest.mark.parametrize(
    "text",
    [
        "code,name\n201,一般公共服务支出\n20103,政府办公厅\n2010301,行政运行\n20104,发展与改革\n2010401,行政运行\n",
        "类,款,项,名称\n201,,,一般公共服务支出\n,03,,政府办公厅\n,,01,行政运行\n,04,,发展与改革\n,,01,行政运行\n",
        "类,款,项,名称\n201,,,一般公共服务支出\n201,03,,政府办公厅\n201,03,01,行政运行\n201,04,,发展与改革\n201,04,01,行政运行\n",
        "year,code,level,name\n2024,201,类,一般公共服务支出\n2024,20103,款,政府办公厅\n2024,2010301,项,行政运行\n"
        "2024,20104,款,发展与改革\n2024,2010401,项,行政运行\n",
    ],
)
def test_a_code_stands_in_one_cell_or_in_one_for_each_level(text: str, tmp_path: Path) -> None:
    """Columns beside it are none of it."""
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    assert subjects_of(rows_of(tmp_path / "list.csv")) == [
        Subject("201", "一般公共服务支出"),
        Subject("20103", "政府办公厅"),
        Subject("2010301", "行政运行"),
        Subject("20104", "发展与改革"),
        Subject("2010401", "行政运行"),
    ]


def test_a_new_name_ends_the_old_one_the_year_before(rules: Path) -> None:
    """And a new code is added with its rule."""
    new, other = changes([Subject("21305", "巩固脱贫攻坚成果衔接乡村振兴"), Subject("2130599", "其他")], 2022)
    assert (new, other) == (
        [Subject("2130599", "其他")],
        [(Subject("21305", "巩固脱贫攻坚成果衔接乡村振兴"), "扶贫")],
    )
    add_rules(new, other, 2022, "rule 2")
    with rules.open(encoding="utf-8") as file:
        assert [
            (row["subject_code"], row["official_name"], row["first_year"], row["last_year"], row["source"])
            for row in csv.DictReader(file)
        ] == [
            ("21305", "扶贫", "2018", "2021", "rule 1"),
            ("21305", "巩固脱贫攻坚成果衔接乡村振兴", "2022", "", "rule 2"),
            ("2130599", "其他", "2022", "", "rule 2"),
        ]


def test_what_reports_print_otherwise_is_told(tmp_path: Path) -> None:
    """Of the classes that the list has; brackets are no difference."""
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.dim_subject_names as "
            "select 'functional' as classification, 2024 as fiscal_year, * from "
            "(values ('21305', '扶贫', 3), ('2130599', '其他(项)', 1), ('2130501', '行政运行', 2), ('201', '别的', 9)) "
            "as names (subject_code, subject_name, report_count)"
        )
    listed = [Subject("21305", "衔接乡村振兴"), Subject("2130599", "其他（项）")]
    assert printed_otherwise(listed, 2024, database) == [
        (listed[0], "21305", "扶贫", 3),
        (None, "2130501", "行政运行", 2),
    ]
