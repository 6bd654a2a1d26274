"""dbt's unit tests, which scripts/build leaves out: they are about the code, not about what is loaded."""

from pathlib import Path

from final_accounts.warehouse.dbt import run_dbt


def test_every_unit_test_passes(tmp_path: Path) -> None:
    """Each says itself what it expected and what it got. Of the tables it needs the columns only."""
    database = tmp_path / "final_accounts.duckdb"
    assert run_dbt(["build", "--empty", "--exclude-resource-type", "test", "unit_test"], database).success
    run = run_dbt(["test", "--select", "test_type:unit"], database)
    assert run.result is not None, run.exception
    results = [result for result in run.result if result.node.resource_type == "unit_test"]
    assert [f"{result.node.name}: {result.message}" for result in results if result.status != "pass"] == []
    assert len(results) > 0
