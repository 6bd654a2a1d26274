"""What explains a report agrees with trying every set of two cells, and tells what they should be."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from final_accounts.explaining.explain import Bounds
from final_accounts.explaining.explanations import COLUMNS, explanations_of
from final_accounts.explaining.slips import kind_of
from final_accounts.explaining.terms import Term
from scipy.optimize import linprog

BOUNDS = Bounds(changes=6, questions=2000, listed=10_000)
PLACE, HALF = 100, 50
ROWS, KINDS = ("201", "208", "total"), ("total", "basic", "project")

# Identities by name: cells (table, row, column) on the left and on the right, and whether the left may be less.
Sums = dict[str, tuple[list[tuple[str, str, str]], list[tuple[str, str, str]], bool]]


def sums() -> Sums:
    """Tables 03 and 05 with a total row and two classes, and table 01 with their totals."""
    found: Sums = {}
    for table in ("03", "05"):
        for row in ROWS:
            found[f"{table} row {row}"] = [(table, row, "total")], [(table, row, kind) for kind in KINDS[1:]], False
        for kind in KINDS:
            found[f"{table} sum {kind}"] = [(table, "total", kind)], [(table, row, kind) for row in ROWS[:2]], False
    for row in ROWS:
        found[f"tie {row}"] = [("01", row, "amount")], [("03", row, "total")], False
        found[f"part {row}"] = [("05", row, "total")], [("03", row, "total")], True
    return found


def report(wrong: int, seed: int) -> list[Term]:
    """A report that prints 100 units as one, rounded or cut, with so many wrong cells."""
    chance = random.Random(seed)
    is_cut = seed % 4 == 0
    true: dict[tuple[str, str, str], int] = {}
    for row in ROWS[:2]:
        for kind in KINDS[1:]:
            part = chance.choice((0, chance.randint(0, 90_000)))
            true["05", row, kind], true["03", row, kind] = part, part + chance.choice((0, chance.randint(0, 9_000)))
    for table in ("03", "05"):
        for row in ROWS[:2]:
            true[table, row, "total"] = true[table, row, "basic"] + true[table, row, "project"]
        for kind in KINDS:
            true[table, "total", kind] = sum(true[table, row, kind] for row in ROWS[:2])
    true |= {("01", row, "amount"): true["03", row, "total"] for row in ROWS}
    prints = {name: (value + (0 if is_cut else HALF)) // PLACE * PLACE for name, value in true.items()}
    for name in chance.sample(sorted(prints), wrong):
        prints[name] += chance.choice((-9_000, -700, 400, 3_000))
    return list(terms_of(prints, {name for name, value in true.items() if value == 0 and prints[name] == 0}))


def terms_of(prints: dict[tuple[str, str, str], int], blank: set[tuple[str, str, str]]) -> Iterator[Term]:
    """The terms of all sums, as the model has them."""
    numbers = {name: number for number, name in enumerate(sorted(prints), 1)}
    for instance_no, (left, right, is_at_most) in enumerate(sums().values(), 1):
        residual = sum(prints[name] for name in left) - sum(prints[name] for name in right)
        for name in [*left, *right]:
            text = None if name in blank else f"{prints[name] // PLACE}"
            half = 0 if name in blank else HALF
            yield Term(
                1, instance_no, numbers[name], *name, 1 if name in left else -1, text, name in blank, True,
                prints[name], half, half, PLACE, -residual, 0, is_at_most,
            )  # fmt: skip


def is_possible(terms: list[Term], changed: set[int], is_cut: bool) -> bool:
    """Asked of another solver, in true values."""
    cells = {term.cell_no: term for term in terms}
    columns = {cell: column for column, cell in enumerate(cells)}
    rows: dict[int, np.ndarray] = {}
    for term in terms:
        rows.setdefault(term.instance_no, np.zeros(len(cells)))[columns[term.cell_no]] += term.coefficient
    kinds = {term.instance_no: term.is_at_most for term in terms}
    bounds = [
        (None, None)
        if cell in changed
        else (term.value - (0 if is_cut else term.half), term.value + (2 if is_cut else 1) * term.half)
        for cell, term in cells.items()
    ]
    equal = [row for instance, row in rows.items() if not kinds[instance]]
    less = [row for instance, row in rows.items() if kinds[instance]]
    answer = linprog(
        np.zeros(len(cells)), A_ub=less, b_ub=np.zeros(len(less)), A_eq=equal, b_eq=np.zeros(len(equal)), bounds=bounds
    )
    return answer.status == 0


def tried(terms: list[Term], most: int) -> set[frozenset[int]]:
    """Every smallest set of at most so many cells, by trying all of them, rounded and cut."""
    cells = sorted({term.cell_no for term in terms})
    for size in range(most + 1):
        found = {
            frozenset(each)
            for each in combinations(cells, size)
            if is_possible(terms, set(each), is_cut=False) or is_possible(terms, set(each), is_cut=True)
        }
        if found:
            return found
    return set()


def explained(terms: list[Term], bounds: Bounds = BOUNDS) -> list[dict[str, object]]:
    """The rows that the model stores."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in explanations_of(terms, bounds)]


def sets_of(rows: list[dict[str, object]], terms: list[Term]) -> set[frozenset[int]]:
    """The cells of each explanation."""
    numbers = {(term.table_no, term.row_key, term.column_name): term.cell_no for term in terms}
    found: dict[object, set[int]] = {}
    for row in rows:
        if row["cell_no"]:
            found.setdefault(row["explanation_no"], set()).add(
                numbers[row["table_no"], row["row_key"], row["column_name"]]
            )
    return {frozenset(each) for each in found.values()} or {frozenset()}


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_every_set_of_two_cells_was_looked_at(wrong: int) -> None:
    """The search finds what trying all finds; a set of one more change beside it has slips only."""
    for seed in range(5):
        terms = report(wrong, seed)
        rows, smallest = explained(terms), tried(terms, 2)
        found = sets_of(rows, terms)
        size = min(map(len, found))
        assert {each for each in found if len(each) == size} == smallest, seed
        costs = {row["explanation_no"]: row["cost"] for row in rows if row["cells"] == size + 1}
        assert all(cost == size + 1 for cost in costs.values()), seed


def drifting() -> list[Term]:
    """One figure printed three times, each a place above the one before."""
    prints = {"01": 10_000, "03": 10_100, "05": 10_200}
    numbers = {table: number for number, table in enumerate(prints, 1)}
    return [
        Term(1, no, numbers[table], table, "total", "amount", sign, f"{prints[table] / 10_000:.2f}", False, True,
             prints[table], HALF, HALF, PLACE, prints[right] - prints[left], 0, False)
        for no, (left, right) in enumerate((("01", "03"), ("03", "05")), 1)
        for table, sign in ((left, 1), (right, -1))
    ]  # fmt: skip


def test_what_drifts_apart_has_two_explanations() -> None:
    """Either end, with the interval of its true value and what it should print."""
    rows = explained(drifting())
    assert [(row["explanations"], row["table_no"], row["proposed_text"]) for row in rows] == [
        (2, "01", "1.01"),
        (2, "05", "1.01"),
    ]


def test_a_search_that_may_not_ask_says_so() -> None:
    """And names nothing that it did not find."""
    (row,) = explained(drifting(), replace(BOUNDS, questions=0))
    assert (row["is_complete"], row["table_no"]) == (False, None)


def test_figures_that_no_department_has_are_not_searched() -> None:
    """They do not stop the other reports."""
    terms = [replace(term, miss=term.miss * 10**30 + 1, value=term.value + 10**24) for term in drifting()]
    assert [(row["is_complete"], row["table_no"]) for row in explained(terms)] == [(False, None)]


def test_what_only_many_changes_together_would_mend_is_meant_as_it_is_printed() -> None:
    """One source spent more than its budget, and all sums around it hold: nobody is blamed."""
    prints = {
        (row, column): value * PLACE
        for row, amounts in {"all": (510, 105, 405), "one": (460, 0, 460), "other": (50, 105, -55)}.items()
        for column, value in zip(("budget", "executed", "carried over"), amounts, strict=True)
    }
    rows, names = ("all", "one", "other"), ("budget", "executed", "carried over")
    asked = [([(row, "budget")], [(row, "executed"), (row, "carried over")], False) for row in rows]
    asked += [([("all", name)], [("one", name), ("other", name)], False) for name in names]
    asked += [([(row, "executed")], [(row, "budget")], True) for row in rows]
    numbers = {name: number for number, name in enumerate(prints, 1)}
    terms = [
        Term(1, no, numbers[name], "project", *name, sign, str(prints[name] // PLACE), False, True,
             prints[name], HALF, HALF, PLACE, sum(map(prints.get, right)) - sum(map(prints.get, left)), 0, is_at_most)
        for no, (left, right, is_at_most) in enumerate(asked, 1)
        for side, sign in ((left, 1), (right, -1))
        for name in side
    ]  # fmt: skip
    assert [(row["is_complete"], row["table_no"]) for row in explained(terms)] == [(True, None)]


@pytest.mark.parametrize(
    ("printed", "meant", "kind"),
    [
        (12345, 12445, "one_digit"),
        (12345, 21345, "swapped_digits"),
        (1245, 12345, "lost_digit"),
        (123345, 12345, "extra_digit"),
        (-12345, 12345, "sign"),
        (1234, 12345, "lost_digit"),
        (12345, 123450, "decimal_point"),
        (12345, 1235, "decimal_point"),
        (12345, 123450000, "unit_slip"),
        (None, 12345, "lost_cell"),
        (12345, 0, "extra_cell"),
        (12345, 54321, "other"),
        (12345, None, "unknown"),
    ],
)
def test_a_slip_is_called_what_it_is(printed: int | None, meant: int | None, kind: str) -> None:
    """From what was meant to what is printed."""
    assert kind_of(printed, meant) == kind
