"""Clean and damaged reports in one landing folder: a plain `dbt build` builds it in one run, and tells them apart.

The short form of scripts/prove_wrecks.
"""

import pytest
from final_accounts.proving import prove_wrecks
from final_accounts.proving.prove_wrecks import Builds, clean_rows, make, marts_of_reports
from final_accounts.proving.wrecks import TAKES_AWAY, WRECKS

CLEAN, DAMAGED = 60, 66


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """Two builds in one run each: that they end well is what is shown first."""
    return make(CLEAN, DAMAGED, tmp_path_factory.mktemp("wrecks"))


def test_reports_are_damaged_in_every_way(builds: Builds) -> None:
    """What follows would be empty without them."""
    assert set(builds.kinds.values()) == set(WRECKS)
    assert {builds.kinds[name] for name in builds.released()} & TAKES_AWAY.keys()
    assert len(marts_of_reports(builds)) > 10
    for mart, _ in marts_of_reports(builds):
        ((rows,),) = builds.query(f"select count(*) from ({clean_rows('damaged', mart)})")
        # synthetic reports have neither forms nor texts, and no balances of state capital
        assert rows or mart.startswith(("fct_project", "fct_narrative", "fct_state_capital")), mart


@pytest.mark.parametrize("title", prove_wrecks.CHECKS)
def test_no_report_stops_or_changes_another(title: str, builds: Builds) -> None:
    """And each is released rightly, or held back by name."""
    assert prove_wrecks.CHECKS[title](builds) == []
