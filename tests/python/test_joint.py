"""Sums that hold one by one are asked together, of many reports at once."""

import numpy as np
import pytest
from final_accounts.explaining.conflicts import conflicts_of

HALF = 50_000_000


def numbers(reports: dict[int, list[tuple[int, list[tuple[int, int]], int]]]) -> dict[str, np.ndarray]:
    """The columns of int_joint_sums: by report its instances, each with its cells, coefficients and what it misses."""
    rows = [
        (report, instance, cell, coefficient, HALF, HALF, 1, miss * 2 * HALF, 0, False)
        for report, instances in reports.items()
        for instance, terms, miss in instances
        for cell, coefficient in terms
    ]
    names = (
        "report_no", "instance_no", "cell_no", "coefficient", "half_unit", "half_of_parts", "sign", "miss", "slack",
        "is_at_most",
    )  # fmt: skip
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


# one figure printed three times: each pair of neighbours is a place apart
DRIFTING = [(1, [(1, 1), (2, -1)], 1), (2, [(2, 1), (3, -1)], 1)]
AGREEING = [(1, [(1, 1), (2, -1)], 1), (2, [(2, 1), (3, -1)], -1)]
# a whole one place above its parts, twice: rounded it cannot be, cut it can
CUT = [(1, [(1, 1), (2, -1), (3, -1)], -1), (2, [(4, 1), (1, -1), (5, -1)], -1), (3, [(4, 1), (6, -1)], 0)]


@pytest.mark.parametrize("place", [0, 7, 24])
def test_the_one_report_that_is_impossible_is_found_among_others(place: int) -> None:
    """Wherever it stands, with the identities that cannot hold together and how far they are apart."""
    reports = {number: DRIFTING if number == place else AGREEING for number in range(25)}
    found = list(conflicts_of(numbers(reports)))
    assert [(report, instance) for report, _, instance, _, _ in found] == [(place, 1), (place, 2)]
    assert {(abs(times), apart) for _, _, _, times, apart in found} == {(1, 100)}


def test_what_cutting_explains_is_no_conflict() -> None:
    """Nor what rounding does."""
    assert list(conflicts_of(numbers({1: CUT, 2: AGREEING}))) == []


def test_what_sums_of_rounded_parts_explain_is_no_conflict() -> None:
    """The last print is a total of three rounded parts; where the report prints so, the three prints agree."""
    drifting = numbers({1: DRIFTING})
    drifting["half_of_parts"] = np.where(drifting["cell_no"] == 3, 3 * HALF, HALF)
    assert list(conflicts_of(drifting)) == []


def test_a_row_that_is_printed_twice_does_not_stop_the_others() -> None:
    """Its cells stand twice in one sum."""
    twice = [(1, [(1, 1), (1, 1), (2, -1)], 0)]
    assert {report for report, *_ in conflicts_of(numbers({1: twice, 2: DRIFTING, 3: AGREEING}))} == {2}


def test_nothing_is_asked_of_no_reports() -> None:
    """A build may have only reports that print what adds up exactly."""
    empty = {name: column[:0] for name, column in numbers({1: AGREEING}).items()}
    assert list(conflicts_of(empty)) == []
