"""One row per report, conflict and instance in it: sums that hold one by one and cannot hold together."""

from final_accounts.explaining.conflicts import COLUMNS, conflicts_of
from final_accounts.explaining.models import as_table, slices


def model(dbt, session):
    """Asked of the reports slice by slice, so that the memory does not grow with them."""
    meta = dbt.config.get("meta")
    rows = []
    for sums in slices(dbt.ref("int_joint_reports"), dbt.ref("int_joint_sums"), meta["slice"]):
        rows += conflicts_of(sums.order("report_no, instance_no").fetchnumpy())
    return as_table(session, dbt.this.identifier, COLUMNS, rows)
