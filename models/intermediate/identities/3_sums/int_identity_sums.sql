-- one row per report and instance of a linear identity: both sides, what rounding can explain of each, and what is printed
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

identities as (

    select * from {{ ref('identities') }}

),

instances as (

    select * from {{ ref('int_identity_instances') }}

),

cell_values as (

    select * from {{ of_changed_reports(ref('int_cell_values'), 'report_no') }}

),

address_terms as (

    select * from {{ ref('int_address_terms') }}

),

claim_terms as (

    select * from {{ of_changed_reports(ref('int_claim_terms')) }}

),

terms as (

    select
        cell_values.report_no,
        address_terms.instance_no,
        address_terms.coefficient,
        cell_values.cell_status,
        cell_values.cell_value,
        cell_values.half_unit
    from cell_values
    inner join address_terms
        on cell_values.address_no = address_terms.address_no

    union all

    select
        reports.report_no,
        instances.instance_no,
        claim_terms.coefficient,
        claim_terms.cell_status,
        claim_terms.cell_value,
        claim_terms.half_unit
    from claim_terms
    inner join reports
        on claim_terms.report_id = reports.report_id
    inner join instances
        on
            claim_terms.identity_id = instances.identity_id
            and claim_terms.row_part = instances.row_part

    union all

    -- An identity over named rows runs in every report, whether it prints them or not.
    select
        reports.report_no,
        instances.instance_no,
        0 as coefficient,
        'blank' as cell_status,
        null as cell_value,
        null as half_unit
    from reports
    inner join identities
        on reports.fiscal_year between coalesce(identities.first_year, 0) and coalesce(identities.last_year, 9999)
    inner join instances
        on
            identities.identity_id = instances.identity_id
            and instances.is_in_every_report

),

-- Years in which an identity does not hold have none of its instances, whatever cells they print.
out_of_years as (

    select
        reports.report_no,
        instances.instance_no
    from reports
    inner join identities
        on
            reports.fiscal_year < identities.first_year
            or reports.fiscal_year > identities.last_year
    inner join instances
        on identities.identity_id = instances.identity_id

),

-- The denominator comes with the sums: a cell opens its instances whether it is blank or not, and only what is printed has
-- a say, because a blank is exactly zero.
final as (

    select
        terms.report_no,
        terms.instance_no,
        cast(sum(cell_value) filter (where coefficient = 1) as decimal(26, 6)) as left_side,
        cast(sum(cell_value) filter (where coefficient = -1) as decimal(26, 6)) as right_side,
        -- Digits that are cut off take every amount towards zero: what they took either raises the difference of the sides or
        -- lowers it. Numbers of 64 bits, because they are written several times faster than those of 128.
        -- A zero may be what is left of an amount of either sign.
        cast(sum(half_unit) filter (where cell_value <> 0 and (coefficient = 1) = (cell_value > 0)) as decimal(18, 6)) as half_above,
        cast(sum(half_unit) filter (where cell_value <> 0 and (coefficient = 1) <> (cell_value > 0)) as decimal(18, 6)) as half_below,
        cast(sum(half_unit) filter (where cell_value = 0) as decimal(18, 6)) as half_zero,
        cast(count(cell_value) as integer) as cells_present,
        cast(count(*) filter (where cell_status = 'rejected') as integer) as cells_rejected
    from terms
    left join out_of_years
        on
            terms.report_no = out_of_years.report_no
            and terms.instance_no = out_of_years.instance_no
    where out_of_years.report_no is null
    group by
        terms.report_no,
        terms.instance_no

)

select * from final
