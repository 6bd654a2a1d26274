-- one row per report that prints a self-evaluation form which was not understood, and so is kept cell by cell
{# How many projects such a report has, and how much their money is, is not known. #}
with

other_cells as (

    select * from {{ of_changed_reports(ref('stg_accounts__other_cells')) }}

),

final as (

    select distinct report_id
    from other_cells
    where
        title like '%自评%'
        and replace(printed_text, ' ', '') like '项目名称%'

)

select * from final
