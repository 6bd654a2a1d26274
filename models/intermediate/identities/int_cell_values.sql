-- one row per amount cell that identities can take part of, by number: of the ten tables, of the year before and of the project forms
{#- int_identity_cells tells the same cells with the words of their places, for those that look for words. #}
with

report_cells as (

    select * from {{ ref('int_report_cells') }}

),

form_and_prior_cells as (

    select * from {{ ref('int_form_and_prior_cells') }}

),

final as (

    select
        report_no,
        address_no,
        printed_text,
        cell_status,
        cast(coalesce(amount_yuan, amount) as decimal(22, 6)) as cell_value,
        cast(coalesce(half_unit_yuan, 0) as decimal(18, 6)) as half_unit,
        coalesce(place_yuan, 1) as place,
        place_yuan is null as is_counted
    from report_cells

    union all

    select
        report_no,
        address_no,
        printed_text,
        cell_status,
        cell_value,
        half_unit,
        place,
        is_counted
    from form_and_prior_cells

)

select * from final
