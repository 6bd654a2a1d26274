-- one row per report that another one repeats under another code of its division or department, wherever both print a cell: it is held back
{#-
    The report of a county that became a district is at hand under either code; counted under both it would count twice. The one under
    the code that was valid in the fiscal year enters.
#}
with

reports as (

    select
        report_id,
        report_no,
        department_id,
        division_code,
        fiscal_year,
        coalesce(title like '%单位决算%', false) as is_of_a_unit
    from {{ ref('stg_accounts__reports') }}

),

divisions as (

    select * from {{ ref('dim_divisions') }}

),

-- whether the code was valid in the year
placed as (

    select
        reports.report_id,
        coalesce(
            bool_or(
                reports.fiscal_year between coalesce(divisions.valid_from_year, 0) and coalesce(divisions.valid_to_year, 9999)
            ),
            false
        ) as is_of_the_year
    from reports
    left join divisions
        on reports.division_code = divisions.division_code
    group by reports.report_id

),

candidates as (

    select
        reports.*,
        names.latest_division_code,
        names.body_name,
        placed.is_of_the_year
    from reports
    inner join placed
        on reports.report_id = placed.report_id
    inner join {{ ref('int_body_names') }} as names
        on reports.report_id = names.report_id
    qualify
        count(*) over (
            partition by names.latest_division_code, reports.fiscal_year, names.body_name, reports.is_of_a_unit
        ) > 1

),

cells as (

    select
        candidates.report_id,
        cells.address_no,
        coalesce(cells.amount, 0) as amount
    from {{ ref('int_report_cells') }} as cells
    inner join candidates
        on cells.report_no = candidates.report_no

),

pairs as (

    select
        repeated.report_id,
        kept.report_id as other_report_id,
        kept.is_of_the_year
    from candidates as repeated
    inner join candidates as kept
        on
            repeated.latest_division_code = kept.latest_division_code
            and repeated.fiscal_year = kept.fiscal_year
            and repeated.body_name = kept.body_name
            and repeated.is_of_a_unit = kept.is_of_a_unit
            and repeated.department_id <> kept.department_id
    where
        case
            when repeated.is_of_the_year = kept.is_of_the_year then repeated.report_id > kept.report_id
            else kept.is_of_the_year
        end

),

alike as (

    select
        pairs.report_id,
        pairs.other_report_id,
        pairs.is_of_the_year
    from pairs
    inner join cells as own_cells
        on pairs.report_id = own_cells.report_id
    inner join cells as other_cells
        on
            pairs.other_report_id = other_cells.report_id
            and own_cells.address_no = other_cells.address_no
    group by
        pairs.report_id,
        pairs.other_report_id,
        pairs.is_of_the_year
    having
        max(abs(own_cells.amount - other_cells.amount)) = 0
        and max(abs(own_cells.amount)) > 0

),

final as (

    select
        report_id,
        other_report_id,
        'the same report as ' || other_report_id || ' under another code: wherever both print a cell, they print the same' as hold_reason
    from alike
    qualify row_number() over (partition by report_id order by is_of_the_year desc, other_report_id asc) = 1

)

select * from final
