-- one row per report, instance that binds and cell in it, blank ones too, by number
with

cell_values as (

    select * from {{ ref('int_cell_values') }}

),

addresses as (

    select
        *,
        {{ cell_number() }} as cell_no
    from {{ ref('int_cell_addresses') }}

),

address_terms as (

    select * from {{ ref('int_address_terms') }}

),

claim_terms as (

    select
        *,
        {{ cell_number() }} as cell_no
    from {{ ref('int_claim_terms') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

final as (

    select
        cell_values.report_no,
        address_terms.instance_no,
        addresses.cell_no,
        address_terms.coefficient,
        addresses.table_no,
        addresses.row_key,
        addresses.column_name,
        cell_values.printed_text,
        cell_values.cell_status,
        cell_values.cell_value,
        cell_values.half_unit,
        cell_values.place
    from cell_values
    inner join addresses
        on cell_values.address_no = addresses.address_no
    inner join address_terms
        on cell_values.address_no = address_terms.address_no

    union all

    select
        reports.report_no,
        instances.instance_no,
        claim_terms.cell_no,
        claim_terms.coefficient,
        claim_terms.table_no,
        claim_terms.row_key,
        claim_terms.column_name,
        claim_terms.printed_text,
        claim_terms.cell_status,
        claim_terms.cell_value,
        claim_terms.half_unit,
        claim_terms.place
    from claim_terms
    inner join reports
        on claim_terms.report_id = reports.report_id
    inner join instances
        on
            claim_terms.identity_id = instances.identity_id
            and claim_terms.row_part = instances.row_part

)

select * from final
