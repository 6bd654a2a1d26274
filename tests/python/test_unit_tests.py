"""dbt's unit tests, which scripts/build leaves out: they are about the code, not about what is loaded."""

import shutil

from conftest import Run
from final_accounts.dbt import run_dbt


def test_every_unit_test_passes(many: Run) -> None:
    """Each says itself what it expected and what it got."""
    database = many.project.published.parent / ".candidate" / many.database.name
    database.parent.mkdir()
    shutil.copyfile(many.database, database)  # not its mode: it is read-only
    try:
        run = run_dbt(["test", "--select", "test_type:unit"], database, many.project.top)
    finally:
        shutil.rmtree(database.parent)
    assert run.result is not None, run.exception
    results = [result for result in run.result if result.node.resource_type == "unit_test"]
    assert [f"{result.node.name}: {result.message}" for result in results if result.status != "pass"] == []
    assert len(results) > 0
