-- one row per broken instance and cell in it, with how many broken instances its cells touch
{#-
    Two broken instances belong together when they share a cell. A single cell can explain its broken instances only if
    none of them shares a cell with any other broken instance; then they are a cluster, and every instance of the cluster
    touches as many broken instances as the cell is in. So no search for connected parts is needed, only these counts.
#}
with

results as (

    select * from {{ ref('fct_identity_results') }}

),

cell_values as (

    select * from {{ ref('int_cell_values') }}

),

addresses as (

    select * from {{ ref('int_cell_addresses') }}

),

address_terms as (

    select * from {{ ref('int_address_terms') }}

),

claim_terms as (

    select * from {{ ref('int_claim_terms') }}

),

broken as (

    select
        results.report_no,
        results.report_id,
        results.severity,
        results.identity_id,
        results.instance_key,
        results.instance_no,
        row_number() over (
            partition by results.report_id, results.severity
            order by results.identity_id, results.instance_key
        ) as broken_no
    from results
    where
        results.status = 'broken'
        and results.severity in ('fatal', 'error')
        and results.instance_no is not null

),

cells as (

    select
        broken.report_no,
        broken.report_id,
        broken.severity,
        broken.broken_no,
        addresses.table_no,
        addresses.row_key,
        addresses.column_name
    from broken
    inner join address_terms
        on broken.instance_no = address_terms.instance_no
    inner join addresses
        on address_terms.address_no = addresses.address_no
    inner join cell_values
        on
            broken.report_no = cell_values.report_no
            and address_terms.address_no = cell_values.address_no

    union

    select
        broken.report_no,
        broken.report_id,
        broken.severity,
        broken.broken_no,
        claim_terms.table_no,
        claim_terms.row_key,
        claim_terms.column_name
    from broken
    inner join claim_terms
        on
            broken.report_id = claim_terms.report_id
            and broken.identity_id = claim_terms.identity_id
            -- a claim has no column part
            and broken.instance_key = claim_terms.row_part

),

touching as (

    select
        cells.report_id,
        cells.severity,
        cells.broken_no,
        count(distinct others.broken_no) as touched_instances,
        min(others.broken_no) as cluster_no
    from cells
    inner join cells as others
        on
            cells.report_id = others.report_id
            and cells.severity = others.severity
            and cells.table_no = others.table_no
            and cells.row_key = others.row_key
            and cells.column_name = others.column_name
    group by
        cells.report_id,
        cells.severity,
        cells.broken_no

),

final as (

    select
        cells.report_no,
        cells.report_id,
        cells.severity,
        cells.broken_no,
        cells.table_no,
        cells.row_key,
        cells.column_name,
        touching.touched_instances,
        touching.cluster_no
    from cells
    inner join touching
        on
            cells.report_id = touching.report_id
            and cells.severity = touching.severity
            and cells.broken_no = touching.broken_no

)

select * from final
