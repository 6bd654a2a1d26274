"""The contract of the raw tables (macros/contract_problems.sql), asked of rows that are no seeds yet."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from final_accounts.warehouse.prepared import prepared


class Contract:
    """The contract as dbt compiles it, over the tables of a database with the seeds."""

    def __init__(self, database: Path) -> None:
        """Makes a database with the seeds. Raises RuntimeError; the reason is printed."""
        self.prepared = prepared()
        self.prepared.copy(database)

    def problems(self, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str | None, str]]:
        """Report and sentence of every row of the raw tables that breaks the contract."""
        for query in self.prepared.contract:
            yield from connection.execute(query).fetchall()
