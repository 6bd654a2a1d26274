"""The registry says of each identity what decides it, and it does."""

import csv
import re
from pathlib import Path

from final_accounts.warehouse.paths import TOP

IDENTITIES = TOP / "seeds" / "identities"
STATEMENTS = TOP / "models" / "intermediate" / "identities" / "5_statements"
# says of the claims that no cell shows that they are not compared: the other half of n_amount
SECOND_HALVES = {"int_claims_shown_nowhere"}
RESULTS = TOP / "models" / "marts" / "quality" / "fct_identity_results.sql"


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_identities_of_terms_are_those_that_have_terms() -> None:
    """An identity without terms that no model decides would be listed as not printed in every report."""
    engines = {row["identity_id"]: row["engine"] for row in _rows(IDENTITIES / "identities.csv")}
    with_terms = {row["identity_id"] for row in _rows(IDENTITIES / "identity_terms.csv")}
    assert {identity for identity, engine in engines.items() if engine == "terms"} == with_terms


def test_every_other_identity_is_one_model() -> None:
    """The model that the registry names decides this identity and no other, and no model decides one unnamed."""
    named = {
        row["engine"]: {row["identity_id"]} for row in _rows(IDENTITIES / "identities.csv") if row["engine"] != "terms"
    }
    decided = {
        file.stem: set(re.findall(r"'(\w+)' as identity_id", file.read_text(encoding="utf-8")))
        for file in STATEMENTS.glob("*.sql")
        if file.stem not in SECOND_HALVES
    }
    assert decided == named


def test_every_statement_has_a_place_among_the_results() -> None:
    """A model that no table puts together with the others would decide nothing."""
    folder = STATEMENTS.parent
    tables = ("4_claims/int_claim_terms.sql", "6_results/int_ratios_judged.sql", "6_results/int_statement_results.sql")
    put_together = [
        name for table in tables for name in re.findall(r"'(int_\w+)',", (folder / table).read_text(encoding="utf-8"))
    ]
    # what other reports decide is asked of all reports in every build
    put_together += re.findall(r"ref\('(int_subjects_\w+)'\)", RESULTS.read_text(encoding="utf-8"))
    assert sorted(put_together) == sorted(file.stem for file in STATEMENTS.glob("*.sql"))
