"""The contract of the raw tables (tests/generic/follows_the_contract.sql), asked of rows that are no seeds yet."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from final_accounts.warehouse.dbt import run_dbt


class Contract:
    """The contract's tests as dbt compiles them, one a raw table, over the tables of a database with the seeds."""

    def __init__(self, database: Path) -> None:
        """Loads the seeds into a new database and compiles the tests. Raises RuntimeError; the reason is printed."""
        if not run_dbt(["seed"], database).success:
            raise RuntimeError("the seeds of the project could not be loaded; the reasons stand above")
        compiled = run_dbt(["compile", "--select", "test_name:follows_the_contract"], database)
        tests = [each.node for each in compiled.result or [] if str(each.node.resource_type) == "test"]
        if not compiled.success or not tests:
            raise RuntimeError("the contract of the raw tables could not be compiled; the reasons stand above")
        self._queries = [test.compiled_code for test in tests]

    def problems(self, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str | None, str]]:
        """Report and sentence of every row of the raw tables that breaks the contract."""
        for query in self._queries:
            yield from connection.execute(query).fetchall()
