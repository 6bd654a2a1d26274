"""Asks the identities about freshly read reports, all of a batch in one build of a database of its own.

The rows are added to those of seeds/ (a report that is there already is replaced in the copy), the models run as for
the warehouse, and what they say about each report and cell is returned. Nothing of the project is changed.
"""

import logging
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from final_accounts.landing.contract import Contract
from final_accounts.registry import TABLE_NAMES
from final_accounts.warehouse.paths import PUBLISHED

log = logging.getLogger("ingest")
# How the contract ends a sentence about a text in a column of whole numbers.
_NO_NUMBER = re.compile("expected a whole number$").search
_CELLS = """
with terms as (
    select
        terms.report_id,
        terms.table_no,
        terms.row_key,
        terms.column_name,
        count(*) filter (
            where results.status in ('exact', 'rounding', 'truncated', 'summed_parts', 'blank_zeros')
        ) as holding,
        count(*) filter (where results.status = 'exact') as exact,
        count(*) filter (where results.status = 'broken' and results.severity = 'fatal') as broken,
        count(*) filter (where results.status = 'broken' and results.severity = 'error') as contradicted
    from intermediate.int_identity_terms as terms
    inner join quality.fct_identity_results as results
        on terms.report_no = results.report_no and terms.instance_no = results.instance_no
    where terms.report_id in (select unnest($reports))
    group by all
)
select
    cells.report_id, cells.table_no, cast(cells.row_no as varchar), cells.row_key, cells.column_name,
    cells.printed_text, cells.cell_status,
    coalesce(terms.holding, 0), coalesce(terms.broken, 0), coalesce(terms.contradicted, 0),
    coalesce(
        explained.proposed_text,
        -- in hundredths of the report's unit, without a division that is no exact number
        cast(
            cast(suspects.proposed_value * 100 as hugeint) // cast(reports.amount_unit_yuan as hugeint) * 0.01
            as varchar
        )
    ),
    coalesce(terms.exact, 0), coalesce(suspects.suspects_in_cluster, 0)
from quality.fct_report_cells as cells
left join terms
    on cells.report_id = terms.report_id and cells.table_no = terms.table_no
    and cells.row_key = terms.row_key and cells.column_name = terms.column_name
left join (
    select * from quality.fct_suspect_cells
    qualify row_number() over (
        partition by report_id, table_no, row_key, column_name order by severity desc, suspect_rank
    ) = 1
) as suspects
    on cells.report_id = suspects.report_id and cells.table_no = suspects.table_no
    and cells.row_key = suspects.row_key and cells.column_name = suspects.column_name
left join (
    select * from quality.fct_explanations
    qualify row_number() over (partition by report_id, table_no, row_key, column_name order by explanation_no) = 1
) as explained
    on suspects.report_id = explained.report_id and suspects.table_no = explained.table_no
    and suspects.row_key = explained.row_key and suspects.column_name = explained.column_name
inner join staging.stg_accounts__reports as reports
    on cells.report_id = reports.report_id
where cells.report_id in (select unnest($reports))
"""

# An instance of the narrative is the number of a figure or of a statement: its place in print says more. Which reports
# are read at the same time says nothing of one: what it has first is no remark.
_BROKEN = """
select
    results.report_id, results.severity, results.identity_id, identities.title,
    concat_ws(
        ' ',
        'page ' || coalesce(paragraphs.page_no, projects.page_from) || ':',
        coalesce(
            claims.subject || ' ' || coalesce(claims.value_text, '') || claims.unit,
            case when identities.family = 'form' then 'form ' || results.instance_key end,
            case when paragraphs.report_id is null then nullif(results.instance_key, '') end
        )
    ),
    results.reason
from quality.fct_identity_results as results
inner join raw.identities as identities on results.identity_id = identities.identity_id
left join staging.stg_accounts__narrative_claims as claims
    on results.report_id = claims.report_id and results.instance_key = cast(claims.claim_no as varchar)
    and identities.judged = 'claim'
left join staging.stg_accounts__narrative_mentions as mentions
    on results.report_id = mentions.report_id and results.instance_key = cast(mentions.mention_no as varchar)
    and results.identity_id = 'n_comparison'
left join staging.stg_accounts__narrative_paragraphs as paragraphs
    on results.report_id = paragraphs.report_id
    and coalesce(
        claims.paragraph_no, mentions.paragraph_no,
        case
            when results.identity_id in ('n_named_account', 'n_unfinished')
                then try_cast(split_part(results.instance_key, ':', 1) as integer)
        end
    ) = paragraphs.paragraph_no
left join staging.stg_accounts__projects as projects
    on results.report_id = projects.report_id and identities.family = 'form'
    and split_part(results.instance_key, '/', 1) = cast(projects.project_no as varchar)
where results.status = 'broken' and results.identity_id <> 's_first_seen'
    and results.report_id in (select unnest($reports))
order by
    results.report_id, results.severity desc, identities.title,
    try_cast(results.instance_key as integer), results.instance_key
"""
# A digit too many or too few at the end of an amount shows in no sum: whoever sees one must look whether it was read.
_DOUBTS_THE_READING = "s_decimals"
_PLACES_SHOWN = 3

_REJECTED = """
select report_id, raw_table, cast(row_no as varchar), column_name, printed_text, problem
from quality.fct_rejected_cells
where report_id in (select unnest($reports))
order by all
"""


# What would mend everything that breaks, the likeliest first: cells that are read, each with what it should be.
_EXPLANATIONS = """
select
    explained.report_id, explained.explanation_no, cells.table_no, cast(cells.row_no as varchar), cells.column_name,
    explained.proposed_text
from quality.fct_explanations as explained
left join quality.fct_report_cells as cells
    on explained.report_id = cells.report_id and explained.table_no = cells.table_no
    and explained.row_key = cells.row_key and explained.column_name = cells.column_name
where explained.report_id in (select unnest($reports)) and explained.explanation_no <= 10
    -- what the text says otherwise is the publisher's
    and explained.table_no <> 'narrative'
qualify bool_and(cells.row_no is not null and explained.proposed_text is not null)
    over (partition by explained.report_id, explained.explanation_no)
order by explained.report_id, explained.explanation_no, explained.cell_no
"""


@dataclass
class CellVerdict:
    """What the identities say of one amount cell."""

    status: str
    holding: int
    broken: int
    contradicted: int
    proposed: str | None = None
    exact: int = 0
    suspects: int = 0  # cells of its cluster: one is blamed, of several some are wrong

    @property
    def is_exact(self) -> bool:
        """Whether its very digits are held: a rounding difference would hide a digit that was misread."""
        return self.broken == 0 and self.exact > 0

    @property
    def is_proved(self) -> bool:
        """Whether identities hold the cell and no table breaks over it; a blank cell needs only the second.

        What text and forms say otherwise is the publisher's: the cell was read as it is printed all the same.
        """
        return self.broken == 0 and (self.holding > 0 or self.status != "amount")


@dataclass
class Verdict:
    """What the identities say of one report.

    `broken` makes the reading doubtful, `contradictions` are the publisher's, `remarks` are habits of print; each of
    the `explanations` would mend it: cells by table, row and column, and what they should be.
    """

    cells: dict[tuple[str, str, str], CellVerdict] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    contract: list[str] = field(default_factory=list)
    explanations: list[list[tuple[str, ...]]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def amounts(self) -> int:
        """How many cells hold an amount."""
        return sum(1 for cell in self.cells.values() if cell.status == "amount")

    @property
    def proved_amounts(self) -> int:
        """How many of them are proved."""
        return sum(1 for cell in self.cells.values() if cell.status == "amount" and cell.is_proved)

    def open_points(self, seen: frozenset[tuple[str, str, str]] = frozenset()) -> list[str]:
        """Sentences about everything that is not proved; others speak of cells `seen` on a picture."""
        points = [f"contract: {problem}" for problem in self.contract]
        points += [f"not an amount: {text}" for text in self.rejected]
        points += [f"an identity breaks: {text}" for text in self.broken]
        points += self.lost
        for (table_no, row_no, column), cell in sorted(self.cells.items(), key=lambda own: (own[0][0], int(own[0][1]))):
            is_alone = cell.status == "amount" and not cell.holding and not cell.broken
            if is_alone and (table_no, row_no, column) not in seen:
                points.append(f"table {table_no}, row {row_no}, {column}: no identity holds this amount")
        return points


def prove(batch: dict[str, dict[str, list[dict[str, str]]]], work: Path | None = None) -> dict[str, Verdict]:
    """What the identities say of each report of a batch of raw rows, by report_id.

    `work` is a folder for the database; without one a temporary folder is used and removed.
    """
    folder = Path(tempfile.mkdtemp(prefix="proving-")) if work is None else work
    try:
        return _prove(batch, folder / PUBLISHED.name)
    finally:
        if work is None:
            shutil.rmtree(folder, ignore_errors=True)


def _prove(batch: dict[str, dict[str, list[dict[str, str]]]], database: Path) -> dict[str, Verdict]:
    database.unlink(missing_ok=True)
    contract = Contract(database)
    verdicts = {report_id: Verdict() for report_id in batch}
    with duckdb.connect(str(database)) as connection:
        add_rows(connection, batch)
        for report_id, problem in contract.problems(connection):
            if report_id in verdicts:
                verdicts[report_id].contract.append(problem)
        # a text where the models take a whole number for granted would stop the proof of all reports
        _take_out(connection, [r for r, verdict in verdicts.items() if any(map(_NO_NUMBER, verdict.contract))], batch)
        try:
            contract.prepared.fill(connection)
        except duckdb.Error as error:
            log.info("the models cannot be built: %s", error)
        else:
            _collect(connection, verdicts)
            return _with_what_was_lost(verdicts, batch)
    return verdicts | _without_the_unbuildable(batch, verdicts, database)


def _with_what_was_lost(
    verdicts: dict[str, Verdict], batch: dict[str, dict[str, list[dict[str, str]]]]
) -> dict[str, Verdict]:
    for report_id, verdict in verdicts.items():
        verdict.lost = list(_lost(batch[report_id], verdict))
    return verdicts


def _without_the_unbuildable(
    batch: dict[str, dict[str, list[dict[str, str]]]], verdicts: dict[str, Verdict], database: Path
) -> dict[str, Verdict]:
    """Verdicts of a batch over which the models cannot be built: one misread report must not end the others' proof.

    Reports that break the contract are left out first; where none does, each half is tried by itself.
    """
    rest = [report_id for report_id in batch if not verdicts[report_id].contract]
    if len(batch) == 1:
        (verdict,) = verdicts.values()
        verdict.contract = verdict.contract or ["the models cannot be built over what was read of this report"]
        return verdicts
    parts = [rest] if len(rest) < len(batch) else [rest[: len(rest) // 2], rest[len(rest) // 2 :]]
    log.info("the models cannot be built over all %d reports together: proving them in parts", len(batch))
    found: dict[str, Verdict] = {}
    for part in filter(None, parts):
        found |= _prove({report_id: batch[report_id] for report_id in part}, database)
    return found


def add_rows(connection: duckdb.DuckDBPyConnection, batch: dict[str, dict[str, list[dict[str, str]]]]) -> None:
    """Puts the raw rows of a batch into a database that holds the seeds; a report that is there is replaced."""
    names = sorted({name for rows in batch.values() for name in rows})
    for name in names:
        connection.execute(f"delete from raw.{name} where report_id in (select unnest($1))", [list(batch)])  # noqa: S608
        rows = [row for tables in batch.values() for row in tables.get(name, [])]
        if rows:
            columns = list(rows[0])
            connection.execute(
                f"insert into raw.{name} ({', '.join(columns)}) "
                f"select {', '.join('unnest($' + str(n) + ')' for n in range(1, len(columns) + 1))}",
                [[row[column] for row in rows] for column in columns],
            )


def _take_out(
    connection: duckdb.DuckDBPyConnection, report_ids: list[str], batch: dict[str, dict[str, list[dict[str, str]]]]
) -> None:
    """Removes the rows of some reports of a batch."""
    for name in sorted({name for rows in batch.values() for name in rows}):
        connection.execute(f"delete from raw.{name} where report_id in (select unnest($1))", [report_ids])  # noqa: S608


def _collect(connection: duckdb.DuckDBPyConnection, verdicts: dict[str, Verdict]) -> None:
    reports = {"reports": list(verdicts)}
    for row in connection.execute(_CELLS, reports).fetchall():
        report_id, table_no, row_no, _, column, _, *verdict = row
        verdicts[report_id].cells[table_no, row_no, column] = CellVerdict(*verdict)
    findings: dict[tuple[str, ...], list[str]] = {}
    for report_id, severity, identity_id, title, place, reason in connection.execute(_BROKEN, reports).fetchall():
        findings.setdefault((report_id, severity, identity_id, title, reason), []).append(place)
    for (report_id, severity, identity_id, title, reason), places in findings.items():
        verdict = verdicts[report_id]
        text = f"{title}{_in_brackets(places)}: {reason}"
        if severity == "fatal" or identity_id == _DOUBTS_THE_READING:
            verdict.broken.append(text)
        elif severity == "error":
            verdict.contradictions.append(text)
        else:
            verdict.remarks.append(text)
    explained: dict[tuple[str, int], list[tuple[str, ...]]] = {}
    for report_id, number, *cell in connection.execute(_EXPLANATIONS, reports).fetchall():
        explained.setdefault((report_id, number), []).append(tuple(cell))
    for (report_id, _), cells in explained.items():
        verdicts[report_id].explanations.append(cells)
    for report_id, table, row_no, column, text, problem in connection.execute(_REJECTED, reports).fetchall():
        verdicts[report_id].rejected.append(f"{table}, row {row_no}, {column}: «{text}», {problem}")


def _in_brackets(places: list[str]) -> str:
    """Where a finding stands in print; what is the same in many places is one finding."""
    said = [place for place in places if place]
    more = f", and {len(said) - _PLACES_SHOWN} more" if len(said) > _PLACES_SHOWN else ""
    return f" ({'; '.join(said[:_PLACES_SHOWN])}{more})" if said else ""


def _lost(rows: dict[str, list[dict[str, str]]], verdict: Verdict) -> Iterable[str]:
    """Printed amounts that the ledger does not have: no identity can have asked about them."""
    from final_accounts.ingest.layouts import tables

    known: dict[tuple[str, str], set[str]] = {}
    for table_no, row_no, column in verdict.cells:
        known.setdefault((table_no, row_no), set()).add(column)
    for table_no, name in TABLE_NAMES.items():
        for row in rows.get(name, []):
            for column in tables()[table_no].amounts:
                if row[column] and column not in known.get((table_no, row["row_no"]), set()):
                    cell = f"table {table_no}, row {row['row_no']}, {column}"
                    yield f"{cell}: «{row[column]}» is in no row that the warehouse knows"
