"""What scripts/prove does to the look of clean reports leaves their amounts as they are."""

import duckdb
import oracle
import pytest
from final_accounts.proving.varied import IN_GROUPS, WITHOUT_ZEROS

TEXTS = ["0.00", "0.10", "12.30", "-12.00", "100", "1234", "-1234567.80", "1234567890.12", "999999999999.99", ""]


@pytest.mark.parametrize("look", [WITHOUT_ZEROS, IN_GROUPS])
@pytest.mark.parametrize("text", TEXTS)
def test_another_look_is_the_same_number(look: str, text: str) -> None:
    """Zeros left off at the end, digits in groups of three."""
    ((printed,),) = duckdb.execute(
        f"select {look.format(column='printed')} from (select ? as printed)", [text]
    ).fetchall()
    assert oracle.read_amount(printed)[:2] == oracle.read_amount(text)[:2], printed
