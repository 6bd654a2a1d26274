"""What the site shows, as SQL over a release.

The queries in `SHOWN` are those that a reader finds behind each picture: `{report}` becomes a condition on the one
report there, and on many reports at once when the site is written. Each selects `report_id` and is ordered.
Columns in braces with a question mark may name a natural person; see `final_accounts.release.personal`.
"""

YEAR = """\
select *
from reporting.rpt_department_years
where {report}
order by report_id"""

# A flow is the cell that is printed for it. What is not printed is the sum of its items, or what table 01 has beyond
# table 04.
FLOWS = """\
with printed as (
    select
        report_id, table_no, coalesce(subject_code, '') as class_code, column_role, fund, expenditure_kind,
        revenue_source, amount_yuan
    from quality.fct_report_cells
    join raw.form_columns using (table_no, column_name)
    where {report} and cell_status = 'amount' and (length(subject_code) = 3 or row_key = 'total')
),
spent as (
    select report_id, fund, left(subject_code, 3) as class_code, expenditure_kind, amount_yuan
    from marts.fct_expenditure
    where {report}
),
by_source as (
    select report_id, revenue_source, amount_yuan
    from reporting.rpt_revenue_by_source
    where {report} and revenue_source <> 'fiscal_appropriation'
),
by_fund as (
    select report_id, fund, class_code, sum(amount_yuan) as amount_yuan
    from spent
    group by all
),
by_kind as (
    select report_id, class_code, expenditure_kind, sum(amount_yuan) as amount_yuan
    from spent
    group by all
),
balances as (
    select * from marts.fct_fund_balances where {report}
),
of_report as (
    select
        report_id, revenue_source as origin, 'fund:non_fiscal' as target,
        coalesce(printed.amount_yuan, by_source.amount_yuan) as amount_yuan,
        printed.amount_yuan is not null as is_printed
    from by_source
    left join (from printed where table_no = '02' and class_code = '') as printed using (report_id, revenue_source)
    union all
    select report_id, 'fiscal_appropriation', 'fund:' || fund, revenue_yuan, true
    from balances
    where fund <> 'non_fiscal'
    union all
    select report_id, 'opening_balance', 'fund:' || fund, opening_balance_yuan, fund not in ('non_fiscal', 'unknown')
    from balances
    union all
    select report_id, 'surplus_used', 'fund:' || fund, non_fiscal_surplus_used_yuan, true
    from balances
    union all
    select
        report_id, 'fund:' || fund, 'class:' || class_code, coalesce(printed.amount_yuan, by_fund.amount_yuan),
        printed.amount_yuan is not null
    from by_fund
    left join (from printed where table_no in ('05', '07', '08') and column_role = 'total') as printed
        using (report_id, fund, class_code)
    union all
    select
        report_id, 'class:' || class_code, 'kind:' || expenditure_kind,
        coalesce(printed.amount_yuan, by_kind.amount_yuan), printed.amount_yuan is not null
    from by_kind
    left join (from printed where table_no = '03') as printed using (report_id, class_code, expenditure_kind)
    union all
    select report_id, 'fund:' || fund, 'closing_balance', closing_balance_yuan, fund not in ('non_fiscal', 'unknown')
    from balances
    union all
    select report_id, 'fund:' || fund, 'surplus_distributed', surplus_distribution_yuan, true
    from balances
)
select report_id, origin, target, amount_yuan, is_printed
from of_report
where amount_yuan > 0
order by report_id, origin, target"""

FUNCTIONS = """\
select report_id, subject_code, subject_name, subject_level, amount_yuan, basic_yuan, project_yuan, prior_amount_yuan
from reporting.rpt_subject_totals
where {report}
order by report_id, subject_code"""

# The deepest subjects that changed most, all funds together. Both years print table 03: what it has no row for is zero.
CHANGES = """\
with of_report as (
    select
        series.report_id, changes.subject_code, changes.from_year, max(changes.is_broken) as is_broken,
        sum(changes.from_yuan) as from_yuan, sum(changes.to_yuan) as to_yuan
    from reporting.rpt_changes as changes
    join (select series_id, fiscal_year, report_id from marts.dim_department_series where {report}) as series
        on changes.series_id = series.series_id and changes.to_year = series.fiscal_year
    where changes.from_year = changes.to_year - 1 and changes.subject_level <> 'all'
    group by series.report_id, changes.subject_code, changes.from_year
    -- a report may print no more than classes
    qualify length(changes.subject_code) = max(length(changes.subject_code)) over (partition by series.report_id)
),
-- what the tables print, and not the sum of rounded parts; a row that a year lacks is zero
printed as (
    select
        of_report.report_id, of_report.subject_code, from_year, is_broken,
        case when from_yuan = 0 then from_yuan else coalesce(totals.prior_amount_yuan, from_yuan) end as from_yuan,
        case when to_yuan = 0 then to_yuan else coalesce(totals.amount_yuan, to_yuan) end as to_yuan
    from of_report
    left join (
        select report_id, subject_code, amount_yuan, prior_amount_yuan from reporting.rpt_subject_totals where {report}
    ) as totals
        on of_report.report_id = totals.report_id and of_report.subject_code = totals.subject_code
)
select
    report_id, printed.subject_code, subjects.subject_name, from_year, from_yuan, to_yuan,
    to_yuan - from_yuan as change_yuan,
    cast((to_yuan - from_yuan) / nullif(from_yuan, 0) as decimal(18, 6)) as change_rate, is_broken
from printed
left join marts.dim_subjects as subjects
    on printed.subject_code = subjects.subject_code and subjects.classification = 'functional' and subjects.is_current
where to_yuan <> from_yuan
qualify row_number() over (partition by report_id order by abs(to_yuan - from_yuan) desc, printed.subject_code) <= 5
order by report_id, abs(to_yuan - from_yuan) desc, subject_code"""

BASIC = """\
select report_id, economic_category, subject_code, subject_name, subject_level, amount_yuan, prior_amount_yuan
from reporting.rpt_basic_expenditure
where {report}
order by report_id, subject_code"""

PROJECTS = """\
select
    report_id, project_no, {project_name?}, annual_budget_yuan, executed_yuan, execution_rate, points_lost_on_execution,
    points_lost_on_indicators, total_score, grade
from reporting.rpt_project_execution
where {report}
order by report_id, project_no"""

LOST_POINTS = """\
select
    report_id, project_no, level_2, {level_3?}, {initial_target?}, {adjusted_target?}, {actual_value?}, weight, score,
    {deviation_reason?}
from marts.fct_project_indicators
where {report} and score < weight
order by report_id, project_no, row_no"""

BALANCES = """\
select
    report_id, fund, opening_balance_yuan, revenue_yuan, non_fiscal_surplus_used_yuan, expenditure_yuan,
    surplus_distribution_yuan, closing_balance_yuan
from marts.fct_fund_balances
where {report}
order by report_id, fund"""

CARRIED_OVER = """\
select report_id, project_no, {project_name?}, annual_budget_yuan, executed_yuan, carried_over_yuan
from marts.fct_projects
where {report} and carried_over_yuan <> 0
order by report_id, project_no"""

CLAIMS = """\
select
    report_id, claim_no, page_no, {section?}, {subject?}, measure, {base?}, direction, value_text, unit
from marts.fct_narrative_claims
where {report}
order by report_id, claim_no"""

THREE_PUBLIC = """\
select report_id, expense_item, budget_yuan, final_yuan
from marts.fct_three_public
where {report}
order by report_id, expense_item"""

BY_FUND = """\
select report_id, fund, sum(amount_yuan) as amount_yuan
from marts.fct_expenditure
where {report}
group by report_id, fund
order by report_id, fund"""

SHOWN = {
    "year": YEAR,
    "flows": FLOWS,
    "functions": FUNCTIONS,
    "changes": CHANGES,
    "basic": BASIC,
    "projects": PROJECTS,
    "lost_points": LOST_POINTS,
    "balances": BALANCES,
    "carried_over": CARRIED_OVER,
    "claims": CLAIMS,
    "three_public": THREE_PUBLIC,
    "by_fund": BY_FUND,
}

# What else the page of a report needs: few rows a report.
OTHERS = {
    "tables": """
        select
            report_id, table_no, {form_no?}, {title?}, department_name, fiscal_year, amount_unit, pages.page_from,
            pages.page_to
        from staging.stg_accounts__report_tables
        left join (select report_id, table_no, page_from, page_to from quality.fct_report_tables) as pages
            using (report_id, table_no)
        where {report}
        order by report_id, table_no
    """,
    "notes": """
        select report_id, table_no, {note_kind?}, {note_text?}
        from staging.stg_accounts__table_notes where {report} order by report_id, table_no, note_no
    """,
    "suspects": """
        select * from quality.fct_suspect_cells where {report} order by report_id, severity, cluster_no, suspect_rank
    """,
    "explanations": """
        select
            report_id, explanation_no, explanations, table_no, row_key, column_name, printed_text, proposed_text,
            error_kind
        from quality.fct_explanations where {report} order by report_id, explanation_no, cell_no
    """,
    "paragraphs": """
        select report_id, paragraph_no, page_no, {section?}, {subsection?}, {paragraph_text?}
        from staging.stg_accounts__narrative_paragraphs where {report} order by report_id, paragraph_no
    """,
    # of reports that are held back, too; the marts have the others
    "stated": """
        select
            claims.report_id, claims.claim_no, claims.paragraph_no, claims.subject, claims.measure, claims.base,
            claims.direction, claims.value_text, claims.unit, states.cell_state,
            places.page_no as place_page, places.box
        from (
            select report_id, claim_no, paragraph_no, {subject?}, measure, {base?}, direction, value_text, unit
            from staging.stg_accounts__narrative_claims
            where {report}
        ) as claims
        left join (select * from quality.fct_cell_states where {report}) as states
            on claims.report_id = states.report_id and states.table_no = 'narrative'
            and states.row_key = cast(claims.claim_no as varchar)
        left join (
            select report_id, row_no, page_no, box from staging.stg_accounts__cell_places
            where {report} and raw_table = 'narrative_claims' and column_name = 'value_text'
        ) as places
            on claims.report_id = places.report_id and claims.claim_no = places.row_no
        order by claims.report_id, claims.claim_no
    """,
    "mentions": """
        select report_id, mention_no, paragraph_no, mention_kind, {mention_text?}
        from staging.stg_accounts__narrative_mentions where {report} order by report_id, mention_no
    """,
    # what the text says of a figure of the tables: its budget, its change, and what stands in table 10, which is rare
    "told": """
        with claims as (
            select report_id, claim_no, measure, {subject?}, {base?}, direction, value_text, unit,
                claim_value * unit_yuan as amount_yuan
            from staging.stg_accounts__narrative_claims
            where {report} and measure in (
                'amount', 'initial_budget', 'annual_budget', 'completion_rate', 'change', 'change_rate'
            )
        )
        select
            claims.report_id, claims.claim_no, claims.measure, claims.subject, claims.direction, claims.value_text,
            claims.unit, cast(claims.amount_yuan as decimal(20, 2)) as amount_yuan, subjects.table_no,
            subjects.row_key, subjects.column_name
        from claims
        left join raw.claim_subjects as subjects
            on claims.subject = subjects.subject and subjects.measure = 'amount' and subjects.reading = 1
        where claims.measure <> 'amount' or subjects.table_no = '10'
        order by claims.report_id, claims.claim_no
    """,
    "held_back": """
        select distinct report_id, reason_kind from quality.fct_hold_reasons where {report}
        order by report_id, reason_kind
    """,
    # what was budgeted of a subject, as the text says it
    "budgets": """
        select report_id, item_key as claim_no, subject_code, budget_stage, budget_yuan, final_yuan, completion_rate
        from reporting.rpt_budget_and_final
        where {report} and budget_source = 'narrative' and subject_code is not null
        order by report_id, subject_code, budget_stage desc
    """,
    "shifted": "select * from quality.fct_shifted_rows where {report} order by report_id, table_no",
    "rejected": """
        select report_id, raw_table, row_no, row_key, column_name, {printed_text?}, {problem?}
        from quality.fct_rejected_cells where {report} order by all
    """,
    "forms": """
        select
            report_id, project_no, {form_title?}, {project_name?}, department_code, department_name, budget_unit_code,
            budget_unit_name, amount_unit, {annual_target?}, {actual_completion?}, grade, page_from, page_to
        from staging.stg_accounts__projects where {report} order by report_id, project_no
    """,
    "form_funding": """
        select report_id, project_no, row_no, is_total, funding_source, {deviation_reason?}
        from staging.stg_accounts__project_funding where {report} order by report_id, project_no, row_no
    """,
    "form_indicators": """
        select
            report_id, project_no, row_no, level_1, level_2, {level_3?}, {initial_target?}, {adjusted_target?},
            {actual_value?}, {deviation_reason?}
        from staging.stg_accounts__project_indicators where {report} order by report_id, project_no, row_no
    """,
    "form_analyses": """
        select report_id, project_no, section, {analysis_text?}
        from staging.stg_accounts__project_analyses where {report} order by report_id, project_no, section_no
    """,
}

# Pages that tables stand on.
PRINTED_PAGES = """
    select distinct report_id, page_no
    from quality.fct_report_cells
    where {report} and page_no is not null and box is not null
    order by report_id, page_no
"""

# The marts that printed cells land in; the page finds the row of a cell in them.
MARTS = {
    mart: f"select * exclude ({without}) from marts.{mart} where {{report}} order by all"  # noqa: S608 - constants
    for mart, without in {
        "fct_expenditure": "subject_id",
        "fct_revenue": "subject_id",
        "fct_basic_expenditure": "subject_id",
        "fct_fund_balances": "non_fiscal_surplus_used_yuan, surplus_distribution_yuan",
        "fct_government_fund_balances": "subject_id",
        "fct_state_capital_balances": "subject_id",
        "fct_three_public": "is_printed",
        "fct_disclosures": "is_printed",
    }.items()
} | {
    "fct_projects": """
        select
            report_id, project_no, {project_name?}, target_declared_yuan, initial_budget_yuan, annual_budget_yuan,
            executed_yuan, carried_over_yuan, execution_rate_percent, execution_score, indicator_weight,
            indicator_score, total_score, grade
        from marts.fct_projects where {report} order by report_id, project_no
    """,
    "fct_project_funding": """
        select
            report_id, project_no, row_no, funding_source, target_declared_yuan, initial_budget_yuan,
            annual_budget_yuan, executed_yuan, carried_over_yuan, execution_rate_percent, execution_score
        from marts.fct_project_funding where {report} order by report_id, project_no, row_no
    """,
    "fct_project_indicators": """
        select report_id, project_no, row_no, level_1, level_2, {level_3?}, {actual_value?}, weight, score
        from marts.fct_project_indicators where {report} order by report_id, project_no, row_no
    """,
}

REPORTS = """
    select
        reports.report_id, {title?}, reports.department_id, reports.department_name, reports.division_name,
        reports.government_level, reports.fiscal_year, reports.amount_unit, reports.page_count, reports.origin,
        years.revenue_yuan, years.expenditure_yuan, years.project_share, years.prior_report_id,
        coalesce(scorecard.is_released, false) as is_released,
        reports.source_sha256, {source_file?}, reports.source_url,
        coalesce(scorecard.identities_expected, 0) as identities_expected,
        coalesce(scorecard.identities_exact, 0) as identities_exact,
        coalesce(
            scorecard.identities_rounding + scorecard.identities_truncated
            + scorecard.identities_summed_parts + scorecard.identities_blank_zeros, 0
        ) as identities_rounding,
        coalesce(scorecard.identities_not_evaluable, 0) + coalesce(scorecard.identities_blocked, 0)
            as identities_not_evaluable,
        coalesce(scorecard.identities_waived, 0) as identities_waived
    from staging.stg_accounts__reports as reports
    left join quality.fct_report_scorecard as scorecard on reports.report_id = scorecard.report_id
    left join reporting.rpt_department_years as years on reports.report_id = years.report_id
    order by reports.report_id
"""

MOST_CHANGED = """\
select
    report_id, department_name, classes.fiscal_year, subject_code, subject_name, prior_amount_yuan, amount_yuan,
    amount_yuan - prior_amount_yuan as change_yuan, change_rate
from reporting.rpt_subject_totals as classes
join marts.dim_departments using (department_id)
where subject_level = 'class' and amount_yuan <> prior_amount_yuan
order by abs(change_yuan) desc, report_id, subject_code
limit 500"""

# Pairs of characters that stand in the text of a report or in the name of a project or subject, and its amounts without
# separators, with the places of their reports in the list; in so many files, as assets/search.js finds them.
TEXT_PAIRS = """
    with texts as (
        select report_id, paragraph_text as text
        from (select report_id, {paragraph_text?} from staging.stg_accounts__narrative_paragraphs)
        union all
        select report_id, project_name
        from (select report_id, {project_name?} from staging.stg_accounts__projects)
        union all
        select report_id, subject_name from staging.stg_accounts__revenue
        union all
        select report_id, subject_name from staging.stg_accounts__expenditure
        union all
        select report_id, subject_name from staging.stg_accounts__basic_expenditure
        union all
        select report_id, subject_name from staging.stg_accounts__government_fund
    ),
    numbers as (
        select report_id, printed_text from quality.fct_report_cells where cell_status = 'amount'
        union all
        select report_id, printed_text from quality.fct_project_cells where cell_status = 'amount'
        union all
        select report_id, value_text from staging.stg_accounts__narrative_claims
    ),
    runs as (
        select listed.place, unnest(regexp_extract_all(texts.text, '[\u4e00-\u9fff]{2,}')) as run
        from texts
        join listed using (report_id)
    ),
    pairs as (
        select distinct place, substr(run, cast(starts.range as integer), 2) as pair
        from runs, range(1, length(run)) as starts
    ),
    amounts as (
        select distinct listed.place, regexp_replace(numbers.printed_text, '[^0-9.]', '', 'g') as amount
        from numbers
        join listed using (report_id)
        -- of fewer digits there are too many of one kind
        where regexp_matches(numbers.printed_text, '^[-−]?[1-9][0-9,]*\\.?[0-9]+$') and length(numbers.printed_text) > 3
    ),
    counted as (
        select
            pair, (31 * unicode(pair) + unicode(substr(pair, 2, 1))) % $files as file,
            list(place order by place) as places
        from pairs
        group by pair
        union all
        select
            amount, cast(replace(amount, '.', '') as hugeint) % $files as file, list(place order by place) as places
        from amounts
        where length(amount) < 30
        group by amount
    )
    select file, '{' || string_agg('"' || pair || '":' || cast(to_json(places) as varchar), ',' order by pair) || '}'
    from counted
    group by file
"""

# What the page of a department shows; a chunk is of departments here.
DEPARTMENTS = {
    "years": """
        select
            department_id, report_id, fiscal_year, revenue_yuan, fiscal_appropriation_yuan, expenditure_yuan,
            basic_expenditure_yuan, project_expenditure_yuan, personnel_yuan, general_operating_yuan,
            closing_balance_yuan, three_public_budget_yuan, three_public_final_yuan, procurement_yuan,
            agency_operating_cost_yuan, vehicles, evaluated_projects, average_score
        from reporting.rpt_department_years
        where department_id in (select department_id from some_departments)
        order by department_id, fiscal_year
    """,
    "classes": """
        select department_id, fiscal_year, subject_code, subject_name, amount_yuan
        from reporting.rpt_subject_totals
        where subject_level = 'class' and department_id in (select department_id from some_departments)
        order by department_id, subject_code, fiscal_year
    """,
}

# Terms that reports explain, each with the words that most of them use.
TERMS = """
    select term, definition
    from (select {term?}, {definition?} from raw.glossary)
    where term is not null
    group by term, definition
    qualify row_number() over (partition by term order by count(*) desc, definition) = 1
    order by term
    limit 200
"""

# Labels that all pages share, with the registry of identities.
LABELS = {
    "identities": """
        select identity_id, family, title, title_zh, formula, severity, rationale, judged from raw.identities
    """,
    "columns": "select table_no, column_name, label_zh, fund, expense_item from raw.form_columns",
    "line_funds": "select distinct table_no, row_key, fund from raw.form_lines where fund is not null order by all",
    "forms": "select table_no, title_zh, title_en from raw.forms order by table_no",
    "funds": "select fund, fund_zh, fund_en from marts.dim_funds order by sort_order",
    "kinds": """
        select expenditure_kind, expenditure_kind_zh, expenditure_kind_en from marts.dim_expenditure_kinds
        order by sort_order
    """,
    "sources": """
        select revenue_source, revenue_source_zh, revenue_source_en from marts.dim_revenue_sources order by sort_order
    """,
    "expense_items": """
        select expense_item, expense_item_zh, expense_item_en from marts.dim_three_public_items order by sort_order
    """,
}

_SUBJECTS = "row_no, row_key, cast(null as varchar) as panel, subject_code, subject_name, null as line_no, row_role"
_LINES = "row_no, row_key, {panel} as panel, null as subject_code, item, cast(line_no as varchar) as line_no, row_role"
ROWS = "\nunion all by position\n".join(
    f"select report_id, '{table_no}' as table_no, {columns} from staging.stg_accounts__{table} where {{report}}"  # noqa: S608
    for table_no, table, columns in [
        ("01", "revenue_expenditure_summary", _LINES.format(panel="panel")),
        ("02", "revenue", _SUBJECTS),
        ("03", "expenditure", _SUBJECTS),
        ("04", "fiscal_appropriation_summary", _LINES.format(panel="panel")),
        ("05", "general_public_budget_expenditure", _SUBJECTS),
        ("06", "basic_expenditure", _SUBJECTS.replace("cast(null as varchar)", "cast(panel_no as varchar)")),
        ("07", "government_fund", _SUBJECTS),
        ("08", "state_capital_operations", _SUBJECTS),
        ("09", "three_public", "row_no, row_key, null as panel, null, null, null, row_role"),
        ("10", "disclosure_statistics", _LINES.format(panel="section")),
    ]
).replace("union all by position", "union all")


def _short(number: str) -> str:
    """SQL for a decimal with six places as text, without the zeros at its end."""
    return f"rtrim(rtrim(cast({number} as varchar), '0'), '.')"


# The ledger and the proof of a report are thousands of rows: they become JSON inside DuckDB, which is quick.
# A cell is known on its page by its place in the list of cells, from 1; below zero it stands on the other side.
LEDGER = [
    "create or replace temp table chunk_terms as select * from quality.fct_identity_terms where {report}",
    """
    create or replace temp table chunk_cells as
    with ledger as (
        select
            report_id, table_no, row_no, row_key, column_name, printed_text, cell_status,
            coalesce(amount_yuan, amount) as cell_value, half_unit_yuan as half_unit, page_no, box
        from quality.fct_report_cells
        where {report}
        union all
        -- rows of forms have the names that the terms of identities know them by
        select
            report_id, 'project', row_no,
            project_no || '/' || form_part
            || case when row_role in ('source', 'indicator') then '/' || row_no else '' end,
            case
                when form_part <> 'funding' or column_name not in ('score', 'execution_rate') then column_name
                when row_role = 'source' then 'source_' || column_name
                else replace(column_name, 'score', 'execution_score')
            end,
            printed_text, cell_status, coalesce(amount_yuan, amount), half_unit, null, null
        from quality.fct_project_cells
        where {report}
    ),
    elsewhere as (
        select
            report_id, table_no, 0 as row_no, row_key, column_name, any_value(printed_text) as printed_text,
            any_value(cell_status) as cell_status, any_value(cell_value) as cell_value,
            any_value(half_unit) as half_unit
        from chunk_terms
        anti join ledger using (report_id, table_no, row_key, column_name)
        group by report_id, table_no, row_key, column_name
    )
    select *, row_number() over (partition by report_id order by table_no, row_no, row_key, column_name) as cell_no
    from (from ledger union all by name from elsewhere)
    """,
]
ROWS_JSON = f"""
    select report_id, cast(to_json(list([
        table_no, cast(row_no as varchar), row_key, panel, subject_code, subject_name, line_no, row_role
    ] order by table_no, row_no)) as varchar)
    from ({ROWS}) as printed_rows (report_id, table_no, row_no, row_key, panel, subject_code, subject_name, line_no,
        row_role)
    group by report_id
"""  # noqa: S608
CELLS_JSON = f"""
    select report_id, cast(to_json(list([
        cells.table_no, cells.row_key, cells.column_name, cells.printed_text,
        case cells.cell_status when 'amount' then 'a' when 'blank' then 'b' when 'not_applicable' then 'n' else 'r' end,
        {_short("cast(cells.cell_value as decimal(26, 6))")}, {_short("cast(cells.half_unit as decimal(20, 6))")},
        uses.cell_use, uses.mart, coalesce(states.cell_state, 'uncovered')
    ] order by cells.cell_no)) as varchar)
    from chunk_cells as cells
    left join quality.fct_cell_uses as uses using (report_id, table_no, row_key, column_name)
    left join (select * from quality.fct_cell_states where {{report}}) as states
        using (report_id, table_no, row_key, column_name)
    where {{report}}
    group by report_id
"""  # noqa: S608
# Where cells stand on the pages of the file: place in the list of cells, page, box.
PLACES_JSON = """
    select
        report_id,
        cast(to_json(list([cast(cell_no as varchar), cast(page_no as varchar), box] order by cell_no)) as varchar)
    from chunk_cells
    where {report} and page_no is not null and box is not null
    group by report_id
"""
RESULTS_JSON = f"""
    with terms as (
        select
            report_id, identity_id, instance_key,
            array_to_string(list_sort(list(chunk_terms.coefficient * chunk_cells.cell_no)), ' ') as terms
        from chunk_terms
        join chunk_cells using (report_id, table_no, row_key, column_name)
        group by report_id, identity_id, instance_key
    )
    select report_id, cast(to_json(list([
        identity_id, instance_key, status, results.severity, {_short("left_yuan")},
        case when residual_yuan = 0 and comparison = 'equal' then null else {_short("right_yuan")} end,
        nullif({_short("residual_yuan")}, '0'), {_short("bound_yuan")}, reason, terms.terms
    ] order by identity_id, instance_key)) as varchar)
    from (
        select
            report_id, identity_id, instance_key, status, severity, left_yuan, right_yuan, residual_yuan, bound_yuan,
            comparison, {{reason?}}
        from quality.fct_identity_results
        where {{report}}
    ) as results
    left join terms using (report_id, identity_id, instance_key)
    group by report_id
"""  # noqa: S608
