"""Asks a release: each number with the printed cell that it comes from, what the proof says of it, and what is unknown.

The file is opened read-only, may touch nothing else, and every question has a limit of rows and of time.
"""

import math
import re
import threading
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, Self
from urllib.parse import quote

import duckdb

from final_accounts.asking.findings import Finding, Place, counted, findings_of, sentence_with
from final_accounts.asking.words import EN, ZH, Names
from final_accounts.release.audit import READ_ONLY_SETTINGS
from final_accounts.release.personal import fitted, has_personal_data
from final_accounts.site import queries
from final_accounts.site.pages import page_name

ROWS, MOST_ROWS, SECONDS, LONGEST_TEXT, LONGEST_ANSWER = 50, 1000, 10.0, 2000, 200_000
MOST_CHANGES = 20
# What the proof says of a figure of the text or of a form, by its state.
PROOFS = {
    "rejected": "unreadable",
    "suspect": "blamed",
    "broken": "part of a contradiction",
    "waived": "waived",
    "rounding": "consistent within rounding",
    "exact": "proved exactly",
    "info": "for information",
    "uncovered": "not covered by any check",
}
SETTINGS = {**READ_ONLY_SETTINGS, "memory_limit": "2GB", "threads": 2, "temp_directory": ""}
# How a query begins that only reads. DuckDB takes pragmas for such ones, of which some write to where answers go.
READS = re.compile(
    r"(\s|--[^\n]*\n|/\*.*?\*/|\()*(select|with|from|values|describe|summarize|show|pivot|unpivot)\b", re.I | re.S
)
# What tells of the machine, changes the session, or runs a query that is made while it runs.
OF_THE_MACHINE = re.compile(
    r"\b(pragma_database_list|duckdb_(databases|settings|secrets|extensions|logs?|log_contexts)|which_secret|pg_settings"
    r"|current_setting|query|query_table|json_execute_serialized_sql|(en|dis)able_\w+|(force_)?checkpoint"
    r"|truncate_duckdb_logs)\b",
    re.I,
)

# Key figures of a report, by the column of reporting.rpt_department_years, with the cells that print each.
MEASURES = """
select measure, table_no, row_key, column_name from raw.report_measures order by measure, table_no, row_key, column_name
"""
# What else a report may lack: rows that show that it is there.
NOT_PRINTED = {
    "the text": "select 1 from staging.stg_accounts__narrative_paragraphs where report_id = $id",
    "self-evaluation forms": "select 1 from staging.stg_accounts__projects where report_id = $id",
    "budgets": """
        select 1 from staging.stg_accounts__narrative_claims
        where report_id = $id and measure in ('initial_budget', 'annual_budget')
    """,
}
# What a year can be broken down by: the rows, with the place of the cell that prints each where there is one.
BREAKDOWNS = {
    "function": """
        select
            subject_code as key, subject_name as name, subject_level as level, amount_yuan, '03' as table_no,
            subject_code as row_key, 'total' as column_name
        from reporting.rpt_subject_totals where report_id = $report
    """,
    "economic": """
        select
            subject_code as key, subject_name as name, subject_level as level, amount_yuan, '06' as table_no,
            subject_code as row_key, 'amount' as column_name
        from reporting.rpt_basic_expenditure where report_id = $report
    """,
    "fund": """
        select
            fund as key, fund_zh as name, 'total' as level, sum(amount_yuan) as amount_yuan,
            case fund when 'general_public_budget' then '05' when 'government_fund' then '07'
                when 'state_capital_operations' then '08' end as table_no,
            'total' as row_key,
            case fund when 'government_fund' then 'expenditure_total' else 'total' end as column_name
        from marts.fct_expenditure join marts.dim_funds using (fund) where report_id = $report group by all
    """,
    "kind": """
        select
            expenditure_kind as key, expenditure_kind_zh as name, 'total' as level, sum(amount_yuan) as amount_yuan,
            '03' as table_no, 'total' as row_key, expenditure_kind as column_name
        from marts.fct_expenditure join marts.dim_expenditure_kinds using (expenditure_kind)
        where report_id = $report group by all
    """,
    "source": """
        select
            revenue_source as key, revenue_source_zh as name, 'total' as level, amount_yuan,
            '02' as table_no, 'total' as row_key, revenue_source as column_name
        from reporting.rpt_revenue_by_source where report_id = $report
    """,
    "three_public": """
        select
            expense_item as key, expense_item_zh as name, 'final' as level, final_yuan as amount_yuan, '09' as table_no,
            'total' as row_key, 'final_' || expense_item as column_name
        from reporting.rpt_three_public where report_id = $report
    """,
}
# The subjects that nothing is printed below, of whatever level: a report may print no more than classes.
DEEPEST = "deepest"
CELLS = """
with wanted as (
    select unnest($tables) as table_no, unnest($rows) as row_key, unnest($columns) as column_name
),
states as (
    select
        table_no, row_key, column_name, count(*) as checks,
        count_if(status = 'broken' and severity <> 'info') as broken, count_if(status = 'exact') as exact,
        count_if(status in ('rounding', 'truncated', 'summed_parts', 'blank_zeros')) as rounding
    from quality.fct_identity_terms
    join quality.fct_identity_results using (report_id, identity_id, instance_key)
    where
        report_id = $report
        and (table_no, row_key, column_name) in (select (table_no, row_key, column_name) from wanted)
    group by all
)
select
    cells.table_no, cells.row_key, cells.column_name, cells.printed_text, cells.cell_status, cells.amount_yuan,
    coalesce(cells.page_no, tables.page_from) as page_no, coalesce(cells.page_no, tables.page_to) as page_to,
    coalesce(states.checks, 0) as checks,
    case
        when cells.cell_status = 'rejected' then 'unreadable'
        when states.broken > 0 then 'part of a contradiction'
        when states.rounding > 0 then 'consistent within rounding'
        when states.exact > 0 then 'proved exactly'
        else 'not covered by any check'
    end as proof
from quality.fct_report_cells as cells
join wanted using (table_no, row_key, column_name)
left join states using (table_no, row_key, column_name)
left join quality.fct_report_tables as tables
    on cells.report_id = tables.report_id and cells.table_no = tables.table_no
where cells.report_id = $report
"""


# Changes to the year before as the text tells them, each with its rate and the reason that is given beside it.
STATED = """
with claims as (
    select * from (
        select report_id, claim_no, paragraph_no, {subject?}, measure, {base?}, direction, value_text, unit
        from staging.stg_accounts__narrative_claims
    )
    where report_id = $id and not contains(coalesce(base, ''), '预算')
),
rates as (
    select * from claims where measure = 'change_rate'
),
paragraphs as (
    select paragraph_no, page_no, {paragraph_text?}
    from staging.stg_accounts__narrative_paragraphs
    where report_id = $id
)
select
    claims.claim_no, claims.subject, concat(claims.direction, claims.value_text, claims.unit) as change_text,
    min_by(concat(rates.direction, rates.value_text, rates.unit), rates.claim_no) as rate_text,
    min(rates.claim_no) as rate_claim_no,
    any_value(nullif(regexp_extract(paragraphs.paragraph_text, '((主要)?(原因|由于|因为)[^。；]*)', 1), '')) as reason,
    any_value(paragraphs.page_no) as page_no, any_value(years.change_yuan) as change_yuan,
    any_value(years.amount_yuan) as amount_yuan, any_value(years.stated_yuan) as year_before_yuan,
    any_value(years.is_as_printed) as is_as_the_year_before_prints, any_value(states.cell_state) as proof,
    any_value(rate_states.cell_state) as rate_proof
from claims
left join rates
    on claims.paragraph_no = rates.paragraph_no and claims.subject is not distinct from rates.subject
    and claims.claim_no < rates.claim_no
left join paragraphs on claims.paragraph_no = paragraphs.paragraph_no
left join reporting.rpt_stated_prior_years as years
    on claims.report_id = years.report_id and claims.claim_no = years.claim_no
left join quality.fct_cell_states as states
    on claims.report_id = states.report_id and states.table_no = 'narrative'
    and states.row_key = cast(claims.claim_no as varchar)
left join quality.fct_cell_states as rate_states
    on claims.report_id = rate_states.report_id and rate_states.table_no = 'narrative'
    and rate_states.row_key = cast(rates.claim_no as varchar)
where claims.measure = 'change'
group by all
order by abs(any_value(years.change_yuan)) desc nulls last, claims.claim_no
"""
# A figure of the text, with the paragraph that it stands in.
CLAIM = """
select
    claims.claim_no, coalesce(places.page_no, paragraphs.page_no) as page_no, claims.paragraph_no,
    paragraphs.section, paragraphs.paragraph_text, claims.subject, claims.measure, claims.base, claims.direction,
    claims.value_text as printed_text, claims.unit,
    cast(claims.claim_value * claims.unit_yuan as decimal(20, 2)) as amount_yuan, claims.value_status as cell_status
from (
    select report_id, claim_no, paragraph_no, {subject?}, measure, {base?}, direction, value_text, unit, claim_value,
        unit_yuan, value_status
    from staging.stg_accounts__narrative_claims
) as claims
left join (
    select report_id, paragraph_no, page_no, {section?}, {paragraph_text?}
    from staging.stg_accounts__narrative_paragraphs
) as paragraphs using (report_id, paragraph_no)
left join (
    select report_id, row_no as claim_no, page_no from staging.stg_accounts__cell_places
    where raw_table = 'narrative_claims' and column_name = 'value_text'
) as places using (report_id, claim_no)
where claims.report_id = $id and cast(claims.claim_no as varchar) = $row
"""
# A figure of a form, by the names that identities have for its row and column.
FIGURE_OF_FORM = """
with figures as (
    select
        report_id, project_no, form_part, printed_text, cell_status, value_kind, amount, amount_yuan,
        project_no || '/' || form_part || case when row_role in ('source', 'indicator') then '/' || row_no else '' end
            as row_key,
        case
            when form_part <> 'funding' or column_name not in ('score', 'execution_rate') then column_name
            when row_role = 'source' then 'source_' || column_name
            else replace(column_name, 'score', 'execution_score')
        end as column_name
    from quality.fct_project_cells
    where report_id = $id
)
select figures.* exclude (report_id), forms.project_name, forms.page_from as page_no, forms.page_to
from figures
left join (
    select report_id, project_no, {project_name?}, page_from, page_to from staging.stg_accounts__projects
) as forms using (report_id, project_no)
where figures.row_key = $row and ($column = '' or figures.column_name = $column)
order by figures.column_name
"""
# The checks that a figure takes part in; a claim or a score is judged by some that have no term for it.
CHECKS = """
select
    identity_id, title, title_zh, instance_key, status, results.severity, left_yuan, right_yuan, residual_yuan,
    bound_yuan, {reason?}
from quality.fct_identity_results as results
join raw.identities as identities using (identity_id)
where
    report_id = $id
    and (
        (identity_id, instance_key) in (
            select (identity_id, instance_key) from quality.fct_identity_terms
            where report_id = $id and table_no = $table and row_key = $row and column_name = $column
        )
        or ($table = 'narrative' and identities.judged = 'claim' and instance_key = $row)
        or (
            $table = 'project' and list_contains(string_split(identities.judged, ' '), $column)
            and $row in (instance_key, instance_key || '/total')
        )
    )
order by status <> 'broken', identity_id, instance_key
"""
# The cells of the ten tables that a figure of the text or of a form is compared with.
COMPARED = """
select distinct others.table_no, others.row_key, others.column_name
from quality.fct_identity_terms as own
join quality.fct_identity_terms as others using (report_id, identity_id, instance_key)
where
    report_id = $id and own.table_no = $table and own.row_key = $row and own.column_name = $column
    and length(others.table_no) = 2 and others.printed_text is not null
order by all
limit 20
"""
HELD_BACK = "select problem from (select report_id, {problem?} from quality.fct_hold_reasons) where report_id = $id"
SUMMED = "amount_yuan is the sum of the deepest printed subjects; the cell prints another number, see its proof"
DEPARTMENTS = """
select department_id, max_by(department_name, fiscal_year) as department_name,
    max_by(division_name, fiscal_year) as division_name,
    string_agg(distinct department_name, chr(10)) as names, string_agg(distinct division_name, chr(10)) as divisions
from staging.stg_accounts__reports group by department_id order by department_id
"""
REPORTS_OF = """
select report_id, reports.fiscal_year, reports.origin, coalesce(is_released, false) as is_released
from staging.stg_accounts__reports as reports left join quality.fct_report_scorecard using (report_id)
where reports.department_id = $id order by reports.fiscal_year
"""


class QuestionError(ValueError):
    """A question that cannot be answered; the message says why, and what can be asked."""


def _add_shares(rows: list[dict[str, Any]], every: list[dict[str, Any]]) -> None:
    """Adds to rows how much of the total each is; of function and economic subject every level adds up to it."""
    wholes = [row for row in every if row["level"] == every[0]["level"]]
    total = sum((Decimal(row["amount_yuan"] or 0) for row in wholes), Decimal(0))
    for row in rows:
        if total and row["amount_yuan"] is not None:
            row["share_percent"] = format(round(100 * Decimal(row["amount_yuan"]) / total, 2), "f")


def _completed(budgets: list[tuple[str, dict[str, Any]]], spent: str, rate: dict[str, Any] | None) -> dict[str, Any]:
    """How much of a budget was spent: of that of the year where the initial one is zero; and what the text says."""
    base = next(((stage, yuan) for stage, row in budgets if (yuan := Decimal(row["amount_yuan"]))), None)
    return {
        "completion_percent": base and format(round(100 * Decimal(spent) / base[1], 2), "f"),
        "completion_is_of": base and f"{base[0]} budget",
        "completion_as_the_text_says": rate and rate["value_text"] and f"{rate['value_text']}{rate['unit'] or ''}",
    }


def as_json(value: Any) -> Any:
    """A value for JSON: money as exact text, nothing longer than a page."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, (int, bool)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    text = str(value)
    return text[:LONGEST_TEXT] + "…" if len(text) > LONGEST_TEXT else text


def abbreviates(word: str, name: str) -> bool:
    """Whether the letters of a word come in a name in this order: 工信局 is how people write 工业和信息化局."""
    letters = iter(name)
    return all(letter in letters for letter in word)


def told_apart(names: Sequence[str]) -> list[str]:
    """Names of columns, of which none stands twice: the second of a name is called name_2."""
    result: list[str] = []
    for name in names:
        number = 1
        while (own := name if number == 1 else f"{name}_{number}") in result:
            number += 1
        result.append(own)
    return result


def within(limit: int) -> int:
    """A number of rows that is given: at least one, and no more than an answer may have."""
    return max(1, min(limit, MOST_ROWS))


def _of_level(rows: Sequence[dict[str, Any]], level: str | None) -> list[dict[str, Any]]:
    """The rows of a level, or all; of the deepest those below which no other row stands."""
    if level != DEEPEST:
        return [row for row in rows if level in (None, row["level"])]
    keys = {row["key"] for row in rows}
    return [row for row in rows if not any(key != row["key"] and key.startswith(row["key"]) for key in keys)]


def _add_cell(row: dict[str, Any], cell: dict[str, Any] | None) -> None:
    """Adds the cell that prints an amount, and says where the amount is a sum of several."""
    row["cell"] = cell
    if cell and cell["amount_yuan"] is not None and cell["amount_yuan"] != row["amount_yuan"]:
        row["note"] = SUMMED


class Asker:
    """A release that is asked."""

    def __init__(self, database: Path, seconds: float = SECONDS, site: str | None = None) -> None:
        """Opens a file; `site` is the address of its pages, that of the folder beside it where none is given."""
        beside = database.absolute().with_name("site")
        self.site = site.rstrip("/") if site else beside.as_uri() if (beside / "index.html").exists() else None
        self.connection = duckdb.connect(str(database), read_only=True, config=SETTINGS)
        self.seconds = seconds
        self.personal = has_personal_data(self.connection)
        self.lock = threading.Lock()
        self.measures: dict[str, list[Place]] = {}
        for row in self.rows(MEASURES):
            self.measures.setdefault(row.pop("measure"), []).append(
                (row["table_no"], row["row_key"], row["column_name"])
            )
        self.release: dict[str, Any] = {"file": database.name}
        with suppress(duckdb.CatalogException):
            self.release = self.rows(
                "select release_id, strftime(released_at, '%Y-%m-%d') as released_on, reports_released, "
                "reports_held_back, has_personal_data, data_sha256 from quality.releases where is_this_file"
            )[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def rows(self, sql: str, most: int = MOST_ROWS, **values: Any) -> list[dict[str, Any]]:
        """The rows of a query of our own, `most` of them."""
        return self._run(fitted(sql, self.personal), values, most)[0]

    def _run(self, sql: str, values: dict[str, Any], most: int) -> tuple[list[dict[str, Any]], bool]:
        """Rows of a query, and whether there are more; one that takes too long is stopped."""
        with self.lock:
            late = threading.Event()

            def stop() -> None:
                late.set()
                self.connection.interrupt()

            timer = threading.Timer(self.seconds, stop)
            timer.start()
            try:
                cursor = self.connection.execute(sql, values)
                names = told_apart([column[0] for column in cursor.description])
                found = cursor.fetchmany(most + 1)
            except duckdb.InterruptException:
                raise QuestionError(f"It took more than {self.seconds:g} seconds, and was stopped.") from None
            finally:
                timer.cancel()
        rows, length = [], 0
        for row in found[:most]:
            rows.append(dict(zip(names, map(as_json, row), strict=True)))
            length += sum(len(str(value)) for value in rows[-1].values())
            if length > LONGEST_ANSWER:
                break
        return rows, len(found) > len(rows)

    # ---- who and what

    def departments(self, text: str, limit: int = ROWS) -> list[dict[str, Any]]:
        """Departments of which a name that any report prints, division or id has each word, or is abbreviated by it."""
        found = self.rows(DEPARTMENTS)
        words = text.lower().split()

        def means(department: dict[str, Any], word: str) -> bool:
            names = department["names"] or ""
            written = "\n".join(map(str, (names, department["divisions"], department["department_id"]))).lower()
            return word in written or (len(word) > 1 and any(abbreviates(word, name) for name in names.split("\n")))

        chosen = [each for each in found if all(means(each, word) for word in words)]
        for each in chosen[: within(limit)]:
            del each["names"], each["divisions"]
            each["reports"] = self.rows(REPORTS_OF, id=each["department_id"])
        return chosen[: within(limit)]

    def subjects(self, text: str, limit: int = ROWS) -> list[dict[str, Any]]:
        """Subjects by code or name."""
        return self.rows(
            """
            select classification, subject_code, subject_name, subject_level, full_path
            from marts.dim_subjects
            where starts_with(subject_code, $text) or contains(subject_name, $text)
            order by classification, subject_code
            """,
            within(limit),
            text=text.strip(),
        )

    def report(self, name: str, year: int | None = None) -> dict[str, Any]:
        """The one report that is meant by its id, or by a department and a year (the latest where none is given)."""
        found = self.rows(
            """
            select reports.report_id, reports.department_id, department_name, division_name, reports.fiscal_year,
                amount_unit, page_count, coalesce(is_released, false) as is_released, source_sha256, {source_file?},
                source_url, origin
            from staging.stg_accounts__reports as reports
            left join quality.fct_report_scorecard as scorecard using (report_id)
            where reports.report_id = $name
                or (
                    (reports.department_id = $name or department_name = $name)
                    and reports.fiscal_year = coalesce($year, reports.fiscal_year)
                )
            order by reports.report_id = $name desc, reports.fiscal_year desc
            """,
            name=name.strip(),
            year=year,
        )
        if not found:
            return self.report(self._meant(name, year), year)
        if len({each["department_id"] for each in found}) > 1:
            listed = ", ".join(each["report_id"] for each in found)
            raise QuestionError(f"«{name}» are several: {listed}. Give one of these ids.")
        if year and found[0]["fiscal_year"] != year:
            raise QuestionError(f"«{name}» is the report of {found[0]['fiscal_year']}, not of {year}.")
        return found[0]

    def _meant(self, name: str, year: int | None) -> str:
        """The id of the one department that a part of its name or an abbreviation means, and that has a report."""
        meant = [
            each
            for each in self.departments(name, MOST_ROWS)
            if any(report["fiscal_year"] == year or not year for report in each["reports"])
        ]
        if len(meant) == 1:
            return str(meant[0]["department_id"])
        if meant:
            listed = ", ".join(f"{each['department_id']} {each['department_name']}" for each in meant[:10])
            raise QuestionError(f"«{name}» are {len(meant)} departments: {listed}. Give the id of one.")
        of_year = f" of {year}" if year else ""
        raise QuestionError(f"There is no report{of_year} of «{name}»: ask find_departments for names and ids.")

    def page(self, report_id: str, anchor: str) -> str | None:
        """The address of a place on the page of a report; none where there are no pages."""
        return self.site and f"{self.site}/reports/{page_name(report_id)}.html#{anchor}"

    def link(self, report_id: str, table: str, row: str, column: str) -> str | None:
        """The address that shows a figure."""
        places = ("text", row) if table == "narrative" else ("tables", table, row, column)
        return self.page(report_id, "/".join(quote(part, safe="") for part in places))

    # ---- figures, with their cells

    def cells(self, report_id: str, places: Collection[Place]) -> dict[Place, dict[str, Any]]:
        """Printed cells, with page, proof and link; one that is not printed is left out."""
        tables, rows, columns = (
            (list(each) for each in zip(*places, strict=True)) if (places := list(places)) else ([],) * 3
        )
        found = self.rows(CELLS, report=report_id, tables=tables, rows=rows, columns=columns)
        return {
            (cell["table_no"], cell["row_key"], cell["column_name"]): cell
            | {"link": self.link(report_id, cell["table_no"], cell["row_key"], cell["column_name"])}
            for cell in found
        }

    def year(self, name: str, year: int | None = None) -> dict[str, Any]:
        """A department's year: key figures with their cells, budget and completion, what is not printed, findings."""
        report = self.report(name, year)
        sql = "select * from reporting.rpt_department_years where report_id = $id"
        figures = (self.rows(sql, id=report["report_id"]) or [{}])[0]
        found = self._findings(report["report_id"])
        most: list[dict[str, Any]] = []
        with suppress(QuestionError):  # of a report that is held back there is none
            most = self.breakdown(report["report_id"], "function", DEEPEST, 3)["rows"]
        for row in most:
            row["budget"] = self.budget_of(report["report_id"], row["key"])
        answer = {
            "report": report,
            "figures": [
                {"measure": measure, "amount_yuan": figures[measure], "cell": cell}
                for measure, cell in self.printed(report["report_id"], self.measures).items()
                if figures.get(measure) is not None
            ],
            "change_rates": {name: value for name, value in figures.items() if name.endswith("_change_rate") and value},
            "most_changed": self.most_changed(report["report_id"]),
            "changes_told": self.changes_told(report["report_id"]),
            "most_spent_on": most,
            "budget": self.budget(report["report_id"]),
            "not_printed": self.not_printed(report["report_id"], figures),
            **counted(found),
            "gravest_finding": self._told(report["report_id"], 1, found[0]) if found else None,
        }
        if not report["is_released"]:
            reasons = self.rows(HELD_BACK, 10, id=report["report_id"])
            answer["held_back"] = {"why": [row["problem"] for row in reasons], "so": "Its figures enter no sum."}
        return answer

    def printed(self, report_id: str, measures: Iterable[str]) -> dict[str, dict[str, Any] | None]:
        """The cell that prints each key figure; the figure of the text where no table does."""
        places = {measure: self.measures[measure] for measure in measures}
        cells = self.cells(report_id, [place for some in places.values() for place in some])
        stated = self._stated(report_id)
        found: dict[str, dict[str, Any] | None] = {}
        for measure, some in places.items():
            own = [cells[place] for place in some if place in cells]
            found[measure] = next((cell for cell in own if cell["amount_yuan"]), own[0] if own else None)
            claim = next((stated[place] for place in some if place in stated), None)
            if not found[measure] and claim:
                found[measure] = self._claim(report_id, claim)
        return found

    def _stated(self, report_id: str) -> dict[tuple[str, str, str], str]:
        """The number of the first claim of the text that states the amount of a cell, by the cell."""
        told = self.rows(queries.OTHERS["told"].replace("{report}", "report_id = $id"), id=report_id)
        return {
            (row["table_no"], row["row_key"], row["column_name"]): str(row["claim_no"])
            for row in reversed(told)
            if row["measure"] == "amount"
        }

    def most_changed(self, report_id: str) -> list[dict[str, Any]]:
        """The subjects that changed most since the year before, all funds together, by both tables 03."""
        changes = self.rows(queries.CHANGES.replace("{report}", "report_id = $id"), id=report_id)
        cells = self.cells(report_id, [("03", row["subject_code"], "total") for row in changes])
        for row in changes:
            del row["report_id"]
            row["cell"] = cells.get(("03", row["subject_code"], "total"))
            if not Decimal(row["from_yuan"]) or not Decimal(row["to_yuan"]):
                other = row["from_year"] if not Decimal(row["from_yuan"]) else "this year"
                row["note"] = f"table 03 of {other} prints no such row"
            if row.pop("is_broken"):
                row["note"] = f"{row['note']}; " * ("note" in row) + "no later report is known to use this code alike"
        return changes

    def changes_told(self, report_id: str) -> list[dict[str, Any]]:
        """Changes to the year before, their rates and reasons, in the words of the report; the largest first."""
        changes = self.rows(STATED, MOST_CHANGES, id=report_id)
        for change in changes:
            change["link"] = self.link(report_id, "narrative", str(change["claim_no"]), "claim")
            for proof in ("proof", "rate_proof"):
                change[proof] = PROOFS.get(change[proof], change[proof])
        return changes

    def budget_of(self, report_id: str, code: str) -> dict[str, Any] | str:
        """What the text says was budgeted of a subject, or else of the section or class that it is part of."""
        budgets = self.rows(queries.OTHERS["budgets"].replace("{report}", "report_id = $id"), id=report_id)
        for part in (code, code[:5], code[:3]):
            of = [row for row in budgets if row["subject_code"] == part]
            # an initial budget of zero says less than that of the year
            if of:
                row = min(of, key=lambda row: not Decimal(row["budget_yuan"] or 0))
                note = {} if part == code else {"note": f"the budget of {part}, which {code} is part of"}
                return row | note | {"link": self.link(report_id, "narrative", row["claim_no"], "claim")}
        return "not printed"

    def budget(self, report_id: str) -> dict[str, Any] | None:
        """What the text says was budgeted of the general public budget, and what table 05 prints as spent."""
        sql = queries.OTHERS["told"].replace("{report}", "report_id = $id")
        told: dict[str, dict[str, Any]] = {}
        for row in self.rows(sql, id=report_id):
            if (row["table_no"], row["row_key"]) == ("05", "total"):
                told.setdefault(row["measure"], row)
        budgets = [(stage, told[f"{stage}_budget"]) for stage in ("initial", "annual") if f"{stage}_budget" in told]
        budgets = [(stage, row) for stage, row in budgets if row["amount_yuan"]]
        final = self.cells(report_id, [("05", "total", "total")]).get(("05", "total", "total"))
        if not budgets or not final or not final["amount_yuan"]:
            return None
        answer: dict[str, Any] = {}
        for stage, row in budgets:
            answer[f"{stage}_budget_yuan"] = row["amount_yuan"]
            answer[f"{stage}_budget_link"] = self.link(report_id, "narrative", str(row["claim_no"]), "claim")
        return answer | {"final": final} | _completed(budgets, final["amount_yuan"], told.get("completion_rate"))

    def not_printed(self, report_id: str, figures: dict[str, Any]) -> list[str]:
        """What is unknown of a report: it is never taken for zero."""
        missing = self.rows(
            """
            select 'table ' || table_no || ' ' || title_zh as what from raw.forms
            where table_no not in (select table_no from quality.fct_report_cells where report_id = $id)
            and table_no not in (select table_no from staging.stg_accounts__table_notes where report_id = $id)
            order by table_no
            """,
            id=report_id,
        )
        said = [row["what"] for row in missing]
        if figures:
            said += [measure for measure in self.measures if figures[measure] is None]
            said += [what for what, sql in NOT_PRINTED.items() if not self.rows(sql, 1, id=report_id)]
            said += [] if figures["prior_report_id"] else ["the report of the year before (not in this release)"]
        return said

    def breakdown(self, name: str, by: str, level: str | None = None, limit: int = ROWS) -> dict[str, Any]:
        """A year broken down; each row with its share and the cell that prints it."""
        if by not in BREAKDOWNS:
            raise QuestionError(f"«{by}» is none of {', '.join(BREAKDOWNS)}.")
        report, limit = self.report(name), within(limit)
        every = self.rows(
            f"select * from ({BREAKDOWNS[by]}) order by amount_yuan desc nulls last, key",  # noqa: S608
            report=report["report_id"],
        )
        rows = _of_level(every, level)
        if not rows:
            why = "" if report["is_released"] else ": it is held back, department_year says why"
            raise QuestionError(f"{report['report_id']} has no {by}{f' of level {level}' if level else ''}{why}.")
        _add_shares(rows, every)
        places = [(row.pop("table_no"), row.pop("row_key"), row.pop("column_name")) for row in rows]
        cells = self.cells(report["report_id"], [place for place in places[:limit] if place[0]])
        for row, place in zip(rows, places, strict=True):
            _add_cell(row, cells.get(place))
        answer = {"report": report, "rows": rows[:limit], "left_off": max(0, len(rows) - limit)}
        if len({row["level"] for row in rows}) > 1:
            answer["note"] = "Rows of several levels: each holds those below it, so add up one level only."
        return answer

    def series(self, name: str, measure: str) -> dict[str, Any]:
        """A key figure of a department over the years, each with its cell."""
        measure = self._measure(measure)
        report = self.report(name)
        years = self.rows(
            f"select fiscal_year, report_id, {measure} as amount_yuan from reporting.rpt_department_years "  # noqa: S608
            "where department_id = $id order by fiscal_year",
            id=report["department_id"],
        )
        for row in years:
            row["cell"] = self.printed(row["report_id"], [measure])[measure]
        return {"department": report["department_name"], "measure": measure, "years": years}

    def ranking(self, measure: str, year: int | None = None, limit: int = ROWS) -> dict[str, Any]:
        """Reports by a key figure, the largest first; what is not printed is counted, not ranked."""
        measure = self._measure(measure)
        rows = self.rows(
            f"""
            select report_id, department_name, years.fiscal_year, {measure} as amount_yuan, reports.origin
            from reporting.rpt_department_years as years
            join (select report_id, origin from staging.stg_accounts__reports) as reports using (report_id)
            where years.fiscal_year = coalesce($year, years.fiscal_year) order by amount_yuan desc nulls last, report_id
            """,  # noqa: S608
            year=year,
        )
        ranked = [row for row in rows if row["amount_yuan"] is not None]
        shown = ranked[: min(within(limit), ROWS)]
        for row in shown:
            row["cell"] = self.printed(row["report_id"], [measure])[measure]
        return {
            "measure": measure,
            "rows": shown,
            "ranked": len(ranked),
            "not_printed": len(rows) - len(ranked),
        }

    def _measure(self, measure: str) -> str:
        named = measure if measure.endswith("_yuan") else f"{measure}_yuan"
        if named not in self.measures:
            raise QuestionError(f"«{measure}» is none of {', '.join(self.measures)}.")
        return named

    def compare(self, names: Sequence[str], by: str = "function") -> dict[str, Any]:
        """Some reports side by side. A change is told only within one department."""
        if not 2 <= len(names) <= 6:
            raise QuestionError("Two to six reports can be compared.")
        level = "class" if by == "function" else None
        parts = [self.breakdown(name, by, level, MOST_ROWS) for name in names]
        rows: dict[str, dict[str, Any]] = {}
        for part in parts:
            for row in part["rows"]:
                of = rows.setdefault(row["key"], {"key": row["key"], "name": row["name"], "amounts": {}})
                kept = ("amount_yuan", "cell", "note")
                of["amounts"][part["report"]["report_id"]] = {name: row[name] for name in kept if name in row}
        answer: dict[str, Any] = {"reports": [part["report"] for part in parts], "rows": list(rows.values())}
        if len({part["report"]["department_id"] for part in parts}) == 1:
            first, *_, last = sorted(answer["reports"], key=lambda each: each["fiscal_year"])
            answer["change_yuan_is"] = f"{first['fiscal_year']} to {last['fiscal_year']}"
            for row in rows.values():
                ends = [row["amounts"].get(each["report_id"], {}).get("amount_yuan") for each in (first, last)]
                row["change_yuan"] = format(Decimal(ends[1]) - Decimal(ends[0]), "f") if None not in ends else None
        return answer

    def explain(self, name: str, table: str, row: str, column: str = "") -> dict[str, Any]:
        """A printed figure: its page, what it takes part in, which row of the marts it became, what it repeats."""
        report = self.report(name)
        if table == "narrative":
            cell, column = self._claim(report["report_id"], row), "claim"
        elif table == "project":
            cell = self._figure_of_form(report["report_id"], row, column)
            column = cell["column_name"]
        else:
            table = table.zfill(2)
            printed = self.cells(report["report_id"], [(table, row, column)]).get((table, row, column))
            cell = printed or self._not_printed(report["report_id"], table, row, column)
        place = {"id": report["report_id"], "table": table, "row": row, "column": column}
        uses = self.rows(
            """
            select cell_use, mart from quality.fct_cell_uses
            where report_id = $id and table_no = $table and row_key = $row and column_name = $column
            """,
            **place,
        )
        with self.lock:
            names = Names.of(self.connection)
        checks = self.rows(CHECKS, 40, **place)
        failing = {(check["identity_id"], check["instance_key"]) for check in checks if check["status"] == "broken"}
        answer = {
            "report": report,
            "cell": cell,
            "column_zh": names.column(table, column, ZH),
            "became": uses[0] if uses else None,
            "checks": checks,
            "findings": [
                self._told(report["report_id"], no, each)
                for no, each in enumerate(self._findings(report["report_id"]), start=1)
                if failing.intersection(each.instances)
            ],
        }
        if table in ("narrative", "project"):
            compared = [tuple(each.values()) for each in self.rows(COMPARED, **place)]
            answer["compared_with"] = list(self.cells(report["report_id"], compared).values()) if compared else []
        return answer

    def _claim(self, report_id: str, row: str) -> dict[str, Any]:
        """A figure of the text, with its sentence."""
        found = self.rows(CLAIM, id=report_id, row=row)
        if not found:
            raise QuestionError(
                f"The text of {report_id} has no figure {row}: "
                "ask sql for claim_no of staging.stg_accounts__narrative_claims."
            )
        (claim,) = found
        text = claim.pop("paragraph_text")
        claim["sentence"] = text and sentence_with(text, claim["printed_text"] or "")
        return self._with_proof(report_id, "narrative", row, "claim", claim)

    def _figure_of_form(self, report_id: str, row: str, column: str) -> dict[str, Any]:
        """A figure of a self-evaluation form."""
        found = self.rows(FIGURE_OF_FORM, id=report_id, row=row, column=column)
        if len(found) != 1:
            columns = {each["column_name"] for each in self.rows(FIGURE_OF_FORM, id=report_id, row=row, column="")}
            raise QuestionError(
                f"Row {row} of the forms of {report_id} has no column «{column}»; it has {', '.join(sorted(columns))}."
                if columns
                else f"The forms of {report_id} have no row {row}. Rows are a form and its part: 2/funding (all), "
                "2/funding/3, 2/indicator/1, 2/total; ask sql for quality.fct_project_cells."
            )
        return self._with_proof(report_id, "project", row, found[0].pop("column_name"), found[0])

    def _with_proof(self, report_id: str, table: str, row: str, column: str, cell: dict[str, Any]) -> dict[str, Any]:
        """A figure of the text or of a form, with its place as others have it, its proof and its link."""
        states = self.rows(
            """
            select cell_state, checks from quality.fct_cell_states
            where report_id = $id and table_no = $table and row_key = $row and column_name = $column
            """,
            id=report_id,
            table=table,
            row=row,
            column=column,
        )
        state = states[0] if states else {"cell_state": "uncovered", "checks": 0}
        place = {"table_no": table, "row_key": row, "column_name": column}
        proof = {"checks": state["checks"], "proof": PROOFS.get(state["cell_state"], state["cell_state"])}
        return place | cell | proof | {"link": self.link(report_id, table, row, column)}

    def _not_printed(self, report_id: str, table: str, row: str, column: str) -> NoReturn:
        """Says that a cell is not printed, and which are."""
        columns = self.rows(
            """
            select distinct column_name from quality.fct_report_cells
            where report_id = $id and table_no = $table and row_key = $row
            """,
            id=report_id,
            table=table,
            row=row,
        )
        others = ", ".join(sorted(each["column_name"] for each in columns))
        raise QuestionError(
            f"Row {row} of table {table} of {report_id} has no column {column}; it has {others}."
            if columns
            else f"Table {table} of {report_id} prints no row {row}: it is unknown, not zero. "
            "Rows are subject codes, lines or «total»; ask sql for quality.fct_report_cells."
        )

    def findings(self, report_id: str) -> list[dict[str, Any]]:
        """What was found in a report, the gravest first, by the number that its page gives each."""
        return [self._told(report_id, no, each) for no, each in enumerate(self._findings(report_id), start=1)]

    def _findings(self, report_id: str) -> list[Finding]:
        with self.lock:
            self.connection.execute("set variable asked_report = ?", [report_id])
            condition = "report_id = getvariable('asked_report')"
            found = findings_of(self.connection, condition, queries.ROWS.replace("{report}", condition))
        return found.get(report_id, [])

    def _told(self, report_id: str, no: int, finding: Finding) -> dict[str, Any]:
        """A finding as an answer has it."""
        return {
            "no": no,
            "kind": finding.kind,
            "contradicts": finding.contradicts,
            "severity": finding.severity,
            "finding": finding.text(EN),
            "finding_zh": finding.text(ZH),
            "money_yuan": as_json(finding.yuan),
            "quote": finding.quote and vars(finding.quote),
            "place": finding.place and dict(zip(("table", "row", "column"), finding.place, strict=True)),
            "link": self.link(report_id, *finding.place) if finding.place else self.page(report_id, f"proof/{no}"),
        }

    # ---- tables and SQL

    def tables(self, name: str | None = None) -> list[dict[str, Any]]:
        """The tables for readers, or the columns of one, with what they mean."""
        if name is None:
            return self.rows(
                """
                select schema_name || '.' || table_name as name, estimated_size as rows, comment from duckdb_tables()
                where schema_name in ('marts', 'reporting', 'quality')
                union all
                select schema_name || '.' || view_name, null, comment from duckdb_views()
                where schema_name in ('marts', 'reporting', 'quality')
                order by 1
                """
            )
        columns = self.rows(
            """
            select column_name, data_type, comment from duckdb_columns()
            where schema_name || '.' || table_name = $name order by column_index
            """,
            name=name,
        )
        if not columns:
            raise QuestionError(f"There is no table {name}; names have their schema, as marts.fct_expenditure.")
        return columns

    def sql(self, query: str, limit: int = ROWS) -> dict[str, Any]:
        """A query of the reader's own: one statement that only reads."""
        try:
            statements = self.connection.extract_statements(query)
        except duckdb.Error as error:
            raise QuestionError(str(error).splitlines()[0]) from None
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT or not READS.match(query):
            raise QuestionError("One statement that only reads (select, with, from) is run, and nothing else.")
        if told := OF_THE_MACHINE.search(query):
            raise QuestionError(f"«{told[0]}» is not asked here: it is not of the data. describe_tables has what is.")
        try:
            rows, more = self._run(query, {}, within(limit))
        except duckdb.Error as error:
            raise QuestionError(str(error)[:LONGEST_TEXT]) from None
        return {"rows": rows, "more_rows_left_off": more}
