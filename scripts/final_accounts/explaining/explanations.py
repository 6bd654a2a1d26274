"""Which cells of a report are wrong: what the model int_explained_cells stores."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain, groupby

import duckdb

from final_accounts.explaining.blame import clusters_of
from final_accounts.explaining.explain import Bounds, Change, Cluster, Explained, Explanation, Printed, Report, together
from final_accounts.explaining.models import MILLIONTHS, Row, decimal
from final_accounts.explaining.slips import COSTS
from final_accounts.explaining.structure import Guess, guesses
from final_accounts.explaining.system import Cell, Identity, Key
from final_accounts.explaining.terms import Term, unit_of

ROWS_AT_ONCE = 100_000

COLUMNS = {
    "report_no": "bigint",
    "is_complete": "boolean",
    "explanation_no": "integer",
    "explanations": "integer",
    "cells": "integer",
    "cell_no": "integer",
    "cluster_no": "integer",
    "is_cluster_complete": "boolean",
    "table_no": "varchar",
    "row_key": "varchar",
    "column_name": "varchar",
    "printed_text": "varchar",
    "proposed_text": "varchar",
    "printed": "decimal(26, 6)",
    "proposed": "decimal(26, 6)",
    "lowest_print": "decimal(26, 6)",
    "highest_print": "decimal(26, 6)",
    "lowest": "decimal(26, 6)",
    "highest": "decimal(26, 6)",
    "error_kind": "varchar",
    "cost": "integer",
}


def explanations_of(terms: Sequence[Term], bounds: Bounds) -> Iterator[Row]:
    """The explanations of one report, cell by cell; a row without a cell where none was found."""
    unit, by_cell, explained = explain(terms, bounds)
    cluster_of = {key: (number, each) for number, each in enumerate(explained.clusters, 1) for key in each.cells}
    report_no = terms[0].report_no
    if not any(explanation.changes for explanation in explained.explanations):
        yield report_no, explained.is_complete, *[None] * (len(COLUMNS) - 2)
    texts = _Texts(terms)
    for number, explanation in enumerate(explained.explanations, 1):
        for cell_no, change in enumerate(explanation.changes, 1):
            term = by_cell[change.key]
            cluster_no, cluster = cluster_of[change.key]
            yield (
                report_no,
                explained.is_complete,
                number,
                explained.number,
                len(explanation.changes),
                cell_no,
                cluster_no,
                cluster.is_complete,
                term.table_no,
                term.row_key,
                term.column_name,
                term.printed_text,
                texts.text(term, change.figure),
                decimal(Fraction(term.value, MILLIONTHS)),
                *(_amount(each, term.place) for each in (change.figure, change.first, change.last)),
                _amount(change.lowest, unit),
                _amount(change.highest, unit),
                # what stands there too much is a row that stands there twice
                "doubled_row" if change.kind == "extra_cell" and term.row_key.startswith("repeated_") else change.kind,
                explanation.cost,
            )


def explain(terms: Sequence[Term], bounds: Bounds) -> tuple[int, dict[int, Term], Explained]:
    """What explains one report, in a unit that counts all of its amounts; with its cells, also those that it lacks."""
    unit, cells = unit_of(terms), {term.cell_no: term for term in terms}
    parts = list(_parts(terms))
    reports = [_part(part, unit) for part in parts]
    explained = [report.explained(replace(bounds, changes=1)) for report in reports]
    if sum(len(each.explanations[0].changes) if each.explanations else 2 for each in explained) > 1:
        # an error of structure may leave parts that have nothing to do with each other
        structural = _structurally_explained(list(chain(*parts)), unit, cells, bounds)
        if structural:
            return unit, cells, structural
    for number, part in enumerate(parts):
        if not explained[number].explanations:
            alone = _structurally_explained(part, unit, cells, bounds) if len(parts) > 1 else None
            explained[number] = alone or reports[number].explained(bounds)
    return unit, cells, together(explained, bounds.listed)


def _structurally_explained(
    part: Sequence[Term], unit: int, cells: dict[int, Term], bounds: Bounds
) -> Explained | None:
    """The errors of structure of which each explains all by itself; the cells that they add are told in `cells`."""
    found: dict[frozenset[tuple[Key, int | None]], Explanation] = {}
    for guess in guesses(part):
        explanation = _structural(part, guess, unit)
        if explanation:
            found.setdefault(explanation.meant, explanation)
            cells.update({term.cell_no: term for term in guess.added})
    # of two that tell the same, the one that tells less
    found = {meant: each for meant, each in found.items() if not any(other < meant for other in found)}
    if not found:
        return None
    clusters = clusters_of([each.keys for each in found.values()], frozenset())
    return Explained(
        sorted(found.values(), key=lambda each: each.cost)[: bounds.listed],
        len(found),
        is_complete=True,
        clusters=[Cluster(each, is_complete=True) for each in clusters],
    )


def _structural(part: Sequence[Term], guess: Guess, unit: int) -> Explanation | None:
    """A guess as an explanation, if all that it leaves is possible together."""
    meant = guess.applied(part)
    own_unit = unit_of(meant)
    lost = _part(meant, own_unit).completed(guess.lost)
    if lost is None:
        return None
    known = {term.cell_no: term for term in meant if term.cell_no in guess.cells_with_print}
    changes = [_meant(term, guess, unit) for term in known.values()]
    if guess.kind == "missing_row" and any((change.figure or 0) < 0 for change in lost.changes):
        return None
    for change in lost.changes:
        if change.figure != 0:
            ends = (None if end is None else end * own_unit / unit for end in (change.lowest, change.highest))
            changes.append(Change(change.key, *ends, change.first, change.last, change.figure, guess.kind, 0))
    if not changes:
        return None
    # one slip made them all
    first, *others = sorted(changes, key=lambda change: change.key)
    return Explanation((replace(first, cost=COSTS[guess.kind]), *others))


def _meant(term: Term, guess: Guess, unit: int) -> Change:
    """What a cell was meant to print."""
    ends = Fraction(term.value - term.half, unit), Fraction(term.value + term.half, unit)
    figure = round(Fraction(term.value, term.place))
    return Change(term.cell_no, *ends, figure, figure, figure, guess.kind, 0)


def _amount(value: Fraction | int | None, unit: int) -> Decimal | None:
    return None if value is None else decimal(Fraction(value * unit, MILLIONTHS))


def _parts(terms: Sequence[Term]) -> Iterator[list[Term]]:
    """The terms in groups that share no cell; without those that hold as they are printed."""
    parent: dict[int, int] = {}  # of each cell; the root stands for its part

    def root(cell: int) -> int:
        while parent.setdefault(cell, cell) != cell:
            # each step makes the way half as long
            parent[cell] = cell = parent[parent[cell]]
        return cell

    instances = [list(group) for _, group in groupby(terms, key=lambda term: term.instance_no)]
    for first, *others in instances:
        for other in others:
            parent[root(other.cell_no)] = root(first.cell_no)
    parts: dict[int, list[Term]] = defaultdict(list)
    for of_instance in instances:
        parts[root(of_instance[0].cell_no)] += of_instance
    for part in parts.values():
        if any(term.miss < 0 or (term.miss > 0 and not term.is_at_most) for term in part):
            yield part


def _part(terms: Sequence[Term], unit: int) -> Report:
    printed: dict[int, Printed] = {}
    sums: dict[int, Counter[int]] = defaultdict(Counter)
    instances: dict[int, Term] = {}
    for term in terms:
        half = term.half // unit
        if term.cell_no not in printed or printed[term.cell_no].half < half:
            printed[term.cell_no] = Printed(
                term.cell_no,
                term.value // unit,
                half,
                term.half_of_parts // unit,
                max(term.place // unit, 1),
                term.is_blank,
                term.can_be_wrong,
            )
        sums[term.instance_no][term.cell_no] += term.coefficient
        instances[term.instance_no] = term
    slacks = [
        Cell(-term.instance_no, -term.slack // unit, term.slack // unit, can_be_wrong=False)
        for term in instances.values()
        if term.slack
    ]
    identities = [
        Identity(
            number,
            {key: factor for key, factor in sums[number].items() if factor} | ({-number: 1} if term.slack else {}),
            term.miss // unit,
            term.is_at_most,
        )
        for number, term in instances.items()
    ]
    return Report(printed.values(), slacks, identities)


class _Texts:
    """How the tables of a report print figures."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.decimals: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
        self.separators: dict[str, bool] = defaultdict(bool)
        for term in terms:
            # zeros may be left off at the end
            if term.printed_text and not term.is_blank and _decimals(term.printed_text):
                self.decimals[term.table_no, term.place][_decimals(term.printed_text)] += 1
            self.separators[term.table_no] |= "," in (term.printed_text or "")

    def text(self, term: Term, figure: int | None) -> str | None:
        """A figure, counted in the last place of a cell, as the cell would print it."""
        if figure is None:
            return None
        # a text prints each figure in its own way
        own = [_decimals(term.printed_text or "")] if term.table_no == "narrative" else []
        usual = [decimals for decimals, _ in self.decimals[term.table_no, term.place].most_common(1)]
        decimals = next(iter([*own, *usual]), 0)
        digits = str(abs(figure)).rjust(decimals + 1, "0")
        whole, part = (digits[:-decimals], f".{digits[-decimals:]}") if decimals else (digits, "")
        whole = f"{int(whole):,}" if self.separators[term.table_no] else whole
        return f"{'-' if figure < 0 else ''}{whole}{part}"


def _decimals(text: str) -> int:
    return len(text.replace("．", ".").partition(".")[2])


def reports_of(connection: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation) -> Iterator[list[Term]]:
    """The terms of each report of a relation of a connection, which has the columns of int_explained_terms.

    The connection can be asked nothing else until the last of them.
    """
    # of a connection, as relations give their rows only at once from DuckDB 2 on
    result = connection.execute(relation.order("report_no, instance_no, cell_no").sql_query())
    rows = chain.from_iterable(iter(lambda: result.fetchmany(ROWS_AT_ONCE), []))
    for _, terms in groupby((_term(row) for row in rows), key=lambda term: term.report_no):
        yield list(terms)


def _term(row: Row) -> Term:
    return Term(*(int(each) if isinstance(each, Decimal) else each for each in row))
