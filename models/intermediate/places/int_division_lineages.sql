-- one row per division, by code and name, and division that it became, through one change or several; itself among them
with recursive

periods as (

    select distinct
        division_code,
        division_name
    from {{ ref('int_division_periods') }}

),

successors as (

    select * from {{ ref('dim_division_successors') }}

),

lineages as (

    select
        division_code,
        division_name,
        division_code as later_code,
        division_name as later_name,
        0 as change_year,
        true as is_whole
    from periods

    {{ until_nothing_is_new() }}

    select
        lineages.division_code,
        lineages.division_name,
        successors.successor_code as later_code,
        successors.successor_name as later_name,
        successors.change_year,
        lineages.is_whole and not successors.is_part as is_whole
    from lineages
    inner join successors
        on
            lineages.later_code = successors.division_code
            and lineages.later_name = successors.division_name
            and lineages.change_year <= successors.change_year
            -- back to itself is no way on
            and (lineages.division_code <> successors.successor_code or lineages.division_name <> successors.successor_name)

),

final as (

    select
        division_code,
        division_name,
        later_code,
        later_name,
        max(change_year) as change_year,
        max(is_whole) as is_whole
    from lineages
    group by
        division_code,
        division_name,
        later_code,
        later_name

)

select * from final
