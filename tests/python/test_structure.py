"""An error of structure is told as the one change that it is: what happened, and what each of its cells should be."""

from collections.abc import Callable, Iterator

import pytest
from final_accounts.explaining.explain import Bounds
from final_accounts.explaining.explanations import COLUMNS, explanations_of
from final_accounts.explaining.terms import Term

BOUNDS = Bounds(changes=6, questions=600, listed=40)
PLACE, HALF = 100, 50
KINDS = ("total", "basic", "project")
ITEMS = {
    "2010101": (12_341, 2_110), "2010102": (734, 0), "2010301": (881, 5_520), "2080101": (9_125, 17),
    "2080102": (4_461, 393), "2100101": (318, 1_207),
}  # fmt: skip

# what each cell of tables 03 and 05 prints, by table, row and column
Prints = dict[tuple[str, str, str], int]


def parents(key: str) -> Iterator[str]:
    """A subject, those above it and the total row."""
    yield from (key, key[:5], key[:3], "total")


def clean() -> Prints:
    """Table 05, and table 03 with something more in two items."""
    prints: Prints = {}
    for key, (basic, project) in ITEMS.items():
        more = {"2080102": 41, "2010301": 7}.get(key, 0)
        for table, amounts in (("05", (basic, project)), ("03", (basic + more, project))):
            for kind, amount in zip(KINDS, (sum(amounts), *amounts), strict=True):
                for row in parents(key):
                    prints[table, row, kind] = prints.get((table, row, kind), 0) + amount
    for table, other in (("01", "03"), ("04", "05")):
        prints |= {(table, row, "amount"): prints[other, row, "total"] for row in ("201", "208", "210")}
    return prints


def sums(prints: Prints) -> Iterator[tuple[list[tuple[str, str, str]], list[tuple[str, str, str]], bool]]:
    """What must hold, as far as rows are printed: left, right, and whether the left may be less."""
    for table in ("03", "05"):
        rows = dict.fromkeys(row for own, row, _ in prints if own == table)
        for row in rows:
            yield [(table, row, "total")], [(table, row, kind) for kind in KINDS[1:]], False
            below = [each for each in rows if each != row and above(each) == row]
            for kind in KINDS if below else ():
                yield [(table, row, kind)], [(table, each, kind) for each in below], False
    for row in ("201", "208", "210"):
        yield [("01", row, "amount")], [("03", row, "total")], False
        yield [("04", row, "amount")], [("05", row, "total")], False
    for row in dict.fromkeys(row for table, row, _ in prints if table == "05"):
        for kind in KINDS:
            yield [("05", row, kind)], [("03", row, kind)] if ("03", row, kind) in prints else [], True


def above(row: str) -> str:
    """The subject above, also of a row that stands there once more."""
    code = row.removeprefix("repeated_")
    return "total" if len(code) == 3 else code[:-2] if row == code else code[:5]


def terms_of(prints: Prints) -> list[Term]:
    """The terms of all sums, as the model has them; zero is blank."""
    numbers = {place: number for number, place in enumerate(sorted(prints), 1)}
    return [
        Term(
            1, instance_no, numbers[place], *place, 1 if place in left else -1, f"{prints[place] / 100:.2f}",
            prints[place] == 0, True, prints[place] * PLACE, HALF if prints[place] else 0, HALF if prints[place] else 0,
            PLACE, PLACE * (sum(prints[each] for each in right) - sum(prints[each] for each in left)), 0, is_at_most,
        )
        for instance_no, (left, right, is_at_most) in enumerate(sums(prints), 1)
        for place in [*left, *right]
    ]  # fmt: skip


def unit(prints: Prints) -> None:
    """All of table 05 in yuan."""
    prints |= {place: value * 10_000 for place, value in prints.items() if place[0] == "05"}


def unit_of_a_row(prints: Prints) -> None:
    """One row in yuan."""
    prints |= {place: value * 10_000 for place, value in prints.items() if place[:2] == ("03", "2080101")}


def columns(prints: Prints) -> None:
    """Total and project of table 05 exchanged."""
    other = {"basic": "basic", "project": "total", "total": "project"}
    prints |= {("05", row, other[kind]): value for (table, row, kind), value in prints.items() if table == "05"}


def rows(prints: Prints) -> None:
    """Two items exchanged."""
    one, two = ({("03", row, kind): prints["03", row, kind] for kind in KINDS} for row in ("2010101", "2100101"))
    prints |= {("03", "2100101", kind): value for (_, _, kind), value in one.items()}
    prints |= {("03", "2010101", kind): value for (_, _, kind), value in two.items()}


def run(prints: Prints) -> None:
    """The amounts of three rows one row too low: the first is blank."""
    run_of = ("20101", "2010101", "2010102", "20103")
    before = [[prints["03", row, kind] for kind in KINDS] for row in run_of]
    for row, amounts in zip(run_of, [(0, 0, 0), *before], strict=False):
        prints |= {("03", row, kind): amount for kind, amount in zip(KINDS, amounts, strict=True)}


def run_of_a_column(prints: Prints) -> None:
    """One column a row too low from some row on."""
    run_of = ("208", "20801", "2080101", "2080102")
    before = [prints["03", row, "basic"] for row in run_of]
    prints |= {("03", row, "basic"): value for row, value in zip(run_of, [0, *before], strict=False)}


def column(prints: Prints) -> None:
    """An amount in the column beside its own."""
    prints |= {("03", "2010102", "project"): prints["03", "2010102", "basic"], ("03", "2010102", "basic"): 0}


def doubled(prints: Prints) -> None:
    """A row that stands there twice."""
    prints |= {("03", "repeated_2080101", kind): prints["03", "2080101", kind] for kind in KINDS}


def missing(prints: Prints) -> None:
    """An item that table 05 leaves out, which table 03 names."""
    for kind in KINDS:
        del prints["05", "2080101", kind]


def missing_child(prints: Prints) -> None:
    """The only item of its section."""
    for kind in KINDS:
        del prints["03", "2100101", kind]


def code(prints: Prints) -> None:
    """An item under the code of another section."""
    for kind in KINDS:
        prints["03", "2010309", kind] = prints.pop(("03", "2080101", kind))


@pytest.mark.parametrize(
    ("error", "kind", "rows_told"),
    [
        (unit, "other_unit", None),
        (unit_of_a_row, "other_unit", {"2080101"}),
        (columns, "swapped_columns", None),
        (rows, "swapped_rows", {"2010101", "2100101"}),
        (run, "shifted_rows", {"20101", "2010101", "2010102", "20103"}),
        (run_of_a_column, "shifted_rows", {"208", "2080101", "2080102"}),
        (column, "other_column", {"2010102"}),
        (doubled, "doubled_row", {"repeated_2080101"}),
        (missing_child, "missing_row", {"2100101"}),
        (code, "other_code", {"2010309", "2080101"}),
    ],
)
def test_an_error_of_structure_is_called_what_it_is(
    error: Callable[[Prints], None], kind: str, rows_told: set[str] | None
) -> None:
    """The one explanation, of which every cell gets back what it printed before."""
    prints = clean()
    true = dict(prints)
    error(prints)
    found = [dict(zip(COLUMNS, row, strict=True)) for row in explanations_of(terms_of(prints), BOUNDS)]
    assert {(row["error_kind"], row["explanations"]) for row in found} == {(kind, 1)}
    assert rows_told is None or {row["row_key"] for row in found} == rows_told
    meant = {(row["table_no"], row["row_key"], row["column_name"]): row["proposed"] for row in found}
    assert {place: value * 10_000 for place, value in meant.items()} == {place: true.get(place, 0) for place in meant}


def test_a_clean_report_has_no_error_of_structure() -> None:
    """What each is made of explains nothing by itself."""
    found = [dict(zip(COLUMNS, row, strict=True)) for row in explanations_of(terms_of(clean()), BOUNDS)]
    assert [row["error_kind"] for row in found] == [None]
