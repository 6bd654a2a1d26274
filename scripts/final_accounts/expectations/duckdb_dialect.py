"""How Great Expectations reaches a finished warehouse: an SQLAlchemy dialect that keeps results readable.

Great Expectations fetches rows after it has closed the connection that it asked on. The rollback that SQLAlchemy sends
at a close makes DuckDB drop a result that is not fetched yet, and every check would end in «list index out of range».
Nothing is ever written here, so there is nothing to begin, roll back or commit.

A result is kept whole, too. DuckDB would hold its query when the buffer of a streamed result is full and wait for
somebody to fetch, but where several branches of a UNION ALL are held at once the result is never handed out, and the
query waits for ever (DuckDB 1.5: duckdb/duckdb issue 22215). A buffer that does not fill never holds a query.
"""

from pathlib import Path
from typing import Any

from duckdb_sqlalchemy import Dialect
from sqlalchemy import URL
from sqlalchemy.dialects import registry

DRIVER = "finished"
# More than any result: rows that break an expectation are counted in SQL, and the first of them shown.
STREAMING_BUFFER = "1TB"


class FinishedFileDialect(Dialect):
    """DuckDB without transactions, for files that nobody writes to."""

    supports_statement_cache = True

    def connect(self, *arguments: Any, **options: Any) -> Any:
        """Connects, with a buffer for results that does not fill."""
        connection = super().connect(*arguments, **options)
        connection.execute(f"set streaming_buffer_size = '{STREAMING_BUFFER}'")
        return connection

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
