-- one row per printed figure that nobody can read: of the tables, the forms or the narrative
with

report_cells as (

    select * from {{ ref('int_cells_in_words') }}

),

project_cells as (

    select * from {{ ref('int_project_cells') }}

),

claims as (

    select * from {{ ref('stg_accounts__narrative_claims') }}

),

forms as (

    select * from {{ ref('forms') }}

),

final as (

    select
        report_cells.report_id,
        forms.form_name as raw_table,
        report_cells.row_no,
        report_cells.row_key,
        report_cells.column_name,
        report_cells.printed_text
    from report_cells
    inner join forms
        on report_cells.table_no = forms.table_no
    where report_cells.cell_status = 'rejected'

    union all

    select
        report_id,
        case form_part when 'funding' then 'project_funding' when 'indicator' then 'project_indicators' else 'projects' end as raw_table,
        row_no,
        'project ' || cast(project_no as string) as row_key,
        column_name,
        printed_text
    from project_cells
    where cell_status = 'rejected'

    union all

    select
        report_id,
        'narrative_claims' as raw_table,
        claim_no as row_no,
        subject as row_key,
        'value_text' as column_name,
        value_text as printed_text
    from claims
    where value_status = 'rejected'

)

select * from final
