"""Errors of structure: one slip that makes many cells wrong at once, and is told as one change.

Each is a guess of what was meant: another cell's print, or a cell's own in another unit; a row that is printed twice,
not at all, or under another code. What is left of a guess is checked like any report.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations, pairwise
from zlib import crc32

from final_accounts.explaining.terms import Term, broken_instances

# the units of amounts are 元, 千元, 万元, 亿元
UNITS = [Fraction(factor) for power in (10, 1_000, 10_000, 10**8) for factor in (power, Fraction(1, power))]
# the form of table 06 prints them before the others
PERSONNEL = ("301", "303")

Row = Mapping[str, Term]


@dataclass(frozen=True)
class Guess:
    """What was meant: of some cells another print, of some nobody knows; some are not printed."""

    kind: str
    prints: Mapping[int, Term] = field(default_factory=dict)
    lost: frozenset[int] = frozenset()
    added: tuple[Term, ...] = ()
    void: frozenset[int] = frozenset()  # sums that only the error made

    @property
    def cells(self) -> set[int]:
        """The printed cells of which it says something."""
        return self.prints.keys() | self.lost

    @property
    def cells_with_print(self) -> set[int]:
        """The cells of which it says what they should print."""
        return self.prints.keys() | {term.cell_no for term in self.added if term.cell_no < 0 and term.value}

    def applied(self, terms: Iterable[Term]) -> list[Term]:
        """The terms as they would be."""
        misses: Counter[int] = Counter()
        meant = []
        for term in terms:
            if term.instance_no not in self.void:
                own = self.prints.get(term.cell_no, term)
                misses[term.instance_no] -= term.coefficient * (own.value - term.value)
                meant.append(_printed_as(term, own))
        instances = {term.instance_no for term in meant}
        for term in self.added:
            # a sum within the row that is not printed has no number yet
            if term.instance_no in instances or term.instance_no < 0:
                misses[term.instance_no] -= term.coefficient * term.value
                meant.append(term)
        return [
            replace(term, miss=term.miss + misses[term.instance_no]) if misses[term.instance_no] else term
            for term in meant
        ]


def _printed_as(term: Term, other: Term) -> Term:
    if term is other:
        return term
    names = ("printed_text", "is_blank", "value", "half", "half_of_parts")
    return replace(term, **{name: getattr(other, name) for name in names})


def _blank(term: Term) -> Term:
    return replace(term, printed_text=None, is_blank=True, value=0, half=0, half_of_parts=0)


def guesses(terms: Sequence[Term]) -> Iterator[Guess]:
    """What would mend every broken sum of a part of a report, and break none by itself."""
    broken = broken_instances(terms)
    if not broken:
        return
    sums = _Sums(terms)
    for table in _tables(terms):
        sheet = _Sheet(table, sums, broken)
        absent = _Absent(sheet, sums)
        for guess in (*sheet.guesses(), *absent.guesses()):
            touched = sheet.instances_of(guess)
            if broken <= touched:
                # of a sum with a cell that may be anything, only the whole system says whether it can hold
                free = sheet.instances_at(guess.lost) | {
                    term.instance_no for term in guess.added if term.cell_no in guess.lost
                }
                some = [term for instance_no in touched - free for term in sums.terms.get(instance_no, ())]
                if not broken_instances(guess.applied(some)) - free:
                    yield guess


def _tables(terms: Iterable[Term]) -> Iterator[list[Term]]:
    tables: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        # those of a form, a text and the year before have longer names
        if len(term.table_no) == 2:
            tables[term.table_no].append(term)
    return iter(tables.values())


class _Sums:
    """The terms of each sum of a part of a report; sorted once, as every table asks for them."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms: dict[int, list[Term]] = defaultdict(list)
        for term in terms:
            self.terms[term.instance_no].append(term)
        # of a subject, in whichever tables
        self.in_one_row = [each for each in self.terms.values() if _is_one_row(each)]
        self.within_table: dict[str, list[Sequence[Term]]] = defaultdict(list)
        for each in self.terms.values():
            if len({term.table_no for term in each}) == 1:
                self.within_table[each[0].table_no].append(each)


class _Sheet:
    """The cells of one table as rows and columns, of a part of a report in which something is broken."""

    def __init__(self, terms: Sequence[Term], sums: _Sums, broken: set[int]) -> None:
        self.table_no, self.broken = terms[0].table_no, broken
        self.instances: dict[int, set[int]] = defaultdict(set)
        self.rows: dict[str, dict[str, Term]] = defaultdict(dict)
        for term in terms:
            self.instances[term.cell_no].add(term.instance_no)
            self.rows[term.row_key][term.column_name] = term
        # by sum in which nothing but one cell stands: its row
        self.alone = {term.instance_no: term.row_key for term in terms if len(sums.terms[term.instance_no]) == 1}
        self.columns = list(dict.fromkeys(column for row in self.rows.values() for column in row))
        codes = sorted((key[:3] not in PERSONNEL, key) for key in self.rows if key.isdigit())
        self.in_order = [self.rows[key] for _, key in codes]
        self.touched = [row for row in self.rows.values() if self.is_touched(row)]

    def is_touched(self, row: Row) -> bool:
        """Whether a sum is broken in which one of its cells stands."""
        return any(self.instances[term.cell_no] & self.broken for term in row.values())

    def instances_at(self, cells: Iterable[int]) -> set[int]:
        """The sums in which one of some cells stands."""
        return set().union(*(self.instances[cell] for cell in cells))

    def instances_of(self, guess: Guess) -> set[int]:
        """The sums of which a guess says something."""
        return self.instances_at(guess.cells) | {term.instance_no for term in guess.added} | guess.void

    def guesses(self) -> Iterator[Guess]:
        """What says something of printed cells only."""
        if not self.touched:
            return
        yield from self._in_another_unit()
        yield from self._swapped_columns()
        yield from self._swapped_rows()
        for row in self.touched:
            for left, right in combinations(sorted(row), 2):
                yield _exchanged("other_column", [(row[left], row[right])])
            yield from self._doubled(row)
        for columns in [self.columns, *([column] for column in self.columns if len(self.columns) > 1)]:
            yield from self._shifted(columns, self.in_order)
            yield from self._shifted(columns, self.in_order[::-1])

    def _in_another_unit(self) -> Iterator[Guess]:
        """All of a table, a row of it, or a column."""
        columns = [[row[column] for row in self.rows.values() if column in row] for column in self.columns]
        for cells in [
            [term for row in self.rows.values() for term in row.values()],
            *(list(row.values()) for row in self.touched),
            *columns,
        ]:
            terms = [term for term in cells if not term.is_blank]
            if len(terms) > 1 and self.broken <= self.instances_at(term.cell_no for term in terms):
                yield from _multiplied(terms)

    def _swapped_columns(self) -> Iterator[Guess]:
        for left, right in combinations(self.columns, 2):
            both = [row for row in self.rows.values() if left in row and right in row]
            yield _exchanged("swapped_columns", [(row[left], row[right]) for row in both])

    def _swapped_rows(self) -> Iterator[Guess]:
        filled = [row for row in self.rows.values() if _amounts(row)]
        own = {_key(row): self.instances_at(term.cell_no for term in row.values()) for row in self.rows.values()}
        for left in filled:
            left_broken = self.broken - own[_key(left)]
            for right in self.rows.values():
                is_once = not _amounts(right) or _key(left) < _key(right)
                if is_once and left_broken <= own[_key(right)]:
                    pairs = [(left[column], right[column]) for column in left.keys() & right.keys()]
                    yield _exchanged("swapped_rows" if _amounts(right) else "shifted_rows", pairs)

    def _doubled(self, row: Row) -> Iterator[Guess]:
        """A row that stands twice: the other is not what it would be the total of."""
        amounts = _amounts(row)
        for key, other in self.rows.items() if amounts else []:
            is_again = not _key(row).isdigit()
            if other is not row and amounts == _amounts(other) and key.isdigit() and (len(amounts) > 1 or is_again):
                void = frozenset(no for no, alone in self.alone.items() if alone in (key, _key(row)))
                yield Guess(
                    "doubled_row", {term.cell_no: _blank(term) for term in row.values() if term.value}, void=void
                )

    def _shifted(self, columns: Sequence[str], rows: Sequence[Row]) -> Iterator[Guess]:
        """Amounts a row too far: the first of the run is blank, what the last should print is lost."""
        for first in range(len(rows) - 1):
            if any(not rows[first][column].is_blank for column in columns if column in rows[first]):
                continue
            prints: dict[int, Term] = {}
            for row, after in pairwise(rows[first:]):
                prints |= {
                    row[column].cell_no: after[column]
                    for column in columns
                    if column in row and column in after and row[column].value != after[column].value
                }
                lost = frozenset(after[column].cell_no for column in columns if column in after)
                if prints and self.is_touched(row):
                    yield Guess("shifted_rows", dict(prints), lost)


def _amounts(row: Row) -> dict[str, int]:
    return {column: term.value for column, term in row.items() if term.value}


def _key(row: Row) -> str:
    return next(iter(row.values())).row_key


def _exchanged(kind: str, pairs: Iterable[tuple[Term, Term]]) -> Guess:
    prints: dict[int, Term] = {}
    for one, other in pairs:
        if one.value != other.value:
            prints |= {one.cell_no: other, other.cell_no: one}
    return Guess(kind, prints)


def _multiplied(terms: Sequence[Term]) -> Iterator[Guess]:
    """Cells in each other unit in which all of them are printed to their last place."""
    for factor in UNITS:
        if all((term.value * factor).denominator == 1 for term in terms):
            # what ends in zeros was rounded before it was multiplied
            is_rounded = all(term.value * factor % term.place == 0 for term in terms)
            yield Guess("other_unit", {term.cell_no: _scaled(term, factor, is_rounded) for term in terms})


def _scaled(term: Term, factor: Fraction, is_rounded: bool) -> Term:
    half, of_parts = (int(each * (1 if is_rounded else factor)) for each in (term.half, term.half_of_parts))
    return replace(term, value=int(term.value * factor), half=half, half_of_parts=of_parts)


class _Absent:
    """Rows that a table does not print: in which sums their cells would stand, as told by the rows that it prints."""

    def __init__(self, sheet: _Sheet, sums: _Sums) -> None:
        self.sheet, self.table_no = sheet, sheet.table_no
        own = sums.within_table[self.table_no]
        self.of_row = self._row_sums(own)
        # by cell of another table in the same row: the column and coefficient of ours beside it
        self.beside: dict[tuple[str, str, int], tuple[str, int]] = {}
        for each in sums.in_one_row:
            self._learn_beside(each)
        # by subject and column: the sum of what stands below it
        self.below: dict[tuple[str, str], Term] = {}
        for each in own:
            self._learn_below(each)
        # by subject that is not printed: the sums in which it would stand, each with column and coefficient
        self.ties: dict[str, list[tuple[str, int, Term]]] = defaultdict(list)
        for each in sums.in_one_row:
            beside = {self.beside.get(_place(term)) for term in each}
            key = each[0].row_key
            if len(beside) == 1 and None not in beside and key not in sheet.rows:
                self.ties[key].append((*beside.pop(), each[0]))

    def _learn_beside(self, each: Sequence[Term]) -> None:
        """Beside which cells of other tables one of ours stands."""
        own = [term for term in each if term.table_no == self.table_no]
        if len(own) == 1:
            for term in each:
                if term is not own[0]:
                    self.beside[_place(term)] = own[0].column_name, own[0].coefficient

    def _learn_below(self, each: Sequence[Term]) -> None:
        """Which sum adds up what stands below a subject."""
        if len({term.column_name for term in each}) == 1:
            (whole, *others) = sorted(each, key=lambda term: -term.coefficient)
            if whole.coefficient == 1 and any(_above(term.row_key) == whole.row_key for term in others):
                self.below[whole.row_key, whole.column_name] = whole

    def _row_sums(self, own: Iterable[Sequence[Term]]) -> list[Sequence[Term]]:
        """What must hold in a row by itself, as one row has it."""
        found: dict[frozenset[tuple[str, str, int]], Sequence[Term]] = {}
        for each in own:
            if len({term.row_key for term in each}) == 1 < len(each) and not each[0].is_at_most:
                found[frozenset(map(_place, each))] = each
        return list(found.values())

    def guesses(self) -> Iterator[Guess]:
        """A row is missing, or its amounts stand under another code."""
        broken = self.sheet.broken
        short = {key for (key, _), term in self.below.items() if term.instance_no in broken}
        known = {key for key, ties in self.ties.items() if any(term.instance_no in broken for *_, term in ties)}
        places = [*((key, True) for key in self.ties), *((key, False) for key in short)]
        # without those that leave something broken
        left = {place: broken - self._instances_of(*place) for place in places}
        for key, is_known in places:
            if not left[key, is_known] and (key in known or key not in map(_above, known)):
                yield from self._missing(key, is_known)
        for row in self.sheet.rows.values():
            yield from self._under_another_code(row, left)

    def _under_another_code(self, row: Row, left: dict[tuple[str, bool], set[int]]) -> Iterator[Guess]:
        """The amounts of a printed row are those of a row that is not: `left` is what each leaves broken by itself."""
        amounts = {column: term for column, term in row.items() if term.value}
        own = self.sheet.instances_at(term.cell_no for term in amounts.values())
        for place, still_broken in left.items() if amounts else ():
            if still_broken <= own:
                blank = {term.cell_no: _blank(term) for term in amounts.values()}
                yield Guess("other_code", blank, added=tuple(self._row(*place, amounts)))

    def _instances_of(self, key: str, is_known: bool) -> set[int]:
        """The printed sums in which a row that is not printed would stand."""
        above = _above(key) if is_known else key
        ties = {term.instance_no for *_, term in self.ties[key]} if is_known else set()
        return ties | {term.instance_no for (subject, _), term in self.below.items() if subject == above}

    def _missing(self, key: str, is_known: bool) -> Iterator[Guess]:
        added = tuple(self._row(key, is_known, {}))
        if len({term.column_name for term in added}) > 1 or len(self.sheet.columns) == 1:
            yield Guess("missing_row", lost=frozenset(term.cell_no for term in added if term.cell_no < 0), added=added)

    def _row(self, key: str, is_known: bool, values: Row) -> Iterator[Term]:
        """The terms of a row that is not printed, with the prints of another, by column."""
        usual = {column: row[column] for row in self.sheet.rows.values() for column in row}
        above = _above(key) if is_known else key

        def own(column: str, like: Term, coefficient: int) -> Term:
            cell = replace(
                _printed_as(_blank(usual[column]), values.get(column, _blank(usual[column]))),
                cell_no=_number(self.table_no, key, column), row_key=key, can_be_wrong=True,
            )  # fmt: skip
            return replace(
                cell, coefficient=coefficient, instance_no=like.instance_no,
                miss=like.miss, slack=like.slack, is_at_most=like.is_at_most,
            )  # fmt: skip

        for column in self.sheet.columns:
            if (above, column) in self.below:
                yield own(column, self.below[above, column], -1)
        for column, coefficient, term in self.ties[key] if is_known else []:
            yield own(column, term, coefficient)
        if is_known and not any(subject == above for subject, _ in self.below):
            # the only one below its subject is all of it
            for number, (column, term) in enumerate(self.sheet.rows.get(above, {}).items(), len(self.of_row) + 1):
                whole = replace(term, instance_no=-number, coefficient=1, miss=0, slack=0, is_at_most=False)
                yield from (whole, replace(own(column, whole, -1), instance_no=-number))
        for number, each in enumerate(self.of_row, 1):
            for term in each:
                yield replace(own(term.column_name, term, term.coefficient), instance_no=-number, miss=0, slack=0)


def _place(term: Term) -> tuple[str, str, int]:
    return term.table_no, term.column_name, term.coefficient


def _is_one_row(terms: Sequence[Term]) -> bool:
    return terms[0].row_key.isdigit() and all(term.row_key == terms[0].row_key for term in terms)


def _above(key: str) -> str:
    """The subject above: codes are prefixes."""
    return key[:-2] if len(key) > 3 else "total"


def _number(*place: str) -> int:
    """Of a cell that is not printed: below zero, where no cell has its own."""
    return -1 - crc32("/".join(place).encode())
