"""One row per report that cannot be right as it is printed, explanation and cell in it."""

from final_accounts.explaining.explain import Bounds
from final_accounts.explaining.explanations import COLUMNS
from final_accounts.explaining.models import as_table
from final_accounts.explaining.workers import explained_rows


def model(dbt, session):
    """A row without a cell where nothing was found."""
    meta = dbt.config.get("meta")
    bounds = Bounds(meta["most_changes"], meta["most_questions"], meta["most_listed"])
    rows = explained_rows(session, dbt.ref("int_explained_terms"), bounds)
    return as_table(session, dbt.this.identifier, COLUMNS, rows)
