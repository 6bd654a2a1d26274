"""The queries of both READMEs, run over a built warehouse: each prints the table that stands below it."""

import re

import duckdb
import pytest
from conftest import Run
from final_accounts.warehouse.paths import TOP

READMES = ["README.md", "README.zh-CN.md"]
QUERY = re.compile(r"```sql\n(?P<sql>.*?)```\n\n(?P<table>\|.*?\n)\n", re.DOTALL)


def as_markdown(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Result of a query as a Markdown table, amounts with their decimals, nulls empty."""
    cursor = connection.execute(sql)
    rows = [[column[0] for column in cursor.description]]
    rows.append(["---"] * len(rows[0]))
    rows += [["" if value is None else str(value).replace("|", "\\|") for value in row] for row in cursor.fetchall()]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


@pytest.mark.parametrize("readme", READMES)
def test_every_query_prints_the_table_below_it(readme: str, first_run: Run) -> None:
    """What a stranger types prints what the README shows."""
    queries = list(QUERY.finditer((TOP / readme).read_text(encoding="utf-8")))
    assert len(queries) >= 10
    with duckdb.connect(str(first_run.database), read_only=True) as connection:
        for query in queries:
            assert as_markdown(connection, query["sql"]) == query["table"], query["sql"]


@pytest.mark.parametrize("readme", READMES)
def test_every_file_that_is_named_exists(readme: str) -> None:
    """Paths in the READMEs are those of the repository."""
    text = (TOP / readme).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:scripts|seeds|models|tests|macros|profiles)/[\w./-]+)`", text))
    assert named
    assert not [path for path in named if not (TOP / path).exists()]
