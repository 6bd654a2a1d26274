-- The sources of a project add up to its total exactly as far as the form's own cells do: the marts neither drop a source nor count
-- the total row among them, and a form that contradicts itself is shown and not mended.
{%- set columns = ['target_declared', 'initial_budget', 'annual_budget', 'executed', 'carried_over'] %}
with

reports as (

    select * from {{ ref('dim_reports') }}

),

cells as (

    select * from {{ ref('fct_project_cells') }} where form_part = 'funding'

),

projects as (

    select * from {{ ref('fct_projects') }}

),

funding as (

    select * from {{ ref('fct_project_funding') }}

),

printed as (

    select
        cells.report_id,
        cells.project_no,
        cells.column_name,
        coalesce(sum(cells.amount_yuan) filter (where cells.row_role = 'total'), 0) as total_yuan,
        coalesce(sum(cells.amount_yuan) filter (where cells.row_role = 'source'), 0) as sources_yuan
    from cells
    inner join reports
        on cells.report_id = reports.report_id
    where cells.column_name in ('{{ columns | join("', '") }}')
    group by
        cells.report_id,
        cells.project_no,
        cells.column_name

),

totals as (

    {% for column in columns -%}
    select
        report_id,
        project_no,
        '{{ column }}' as column_name,
        {{ column }}_yuan as total_yuan
    from projects
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

sources as (

    {% for column in columns -%}
    select
        report_id,
        project_no,
        '{{ column }}' as column_name,
        sum({{ column }}_yuan) as sources_yuan
    from funding
    group by
        report_id,
        project_no
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

compared as (

    select
        printed.*,
        coalesce(totals.total_yuan, 0) as mart_total_yuan,
        coalesce(sources.sources_yuan, 0) as mart_sources_yuan
    from printed
    left join totals
        on
            printed.report_id = totals.report_id
            and printed.project_no = totals.project_no
            and printed.column_name = totals.column_name
    left join sources
        on
            printed.report_id = sources.report_id
            and printed.project_no = sources.project_no
            and printed.column_name = sources.column_name

),

final as (

    select
        report_id,
        project_no,
        column_name,
        'report ' || report_id || ', project ' || cast(project_no as string) || ', ' || column_name || ': the form prints a total of '
        || cast(total_yuan as string) || ' yuan and sources of ' || cast(sources_yuan as string) || '; fct_projects has '
        || cast(mart_total_yuan as string) || ' and fct_project_funding ' || cast(mart_sources_yuan as string) as problem
    from compared
    where
        total_yuan <> mart_total_yuan
        or sources_yuan <> mart_sources_yuan

)

select * from final
