-- one row per class that table 05 prints and section that lists classes: whether the section names it
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }}

),

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }} where table_no = '05'

),

listing_sections as (

    select
        report_id,
        section
    from claims
    where
        class_table = '05'
        and measure = 'amount'
    group by
        report_id,
        section
    having count(*) > 1

),

class_amounts as (

    select * from cells
    where
        column_name = 'total'
        and length(row_key) = 3
        and cell_status = 'amount'
        and amount <> 0

),

final as (

    select
        listing_sections.report_id,
        'n_omitted_item' as identity_id,
        class_amounts.row_key || ':' || listing_sections.section as instance_key,
        max(claims.claim_no) is not null as holds,
        'table 05 prints ' || max(class_amounts.printed_text) || ' for class ' || class_amounts.row_key
        || ', the section «' || listing_sections.section || '» does not name it' as reason
    from listing_sections
    inner join class_amounts
        on listing_sections.report_id = class_amounts.report_id
    left join claims
        on
            listing_sections.report_id = claims.report_id
            and listing_sections.section = claims.section
            and class_amounts.row_key = claims.class_code
            and claims.measure = 'amount'
    group by
        listing_sections.report_id,
        listing_sections.section,
        class_amounts.row_key

)

select * from final
