"""The MCP server, asked with the client of its own package; every answer is compared with what SQL gives."""

import asyncio
import json
import shutil
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from conftest import Run
from final_accounts.asking import asker
from final_accounts.asking.asker import Asker
from final_accounts.cli.mcp import server
from final_accounts.warehouse.paths import TOP
from projects import SHIPPED, query

mcp = pytest.importorskip("mcp", reason="The packages of the MCP server are not installed (scripts/setup mcp).")

DEPARTMENT, LATER = "140405-031", "140405-031-2024"
SITE = "https://example.org/accounts"
Ask = Callable[..., Any]


def asked_of(target: Any, tool: str, given: dict[str, Any]) -> tuple[bool, str]:
    """Whether a tool refused, and its answer as text."""

    async def talk() -> tuple[bool, str]:
        async with mcp.Client(target) as client:
            result = await client.call_tool(tool, given)
            return result.is_error, result.content[0].text

    return asyncio.run(talk())


@pytest.fixture(scope="module")
def asked_file(many: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy for the server: a process has a file open with one configuration only, and the tests query theirs."""
    return Path(shutil.copy(many.database, tmp_path_factory.mktemp("asked")))


@pytest.fixture(scope="module")
def ask(asked_file: Path) -> Any:
    """Asks a tool; the answer as the client has it."""
    with Asker(asked_file, site=SITE + "/") as opened:
        made = server(opened)

        def asked(tool: str, **given: Any) -> Any:
            refused, text = asked_of(made, tool, given)
            assert not refused, text
            return json.loads(text)["answer"]

        yield asked


@pytest.fixture(scope="module")
def refused(asked_file: Path) -> Any:
    """Asks a tool that refuses; its sentence."""
    with Asker(asked_file, seconds=1) as opened:
        made = server(opened)

        def asked(tool: str, **given: Any) -> str:
            refused, text = asked_of(made, tool, given)
            assert refused, text
            return text

        yield asked


def test_the_command_answers_over_stdio(many: Run) -> None:
    """As an assistant starts it: a process that is spoken to through its pipes, and says which tools only read."""
    command = [sys.executable, "-m", "final_accounts.cli.mcp", "--database", str(many.database)]
    server_of = mcp.StdioServerParameters(
        command=command[0], args=command[1:], env={"PYTHONPATH": str(TOP / "scripts"), "PYTHONUTF8": "1"}
    )

    async def talk() -> tuple[list[Any], str]:
        async with mcp.Client(server_of) as client:
            tools = (await client.list_tools()).tools
            result = await client.call_tool("find_departments", {"text": "工信局"})
            return tools, result.content[0].text

    tools, text = asyncio.run(talk())
    assert [tool.name for tool in tools][-1] == "sql", "the last resort is the last tool"
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
    answer = json.loads(text)
    assert [each["department_id"] for each in answer["answer"]] == [DEPARTMENT]
    assert answer["release"]["release_id"] == query(many.database, "from quality.releases where is_this_file")[0][0]


def test_every_figure_of_a_year_has_the_cell_that_prints_it(many: Run, ask: Ask) -> None:
    """Its amount is that of the cell; the cell has its page, its proof and its link."""
    year = ask("department_year", department=DEPARTMENT, year=2023)
    figures = {figure["measure"]: figure for figure in year["figures"]}
    assert figures["expenditure_yuan"]["amount_yuan"] == "1456006400.00"
    places = query(
        many.database, "select measure, first(columns(* exclude measure)) from raw.report_measures group by measure"
    )
    assert len(places) > 10
    for measure, table, row, column in places:
        printed = query(
            many.database,
            """
            select printed_text, amount_yuan from quality.fct_report_cells
            where report_id = ? and table_no = ? and row_key = ? and column_name = ?
            """,
            SHIPPED,
            table,
            row,
            column,
        )
        cell = figures[measure]["cell"]
        assert [(cell["printed_text"], cell["amount_yuan"] and Decimal(cell["amount_yuan"]))] == printed, measure
        # not the sum of what stands below, which rounding moves
        assert cell["amount_yuan"] in (None, figures[measure]["amount_yuan"]), measure
        assert cell["link"] == f"{SITE}/reports/{SHIPPED}.html#tables/{table}/{row}/{column}"
    assert figures["expenditure_yuan"]["cell"]["proof"] == "proved exactly"
    assert year["budget"]["completion_percent"] == "333.25"
    assert (year["most_spent_on"][0]["key"], year["most_spent_on"][0]["budget"]["budget_yuan"]) == (
        "2150299",
        "411980000.00",
    )
    assert year["not_printed"] == ["the report of the year before (not in this release)"]
    assert "43,010.69" in year["gravest_finding"]["finding"]


@pytest.mark.parametrize("by", ["function", "economic", "fund", "kind", "source"])
def test_a_breakdown_adds_up_to_what_is_printed(many: Run, ask: Ask, by: str) -> None:
    """The shares of one level are 100 %; amounts are those of the cells where a cell prints them."""
    rows = ask("breakdown", report=SHIPPED, by=by, limit=200)["rows"]
    level = rows[0]["level"]
    shares = [Decimal(row["share_percent"]) for row in rows if row["level"] == level]
    assert abs(sum(shares) - 100) < Decimal("0.1")
    celled = [row for row in rows if row["cell"] and row["cell"]["amount_yuan"]]
    assert celled
    for row in celled:
        # a sum of rounded parts may be printed as another number: then that is said
        assert ("note" in row) == (Decimal(row["amount_yuan"]) != Decimal(row["cell"]["amount_yuan"]))


def test_a_series_a_ranking_and_a_comparison_agree_with_the_file(many: Run, ask: Ask) -> None:
    """Each against its own SQL; a change is told within one department, and only there."""
    series = ask("series", department=DEPARTMENT, measure="expenditure")["years"]
    expected = query(
        many.database,
        "select fiscal_year, expenditure_yuan from reporting.rpt_department_years where department_id = ? order by 1",
        DEPARTMENT,
    )
    assert [(row["fiscal_year"], Decimal(row["amount_yuan"])) for row in series] == expected
    ranking = ask("ranking", measure="three_public_final")
    amounts = [Decimal(row["amount_yuan"]) for row in ranking["rows"]]
    assert amounts == sorted(amounts, reverse=True)
    assert (ranking["ranked"] + ranking["not_printed"],) == query(
        many.database, "select count(*) from reporting.rpt_department_years"
    )[0]
    compared = ask("compare", reports=[SHIPPED, LATER])
    assert compared["change_yuan_is"] == "2023 to 2024"
    assert ask("compare", reports=[LATER, SHIPPED])["change_yuan_is"] == "2023 to 2024", "a change goes with time"
    within = {row["key"]: row for row in compared["rows"]}
    assert within["215"]["change_yuan"] == "-1291871800.00"
    assert within["211"]["change_yuan"] is None, "what is not printed in the later year is unknown, not zero"
    across = ask("compare", reports=[SHIPPED, "990101-117-2018"])["rows"]
    assert not [row for row in across if "change_yuan" in row]


def test_a_figure_is_explained_and_one_that_is_not_printed_is_said_to_be_unknown(ask: Ask, refused: Ask) -> None:
    """Text, page, checks and what it became; for another cell a sentence, and no zero."""
    found = ask("explain_figure", report=SHIPPED, table="8", row="2230102", column="project")
    assert found["cell"]["printed_text"] == "680.87"
    assert (found["cell"]["page_no"], found["cell"]["page_to"]) == (15, 15)
    over_two = ask("explain_figure", report=SHIPPED, table="3", row="208", column="total")["cell"]
    assert (over_two["page_no"], over_two["page_to"]) == (7, 8), "nobody knows on which of the pages of its table"
    assert found["became"] == {"cell_use": "fact", "mart": "fct_expenditure"}
    assert "t08_row" in {check["identity_id"] for check in found["checks"]}
    said = refused("explain_figure", report=SHIPPED, table="08", row="2239999", column="project")
    assert "unknown, not zero" in said
    assert "find_departments" in refused("department_year", department="没有这个局")
    assert "column project" in refused("explain_figure", report=SHIPPED, table="09", row="total", column="project")
    assert "has no figure 9999" in refused("explain_figure", report=SHIPPED, table="narrative", row="9999")
    assert "it has annual_budget" in refused("explain_figure", report=SHIPPED, table="project", row="2/funding/3")
    assert "of 2023, not of 2020" in refused("department_year", department=SHIPPED, year=2020)


def test_a_figure_of_the_text_is_explained(ask: Ask) -> None:
    """Its sentence, page and proof, the checks that judge it, and the cell of a table that it repeats."""
    found = ask("explain_figure", report=SHIPPED, table="narrative", row="140")
    assert (found["cell"]["printed_text"], found["cell"]["unit"], found["cell"]["page_no"]) == ("43010.69", "万元", 21)
    assert "资金43010.69万元" in found["cell"]["sentence"]
    assert found["cell"]["proof"] == "part of a contradiction"
    assert "n_project_money" in {check["identity_id"] for check in found["checks"]}
    assert found["findings"][0]["no"] == 1
    assert found["cell"]["link"] == f"{SITE}/reports/{SHIPPED}.html#text/140"
    (cell,) = ask("explain_figure", report=SHIPPED, table="narrative", row="20")["compared_with"]
    assert (cell["table_no"], cell["row_key"], cell["printed_text"]) == ("01", "expenditure_total", "145600.64")


def test_a_figure_of_a_form_is_explained(ask: Ask) -> None:
    """Its project, page and proof, and the finding that is about it."""
    found = ask("explain_figure", report=SHIPPED, table="project", row="2/funding/3", column="executed")
    assert (found["cell"]["printed_text"], found["cell"]["amount_yuan"]) == ("10.505", "105050.00")
    assert found["cell"]["project_name"] == "2023年公建单位职工养老保险和医疗保险"
    assert found["cell"]["page_no"]
    assert found["cell"]["proof"] == "part of a contradiction"
    assert [each["kind"] for each in found["findings"]] == ["contradiction"]


def test_a_year_tells_the_changes_of_the_text_with_their_rates_and_reasons(ask: Ask) -> None:
    """As the text says them, with page and proof; and by both reports where the one of the year before is here."""
    told = {change["claim_no"]: change for change in ask("department_year", department=SHIPPED)["changes_told"]}
    change = told[60]
    said = [change[name] for name in ("subject", "change_text", "rate_text")]
    assert said == ["一般公共服务支出", "增加839.6万元", "增长144.9%"]
    assert (change["change_yuan"], change["year_before_yuan"], change["page_no"]) == ("8396000.00", "5794600.00", 19)
    assert change["reason"] == "主要由于本年国有资本投资运营注册资金支出增加"
    assert told[3]["reason"]
    changed = ask("department_year", department=LATER)["most_changed"]
    assert (changed[0]["from_year"], changed[0]["subject_code"]) == (2023, "2150299")
    for row in changed:
        printed = row["cell"]["amount_yuan"] if row["cell"] else "0.00"
        assert Decimal(row["to_yuan"]) == Decimal(printed or 0), "what the table prints, and not a sum of rounded parts"


def test_a_department_may_be_abbreviated_in_every_question(ask: Ask, refused: Ask) -> None:
    """As the search of the site takes it; where several are meant they are named."""
    for name in ("工信局", "屯留 工信局", "工业和信息化局"):
        assert ask("department_year", department=name, year=2023)["report"]["report_id"] == SHIPPED
    assert ask("series", department="工信局", measure="revenue")["years"][0]["fiscal_year"] == 2023
    assert "departments: " in refused("department_year", department="局")
    assert "no report of 1999" in refused("department_year", department="工信局", year=1999)


def test_links_open(many: Run, asked_file: Path) -> None:
    """Those of the pages beside the file; without pages there are none."""
    place = ("01", "revenue_total", "amount")
    with Asker(many.project.published) as opened:
        address = opened.cells(SHIPPED, [place])[place]["link"]
    assert address.startswith("file:///")
    assert Path(unquote(urlsplit(address).path)).is_file()
    with Asker(asked_file) as opened:
        assert opened.cells(SHIPPED, [place])[place]["link"] is None


@pytest.mark.parametrize(
    "sql",
    [
        "pragma database_list",
        "from duckdb_databases()",
        'select * from system.main."duckdb_databases"()',
        "from PRAGMA_database_list",
        "select current_setting('allowed_paths')",
        "from pg_settings",
        "from query('from duckdb' || '_databases()')",
        "pragma enable_profiling",
        "from enable_logging()",
    ],
)
def test_sql_tells_nothing_of_the_machine(asked_file: Path, refused: Ask, sql: str) -> None:
    """No path of it, and nothing is switched on that writes between the answers."""
    said = refused("sql", query=sql)
    assert "only reads" in said or "not of the data" in said
    assert str(asked_file.parent) not in said


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("attach 'other.duckdb'", "only reads"),
        ("copy (select 1) to 'copied.csv'", "only reads"),
        ("create temp table made as select 1", "only reads"),
        ("set enable_external_access = true", "only reads"),
        ("select 1; select 2", "only reads"),
        ("select * from read_text('/etc/passwd')", "disabled"),
        ("select * from glob('/*')", "disabled"),
        ("select count(*) from range(100000000000) as a, range(100000) as b", "stopped"),
        ("select nothing from nowhere", "nowhere"),
        ("selec", "syntax"),
    ],
)
def test_sql_only_reads_the_file_and_ends_in_time(refused: Ask, sql: str, said: str) -> None:
    """What writes, leaves the file or takes too long is refused in a sentence, and the next question is answered."""
    assert said in refused("sql", query=sql)
    assert "schema" in refused("describe_tables", table="fct_expenditure")


def test_answers_have_a_limit_of_rows_and_say_so(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are asked for."""
    monkeypatch.setattr(asker, "MOST_ROWS", 7)
    answer = ask("sql", query="select range as number, repeat('长', 5000) as text from range(100)", limit=10_000)
    assert len(answer["rows"]) == 7
    assert answer["more_rows_left_off"]
    assert len(answer["rows"][0]["text"]) == asker.LONGEST_TEXT + 1
    (row,) = ask("sql", query="select list(range) as many, 'nan'::double as none, 1 as a, 2 as a from range(100000)")[
        "rows"
    ]
    assert len(row["many"]) == asker.LONGEST_TEXT + 1
    assert (row["none"], row["a"], row["a_2"]) == ("nan", 1, 2)
    for limit in (-5, 0):
        assert len(ask("ranking", measure="expenditure", limit=limit)["rows"]) == 1
        assert len(ask("find_subjects", text="2", limit=limit)) == 1
    found = ask(
        "sql", query="select sum(amount_yuan) as total from marts.fct_expenditure where report_id = '" + SHIPPED + "'"
    )
    assert found == {"rows": [{"total": "1456006400.00"}], "more_rows_left_off": False}


def test_an_answer_has_no_more_than_a_reader_takes(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many texts its rows have."""
    monkeypatch.setattr(asker, "LONGEST_ANSWER", 5000)
    answer = ask("sql", query="select repeat('长', 1000) as text from range(100)", limit=100)
    assert len(answer["rows"]) == 6
    assert answer["more_rows_left_off"]
