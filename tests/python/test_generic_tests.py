"""Unit tests of the generic test and of the contract of raw rows: what they let pass, and what they say of the rest.

dbt's own unit tests cannot ask a generic test, so one small project is built, once: each case is a view with a few rows
and the generic test over it. A case names the problems that the test has to find; one without any has to pass.
"""

import csv
import shutil
from dataclasses import dataclass, field

import duckdb
import pytest
import yaml
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import TOP


@dataclass(frozen=True)
class Table:
    """A kind of table: its columns, and the generic test that is asked over it."""

    columns: str
    test: str
    arguments: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """Rows of a table as CSV, and the sentences that the test has to answer with."""

    table: Table
    rows: list[str]
    problems: list[str] = field(default_factory=list)


KEYED = Table("a,b", "has_the_key", {"columns": ["a", "b"]})
REPORTS = Table("report_id,title", "follows_the_contract", {"key": ["report_id"], "required": ["title"]})
COMPOSED = Table(
    "report_id,division_code,department_code",
    "follows_the_contract",
    {"key": ["report_id"], "parts": ["division_code", "department_code"]},
)
CHILDREN = Table(
    "report_id,row_no",
    "follows_the_contract",
    {"key": ["report_id", "row_no"], "parent": {"table": "parents", "column": "row_no"}},
)
PLAIN = Table(
    "report_id,row_no,title,amount,grade",
    "follows_the_contract",
    {
        "key": ["report_id", "row_no"],
        "amounts": ["amount"],
        "integers": ["row_no"],
        "required": ["title"],
        "choices": {"grade": ["优", "良"]},
    },
)
# The printed tables by subject (functional, economic) and by line.
PRINTED = {"key": ["report_id", "row_no"], "integers": ["row_no"]}
SUBJECTS = Table(
    "report_id,row_no,subject_code,subject_name,total,basic,project",
    "follows_the_contract",
    PRINTED | {"table_no": "05"},
)
ECONOMIC = Table(
    "report_id,row_no,subject_code,subject_name,amount", "follows_the_contract", PRINTED | {"table_no": "06"}
)
LINES = Table(
    "report_id,row_no,panel,item,amount,total,general_public_budget,government_fund,state_capital_operations",
    "follows_the_contract",
    PRINTED | {"table_no": "04"},
)

# The contract is asked by a model; here by a test, so that each case is asked by itself.
CONTRACT = """
{% test follows_the_contract(
    model, key, table_no=none, amounts=[], integers=[], required=[], choices={}, parent=none, parts=[]
) %}
{{ contract_problems(model, key, table_no, amounts, integers, required, choices, parent, parts) }}
{% endtest %}
"""

# What the tests look up: the reports there are, and the lines of the forms.
LOOKED_UP = {
    "reports": ["report_id,fiscal_year", "r,2023", "old,2018"],
    "parents": ["report_id,row_no", "r,1", "old,2"],
    "form_lines": [
        "table_no,panel,label,occurrence,row_key,first_year,last_year",
        "04,revenue,一般公共预算财政拨款,1,revenue_general_public_budget,,",
        "04,revenue,一般公共预算财政拨款,2,opening_balance_general_public_budget,,",
        "04,expenditure,卫生健康支出,1,210,2019,",
        "04,expenditure,医疗卫生与计划生育支出,1,210,,2018",
        "01,expenditure,结余分配,1,surplus_distribution,,",
    ],
}


def key(values: str, times: int) -> str:
    """What has_the_key says; `{}` stands for the name of the table."""
    return f"{{}}: {values} stands {times} times; expected one row with every part of the key filled"


def row(report_id: str, row_no: str, problem: str) -> str:
    """What follows_the_contract says of a row; `{}` stands for the name of the table."""
    return f"seeds/accounts/{{}}.csv, row report_id {report_id}, row_no {row_no}{problem}"


NO_AMOUNT = "expected an amount such as 1,234.56, nothing, or ────"
NO_LINE = "is no line of form 04; expected a label of seeds/classification/form_lines.csv"

CASES = {
    # has_the_key
    "the_key_is_filled_and_unique": Case(KEYED, ["1,1", "1,2", "2,1"]),
    "the_key_stands_twice": Case(KEYED, ["1,1", "1,1", "1,2"], [key("a 1, b 1", 2)]),
    "a_part_of_the_key_is_null": Case(KEYED, ["1,", ",1", "1,1"], [key("a 1, b (empty)", 1), key("a (empty), b 1", 1)]),
    "all_of_the_key_is_null": Case(KEYED, [",", ","], [key("a (empty), b (empty)", 2)]),
    "an_empty_table_has_the_key": Case(KEYED, []),
    # follows_the_contract: any table
    "plain_rows_follow_the_contract": Case(
        PLAIN, ['r,1,a,"1,419.06",优', "r,2,b,────,良", "　old ,1,c,,", "r, 3,d,－５,优"]
    ),
    "an_empty_table_follows_the_contract": Case(PLAIN, []),
    "a_cell_that_must_be_filled_is_empty": Case(
        PLAIN,
        ["r,,a,1,优", "r,2,　,1,优"],
        [
            row("r", "(empty)", ", column row_no: empty; expected a value"),
            row("r", "2", ", column title: empty; expected a value"),
        ],
    ),
    "a_whole_number_is_none": Case(
        PLAIN,
        ["r,1.5,a,1,优", "r,x,b,1,优"],
        [
            row("r", "1.5", ", column row_no: «1.5»; expected a whole number"),
            row("r", "x", ", column row_no: «x»; expected a whole number"),
        ],
    ),
    "an_amount_is_none": Case(
        PLAIN, ['r,1,a,"17,5o",优', "r,2,b,0.00,优"], [row("r", "1", f", column amount: «17,5o»; {NO_AMOUNT}")]
    ),
    "a_text_is_none_of_its_choices": Case(
        PLAIN, ["r,1,a,1,差", "r,2,a,1,"], [row("r", "1", ", column grade: «差»; expected one of 优, 良")]
    ),
    "a_row_stands_twice": Case(
        PLAIN,
        ["r,1,a,1,优", " r ,1,b,1,优", "r,2,c,1,优"],
        [row("r", "1", ": stands 2 times; expected one row for a key")],
    ),
    "a_report_is_missing": Case(
        PLAIN,
        ["r,1,a,1,优", "lost,1,b,1,优"],
        [row("lost", "1", ", column report_id: «lost» has no row in seeds/accounts/reports.csv")],
    ),
    "an_empty_report_is_named_once": Case(
        PLAIN, [",1,a,1,优"], [row("(empty)", "1", ", column report_id: empty; expected a value")]
    ),
    "the_table_of_reports_asks_no_other": Case(REPORTS, ["new,a"]),
    "a_key_is_what_it_is_joined_from": Case(
        COMPOSED,
        ["140405-031,140405,031", "140405-005,140405,5"],
        [
            "seeds/accounts/{}.csv, row report_id 140405-005, column department_code: «5» does not agree with the "
            "report_id; expected division_code, department_code joined by -"
        ],
    ),
    "a_row_has_no_parent_in_its_own_report": Case(
        CHILDREN,
        ["r,1", "r,2", "old, 2"],
        [row("r", "2", ", column row_no: «2» has no row in seeds/accounts/parents.csv")],
    ),
    # follows_the_contract: printed tables by subject
    "subjects_follow_the_contract": Case(
        SUBJECTS,
        ["r,1,,合计,1,,1", "r,2,223,国有资本,1,,1", "r,3,22301,历史,1,,1", "r,4,2230102,三供一业,1,,1", "r,5,,,,,"],
    ),
    "a_subject_code_has_a_wrong_length": Case(
        SUBJECTS,
        ["r,1,2230,国有资本,1,,1", "r,2,22A,国有资本,1,,1"],
        [
            row("r", "1", ", column subject_code: «2230»; expected 3, 5 or 7 digits"),
            row("r", "2", ", column subject_code: «22A»; expected 3, 5 or 7 digits"),
        ],
    ),
    "an_economic_subject_is_no_item": Case(
        ECONOMIC,
        ["r,1,301,工资福利,1", "r,2,30101,基本工资,1", "r,3,3010101,岗位工资,1"],
        [row("r", "3", ", column subject_code: «3010101»; expected 3 or 5 digits")],
    ),
    "a_subject_has_no_parent_in_its_own_report": Case(
        SUBJECTS,
        ["r,1,2230102,三供一业,1,,1", "r,2,223,国有资本,1,,1", "old,1,22301,历史,1,,1"],
        [
            row("r", "1", ", column subject_code: «2230102» has no parent; expected a row 22301 in the same table"),
            row("old", "1", ", column subject_code: «22301» has no parent; expected a row 223 in the same table"),
        ],
    ),
    "a_subject_stands_twice": Case(
        SUBJECTS,
        ["r,1,223,国有资本,1,,1", "r,2,223,国有资本,1,,1", "old,1,223,国有资本,1,,1"],
        [row("r", "2", ", column subject_code: «223» stands 2 times; expected one row for a code")],
    ),
    "an_amount_of_a_printed_table_is_none": Case(
        SUBJECTS, ["r,1,223,国有资本,1,1.2.3,1"], [row("r", "1", f", column basic: «1.2.3»; {NO_AMOUNT}")]
    ),
    "a_row_without_a_code_is_no_total": Case(
        SUBJECTS,
        ["r,1,,合 计,1,,1", "r,2,,总计,1,,1"],
        [row("r", "2", ", column subject_name: «总计» has no code and is no total; expected a code, or 合计")],
    ),
    # follows_the_contract: printed tables by line
    "an_amount_stands_in_the_other_panel": Case(
        LINES,
        ["r,1,revenue,一般公共预算财政拨款,1,2,,,", "r,2,expenditure,卫生健康支出,3,4,4,,"],
        [
            row("r", "1", ", column total: «2» in the panel revenue; expected it in the other panel"),
            row("r", "2", ", column amount: «3» in the panel expenditure; expected it in the other panel"),
        ],
    ),
    "lines_follow_the_contract": Case(
        LINES,
        [
            "r,1,revenue,一、一般公共预算财政拨款,1,,,,",
            "r,2,revenue,,,,,,",
            "r,10,revenue,一般公共预算财政拨款,,,,,",
            "r,11,expenditure,九、卫生 健康支出,,1,1,,",
            "old,1,expenditure,医疗卫生与计划生育支出,,1,1,,",
        ],
    ),
    # one character is wrong; it is none that stands there otherwise, nor one of two
    "a_line_is_meant_though_one_character_is_wrong": Case(LINES, ["r,1,expenditure,卫生健康支岀,,,,,"]),
    "a_line_that_stands_there_is_not_meant_once_more": Case(
        LINES,
        ["r,1,expenditure,卫生健康支岀,,,,,", "r,2,expenditure,卫生健康支出,,,,,"],
        [row("r", "1", f", column item: «卫生健康支岀» {NO_LINE}")],
    ),
    "a_line_is_in_no_form_of_its_year": Case(
        LINES,
        [
            "r,1,expenditure,卫生防疫支出,,,,,",
            "old,1,expenditure,卫生健康支出,,,,,",
            "r,2,revenue,卫生健康支出,,,,,",
            "r,3,expenditure,结余分配,,,,,",
        ],
        [
            row("r", "1", f", column item: «卫生防疫支出» {NO_LINE}"),
            row("r", "2", f", column item: «卫生健康支出» {NO_LINE}"),
            row("r", "3", f", column item: «结余分配» {NO_LINE}"),
        ],
    ),
    "a_label_stands_once_too_often": Case(
        LINES,
        [f"r,{row_no},revenue,一般公共预算财政拨款,,,,," for row_no in (9, 10, 8)],
        [row("r", "10", f", column item: «一般公共预算财政拨款» {NO_LINE}")],
    ),
}


def view(lines: list[str]) -> str:
    """CSV lines as a query: raw columns are text, those of classification have types; an empty field is null."""
    header, *records = csv.reader(lines)
    types = dict.fromkeys(("occurrence", "first_year", "last_year"), "integer")
    columns = ", ".join(
        f"cast(v{number} as {types.get(name, 'varchar')}) as {name}" for number, name in enumerate(header)
    )
    literals = [
        ", ".join("null" if text == "" else "'" + text.replace("'", "''") + "'" for text in record)
        for record in records or [[""] * len(header)]
    ]
    names = ", ".join(f"v{number}" for number in range(len(header)))
    return f"select {columns} from (values ({'), ('.join(literals)})) as v ({names}) limit {len(records)}"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The problems that each case's test found, of one dbt run over all cases."""
    project = tmp_path_factory.mktemp("generic_tests")
    for folder in ("macros", "profiles", "tests/generic"):
        shutil.copytree(TOP / folder, project / folder)
    (project / "tests" / "generic" / "follows_the_contract.sql").write_text(CONTRACT, encoding="utf-8")
    (project / "dbt_project.yml").write_text(
        "name: generic_tests\n"
        "profile: final_accounts\n"
        "models: {+materialized: view, +schema: main}\n"
        "flags: {require_generic_test_arguments_property: true, send_anonymous_usage_stats: false}\n"
    )
    models = project / "models"
    models.mkdir()
    for name, lines in LOOKED_UP.items():
        (models / f"{name}.sql").write_text(view(lines), encoding="utf-8")
    contract = []
    for name, case in CASES.items():
        (models / f"{name}.sql").write_text(view([case.table.columns, *case.rows]), encoding="utf-8")
        arguments = {"arguments": case.table.arguments} if case.table.arguments else {}
        contract.append({"name": name, "data_tests": [{case.table.test: {"name": f"test_{name}"} | arguments}]})
    (models / "cases.yml").write_text(yaml.safe_dump({"models": contract}, allow_unicode=True), encoding="utf-8")

    database = project / "generic_tests.duckdb"
    run = run_dbt(["build", "--target-path", str(project / "target")], database, project)
    assert run.result is not None, run.exception
    errors = {result.node.name: result.message for result in run.result if result.status in ("error", "skipped")}
    assert not errors
    found = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for result in run.result:
            if result.node.resource_type == "test":
                rows = connection.execute(result.node.compiled_code)
                problem = [column[0] for column in rows.description].index("problem")
                problems = [str(row[problem]) for row in rows.fetchall()]
                assert (result.status == "fail") == bool(problems)
                found[result.node.name.removeprefix("test_")] = problems
    return found


def test_all_cases_were_asked(answers: dict[str, list[str]]) -> None:
    """A case that dbt left out would pass for nothing."""
    assert set(answers) == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_the_generic_test_finds_these_problems_and_no_others(name: str, answers: dict[str, list[str]]) -> None:
    """Each problem is one sentence that names the row and what was expected."""
    assert sorted(answers[name]) == sorted(problem.format(name) for problem in CASES[name].problems)
