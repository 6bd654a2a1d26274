"""The pages that people read: queries print the tables below them, and what is named exists."""

import datetime as dt
import re
from pathlib import Path

import duckdb
import pytest
from conftest import Run
from final_accounts.cli.record import as_markdown as recorded
from final_accounts.cli.record import section_of, with_section
from final_accounts.warehouse.paths import TOP

READMES = ["README.md", "README.zh-CN.md"]
DOCS = sorted(str(path.relative_to(TOP)) for path in (TOP / "models" / "docs").rglob("*.md"))
PAGES = [*READMES, "CONTRIBUTING.md", *DOCS]
QUERY = re.compile(r"```sql\n(?P<sql>.*?)```\n\n(?P<table>\|.*?\n)\n", re.DOTALL)
FRONT_DOOR_BYTES = 8 * 1024
PICTURE_BYTES = 300 * 1024


def text_of(page: str) -> str:
    """Text of a page."""
    return (TOP / page).read_text(encoding="utf-8")


WITH_QUERIES = {page: found for page in PAGES if (found := list(QUERY.finditer(text_of(page))))}


def as_markdown(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Result of a query as a Markdown table, amounts with their decimals, nulls empty."""
    cursor = connection.execute(sql)
    rows = [[column[0] for column in cursor.description]]
    rows.append(["---"] * len(rows[0]))
    rows += [["" if value is None else str(value).replace("|", "\\|") for value in row] for row in cursor.fetchall()]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


@pytest.mark.parametrize("page", WITH_QUERIES)
def test_every_query_prints_the_table_below_it(page: str, first_run: Run) -> None:
    """What a stranger types prints what the page shows."""
    with duckdb.connect(str(first_run.database), read_only=True) as connection:
        for query in WITH_QUERIES[page]:
            assert as_markdown(connection, query["sql"]) == query["table"], query["sql"]


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_named_exists(page: str) -> None:
    """Paths and links in the pages are those of the repository."""
    text = text_of(page)
    named = set(re.findall(r"`((?:scripts|seeds|models|tests|macros|profiles)/[\w./-]+)`", text))
    named |= {link for link in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in link}
    missing = [path for path in named if not (TOP / path).exists()]
    # what a command writes is not there before it ran
    assert not [path for path in missing if not path.startswith("seeds/accounts/<")]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_that_is_linked_exists(page: str) -> None:
    """A link to a page of the dbt docs names a block that one of them has."""
    blocks = {name for doc in DOCS for name in re.findall(r"\{% docs __(\w+?)__ %\}", text_of(doc))}
    linked = set(re.findall(r"#!/overview/(\w+)", text_of(page)))
    assert linked <= blocks


def test_every_page_is_in_the_overview() -> None:
    """Nobody has to guess the address of a page."""
    blocks = {name for doc in DOCS for name in re.findall(r"\{% docs __(\w+?)__ %\}", text_of(doc))} - {"overview"}
    assert set(re.findall(r"#!/overview/(\w+)", text_of("models/docs/overview.md"))) == blocks


@pytest.mark.parametrize("readme", READMES)
def test_the_front_door_is_two_screens(readme: str) -> None:
    """What is more stands on a page of its own."""
    assert (TOP / readme).stat().st_size <= FRONT_DOOR_BYTES
    assert len(WITH_QUERIES[readme]) == 5


@pytest.mark.parametrize("readme", READMES)
def test_the_picture_is_small(readme: str) -> None:
    """One picture of the site, quickly loaded."""
    pictures: list[Path] = [TOP / path for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text_of(readme))]
    assert len(pictures) == 1
    assert pictures[0].stat().st_size <= PICTURE_BYTES


def test_what_a_command_printed_stands_in_its_section_only() -> None:
    """scripts/record replaces one section, with the command, the day, and the table or the text that was printed."""
    page = "a\n<!-- scripts/one -->\nold\n<!-- end -->\nb\n<!-- scripts/two -->\nkept\n<!-- end -->\n"
    day = dt.date(2026, 11, 29)
    text = recorded(["scripts/one", "--reports", "3"], "all right \\1\n", day)
    new = with_section(page, "scripts/one", text)
    assert "old" not in new
    assert "`scripts/one --reports 3`, 2026-11-29" in new
    assert "```\nall right \\1\n```" in new
    assert new.endswith("b\n<!-- scripts/two -->\nkept\n<!-- end -->\n")
    assert "```" not in recorded(["scripts/one"], "| a |\n| --- |\n", day)
    with pytest.raises(ValueError, match="scripts/three"):
        with_section(page, "scripts/three", text)


def test_an_option_that_measures_something_else_has_a_section_of_its_own() -> None:
    """What a command says of scans does not replace what it says of text."""
    page = "<!-- scripts/one -->\n<!-- end -->\n<!-- scripts/one --scans -->\n<!-- end -->\n"
    assert section_of(page, "scripts/one", ["--scans", "3"]) == "scripts/one --scans"
    assert section_of(page, "scripts/one", ["--reports", "3"]) == "scripts/one"
