"""How Great Expectations reaches a finished warehouse: an SQLAlchemy dialect that keeps results readable.

Great Expectations fetches rows after it has closed the connection that it asked on. The rollback that SQLAlchemy sends
at a close makes DuckDB drop a result that is not fetched yet, and every check would end in «list index out of range».
Nothing is ever written here, so there is nothing to begin, roll back or commit.
"""

from pathlib import Path
from typing import Any

from duckdb_sqlalchemy import Dialect
from sqlalchemy import URL
from sqlalchemy.dialects import registry

DRIVER = "finished"


class FinishedFileDialect(Dialect):
    """DuckDB without transactions, for files that nobody writes to."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begins nothing."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Keeps pending results."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commits nothing."""


registry.register(f"duckdb.{DRIVER}", __name__, FinishedFileDialect.__name__)


def read_only_url(database: Path) -> str:
    """The address under which SQLAlchemy opens a warehouse for reading; any path is quoted as it must be."""
    url = URL.create(f"duckdb+{DRIVER}", database=str(database.resolve()), query={"access_mode": "read_only"})
    return url.render_as_string(hide_password=False)
