"""scripts/mcp: an assistant asks a release, through the Model Context Protocol over stdio."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import duckdb

from final_accounts.asking.asker import MOST_ROWS, ROWS, Asker, QuestionError
from final_accounts.language import Parser
from final_accounts.warehouse.paths import PUBLISHED

ABOUT = """\
Final accounts (部门决算) of Chinese government departments, from their reports; each figure has its printed cell.

- Amounts are in yuan and exact, as texts. Every figure has its `cell`: table, row, column, printed text, page, what the
  proof says of it, and a link that opens the page that shows it. Cite report, table and page with a figure.
- What is not printed is unknown, never zero: it is named in `not_printed`, or null.
- Facts hold the deepest subjects only, so any SUM is right. A report whose tables do not add up is held back from sums.
- Begin with find_departments; sql is the last resort: describe_tables says what the tables hold.
"""
By = Literal["function", "economic", "fund", "kind", "source", "three_public"]


def server(asker: Asker) -> Any:  # noqa: C901 - a list of questions, each a line
    """The server, with its tools."""
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import ToolAnnotations

    made = MCPServer("final-accounts", instructions=ABOUT, log_level="WARNING")
    reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

    def answer(found: Any) -> dict[str, Any]:
        """An answer, with the release that it is of."""
        return {"release": asker.release, "answer": found}

    def tool(function: Callable[..., dict[str, Any]]) -> None:
        @functools.wraps(function)
        def asked(*given: Any, **named: Any) -> dict[str, Any]:
            try:
                return function(*given, **named)
            except QuestionError as error:
                raise ToolError(str(error)) from None

        made.tool(annotations=reads)(asked)

    @tool
    def find_departments(text: str, limit: int = ROWS) -> dict[str, Any]:
        """Departments by name, division, id or abbreviation (工信局), with their years and report ids."""
        return answer(asker.departments(text, limit))

    @tool
    def find_subjects(text: str, limit: int = ROWS) -> dict[str, Any]:
        """Subjects (科目) of both classifications, by the beginning of a code or a part of a name."""
        return answer(asker.subjects(text, limit))

    @tool
    def department_year(department: str, year: int | None = None) -> dict[str, Any]:
        """A department's year at a glance: key figures, budget, changes and their reasons, findings, what is unknown.

        `department` is a name, a part or an abbreviation of one (工信局), a department id or a report id; the latest
        year where none is given.
        """
        return answer(asker.year(department, year))

    @tool
    def breakdown(report: str, by: By, level: str | None = None, limit: int = ROWS) -> dict[str, Any]:
        """A report's expenditure (revenue, by source) broken down. Levels of function: class to item, or deepest."""
        return answer(asker.breakdown(report, by, level, limit))

    @tool
    def series(department: str, measure: str) -> dict[str, Any]:
        """A key figure of a department over the years: revenue, expenditure, closing_balance, and others."""
        return answer(asker.series(department, measure))

    @tool
    def ranking(measure: str, year: int | None = None, limit: int = 20) -> dict[str, Any]:
        """Reports by a key figure, the largest first."""
        return answer(asker.ranking(measure, year, limit))

    @tool
    def compare(reports: list[str], by: By = "function") -> dict[str, Any]:
        """Two to six reports side by side; a change is told only within one department."""
        return answer(asker.compare(reports, by))

    @tool
    def explain_figure(report: str, table: str, row: str, column: str = "") -> dict[str, Any]:
        """A printed figure: table, page, text, proof, the checks it takes part in, what it became or repeats.

        `table` is 01 to 10, `row` a subject code, a line (revenue_total) or total, `column` as basic, total, amount.
        Of the text `table` is narrative and `row` a claim_no; of a form `table` is project and `row` as 2/funding/3.
        """
        return answer(asker.explain(report, table, row, column))

    @tool
    def list_findings(report: str) -> dict[str, Any]:
        """What was found in a report: sentences with quotation and page, the gravest first; some contradict it."""
        return answer(asker.findings(asker.report(report)["report_id"]))

    @tool
    def describe_tables(table: str | None = None) -> dict[str, Any]:
        """The tables that sql can ask, or the columns of one (marts.fct_expenditure), with what they mean."""
        return answer(asker.tables(table))

    @tool
    def sql(query: str, limit: int = ROWS) -> dict[str, Any]:
        """One DuckDB query that only reads; the last resort. Its numbers have no cells: explain_figure gives them."""
        return answer(asker.sql(query, limit))

    return made


def main() -> int:
    """Parses the command line."""
    parser = Parser(
        prog="scripts/mcp",
        description="Let an assistant ask a release through the Model Context Protocol (stdio). It only reads, touches "
        f"nothing but the file, and gives {MOST_ROWS:,} rows at most. Needs scripts/setup mcp.",
        epilog="Exit status: 0 the assistant went, 1 not started, 2 wrong usage.",
    )
    parser.add_argument("--database", type=Path, default=PUBLISHED, metavar="FILE", help="default: %(default)s")
    parser.add_argument(
        "--site",
        metavar="URL",
        help="where the pages of the release are, for the links of answers, as https://example.org/accounts "
        "(default: the folder site beside the file, opened from the disk; without either, answers have no links)",
    )
    options = parser.parse_args()
    database = options.database
    try:
        with Asker(database, site=options.site) as asker:
            server(asker).run("stdio")
    except ImportError:
        print("The packages of the MCP server are not installed: run scripts/setup mcp.", file=sys.stderr)
        return 1
    except duckdb.Error as error:
        print(f"{database} cannot be asked: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
