{#- One row per amount cell. The variables say which tables there are, with their amount columns.
    Without figures about this table, and with the reports joined later, PostgreSQL plans twenty times the work. -#}
{{- config(post_hook="analyze {{ this }}") -}}
{%- for table_no, (table, amounts) in var('by_subject').items() %}
select printed.report_id, unit, '{{ table_no }}' as table_no, row_key, row_role, column_name, printed_text
from (
    select
        *,
        case
            when subject_code <> '' then subject_code
            when subject_name = '合计' then 'total'
            when subject_name = '人员经费合计' then 'personnel_total'
            when subject_name = '公用经费合计' then 'general_operating_total'
            else 'blank_' || row_no
        end as row_key,
        case
            when subject_name in ('合计', '人员经费合计', '公用经费合计') then 'total'
            when subject_code = '' then 'blank'
            when starts_with(
                lead(subject_code) over (partition by report_id order by subject_code, row_no), subject_code
            ) then 'parent'
            else 'leaf'
        end as row_role
    from {{ source('landing', table) }}
) as printed
inner join {{ ref('reports') }} as reports on printed.report_id = reports.report_id
{{ cells_of(amounts) }}
union all
{%- endfor %}
{%- for table_no, (table, group, amounts) in var('by_line').items() %}
select printed.report_id, unit, '{{ table_no }}' as table_no, lines.row_key, lines.line_role as row_role, column_name, printed_text
from (
    select *, row_number() over (partition by report_id, {{ group }}, item order by cast(row_no as integer)) as occurrence
    from {{ source('landing', table) }}
) as printed
inner join {{ ref('lines') }} as lines
    on lines.table_no = '{{ table_no }}'
    and printed.{{ group }} = lines.panel
    and printed.item = lines.label
    and printed.occurrence = lines.occurrence
inner join {{ ref('reports') }} as reports on printed.report_id = reports.report_id
{{ cells_of(amounts) }}
{%- if table_no == '04' %}
where (lines.panel = 'revenue') = (column_name = 'amount')
{%- endif %}
union all
{%- endfor %}
select printed.report_id, unit, '09' as table_no, 'total' as row_key, 'component' as row_role, column_name, printed_text
from {{ source('landing', 'three_public') }} as printed
inner join {{ ref('reports') }} as reports on printed.report_id = reports.report_id
{{ cells_of(var('three_public')) }}
