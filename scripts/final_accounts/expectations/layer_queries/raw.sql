-- Suite raw: what the paper shows is there, as text, and belongs to a report. How these files are read: layers.py.
{% set report_tables = tables_with('raw', 'report_id') | reject('equalto', 'raw.waivers') | list %}

-- forms_have_their_columns on information_schema.columns
-- 十张表的每个金额栏在原始表中都有对应列
-- Every amount column of the ten forms is a column of its raw table
select forms.table_no, forms.form_name, form_columns.column_name
from raw.forms as forms
inner join raw.form_columns as form_columns on forms.table_no = form_columns.table_no
left join {{ batch }} as present
    on
        present.table_schema = 'raw'
        and forms.form_name = present.table_name
        and form_columns.column_name = present.column_name
where present.column_name is null
;

-- cells_are_text on information_schema.columns
-- 原始表逐字保存，所有单元格都是文本
-- Raw tables keep what is printed, so every cell is text
select table_name, column_name, data_type
from {{ batch }}
where
    table_schema || '.' || table_name in ({% for table in report_tables %}'{{ table }}'{{ ', ' if not loop.last }}{% endfor %})
    and data_type <> 'VARCHAR'
;

-- rows_are_numbered_without_gaps on raw.reports, warning
-- 印刷行号从1起连续，没有漏录的行
-- Rows are numbered from 1 without a gap, so none was left out
select
    numbered.raw_table,
    numbered.report_id,
    numbered.project_no,
    count(distinct numbered.row_no) as raw_rows,
    min(numbered.row_no) as first_row,
    max(numbered.row_no) as last_row
from (
    {% for table in tables_with('raw', 'report_id', 'row_no') %}
    select
        '{{ table }}' as raw_table,
        {{ trimmed('report_id') }} as report_id,
        {{ 'project_no' if 'project_no' in columns[table] else 'cast(null as varchar)' }} as project_no,
        try_cast(row_no as integer) as row_no
    from {{ table }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
) as numbered
inner join {{ batch }} as reports on numbered.report_id = {{ trimmed('reports.report_id') }}
group by all
having count(distinct numbered.row_no) <> max(numbered.row_no) or min(numbered.row_no) <> 1
;

-- claims_stand_in_their_paragraph on raw.narrative_claims, warning
-- 文字部分的每个数字逐字见于其段落
-- Every figure of the narrative stands in its paragraph, word for word
select claims.report_id, claims.claim_no, claims.paragraph_no, claims.value_text, paragraphs.paragraph_text
from {{ batch }} as claims
inner join raw.narrative_paragraphs as paragraphs
    on
        {{ trimmed('claims.report_id') }} = {{ trimmed('paragraphs.report_id') }}
        and {{ trimmed('claims.paragraph_no') }} = {{ trimmed('paragraphs.paragraph_no') }}
where not contains(paragraphs.paragraph_text, {{ trimmed('claims.value_text') }})
;

-- identities_are_explained on raw.identities
-- 每条勾稽关系都有名称、公式、依据和理由
-- Every identity has its titles, formula, authority and rationale
select identity_id, title, title_zh, formula, authority, rationale
from {{ batch }}
where '' in (
    coalesce(title, ''), coalesce(title_zh, ''), coalesce(formula, ''), coalesce(authority, ''), coalesce(rationale, '')
)
;

-- waivers_are_in_force on raw.waivers
-- 豁免均有理由、批准人和未到期的期限，且与差额一致
-- Every waiver has a reason, an approver and an end to come, and waives what is there
select
    waivers.identity_id,
    waivers.report_id,
    waivers.instance_key,
    waivers.residual_yuan,
    waivers.reason,
    waivers.approved_by,
    waivers.valid_until
from {{ batch }} as waivers
left join quality.fct_identity_results as results
    on
        waivers.identity_id = results.identity_id
        and waivers.report_id = results.report_id
        and coalesce(waivers.instance_key, '') = results.instance_key
        and results.status = 'waived'
where
    results.identity_id is null
    or coalesce(waivers.reason, '') = ''
    or coalesce(waivers.approved_by, '') = ''
    or coalesce(waivers.valid_until < current_date, true)
;
