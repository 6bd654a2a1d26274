-- one row per division code and fiscal year that released reports print: the division that it means in that year
{#-
    A report of a year is printed in the next, and its code may be that of a division that came only then, or had ended before. The
    division of the year is then the one that became it, or that it became, where there is only one.
#}
with

printed as (

    select distinct
        division_code,
        fiscal_year
    from {{ ref('int_reports_released') }}

),

divisions as (

    select
        *,
        coalesce(valid_from_year, 0) as first_year,
        coalesce(valid_to_year, 9999) as last_year
    from {{ ref('dim_divisions') }}

),

lineages as (

    select * from {{ ref('int_division_lineages') }} where is_whole

),

candidates as (

    select
        printed.division_code,
        printed.fiscal_year,
        divisions.division_id,
        case
            when printed.fiscal_year between divisions.first_year and divisions.last_year then 'of_the_year'
            else 'of_another_year'
        end as division_match
    from printed
    inner join divisions
        on printed.division_code = divisions.division_code

    union

    select
        printed.division_code,
        printed.fiscal_year,
        divisions.division_id,
        'of_a_later_code' as division_match
    from printed
    inner join lineages
        on printed.division_code = lineages.later_code
    inner join divisions
        on
            lineages.division_code = divisions.division_code
            and lineages.division_name = divisions.division_name
            and printed.fiscal_year between divisions.first_year and divisions.last_year
    where lineages.division_code <> lineages.later_code

    union

    select
        printed.division_code,
        printed.fiscal_year,
        divisions.division_id,
        'of_an_earlier_code' as division_match
    from printed
    inner join lineages
        on printed.division_code = lineages.division_code
    inner join divisions
        on
            lineages.later_code = divisions.division_code
            and lineages.later_name = divisions.division_name
            and printed.fiscal_year between divisions.first_year and divisions.last_year
    where lineages.division_code <> lineages.later_code

),

counted as (

    select
        *,
        count(*) over (partition by division_code, fiscal_year, division_match) as divisions_of_the_kind
    from candidates

),

final as (

    select
        division_code,
        fiscal_year,
        division_id,
        division_match
    from counted
    where
        divisions_of_the_kind = 1
        or division_match = 'of_another_year'
    qualify row_number() over (
        partition by division_code, fiscal_year
        order by
            case division_match
                when 'of_the_year' then 1 when 'of_a_later_code' then 2 when 'of_an_earlier_code' then 3 else 4
            end,
            division_id desc
    ) = 1

)

select * from final
