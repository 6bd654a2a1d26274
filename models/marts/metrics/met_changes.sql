-- one row per series, fund, functional class and year with an earlier one: what changed since the last year that the series has
with

changes as (

    select * from {{ ref('rpt_changes') }} where subject_level = 'class'

),

-- every pair of years is compared; one year follows another only once
pairs as (

    select
        series_id,
        to_year,
        max(from_year) as from_year
    from changes
    group by
        series_id,
        to_year

),

final as (

    select
        cast(concat_ws('-', changes.series_id, changes.to_year, changes.fund, changes.subject_code) as string) as change_id,
        cast(make_date(changes.to_year, 1, 1) as date) as fiscal_date,
        cast(changes.series_id as string) as series_id,
        cast(changes.from_year as integer) as from_year,
        cast(changes.fund as string) as fund,
        cast(changes.subject_code as string) as class_code,
        cast(changes.from_yuan as decimal(20, 2)) as from_yuan,
        cast(changes.change_yuan as decimal(20, 2)) as change_yuan,
        cast(changes.is_broken as boolean) as is_broken
    from changes
    inner join pairs
        on
            changes.series_id = pairs.series_id
            and changes.to_year = pairs.to_year
            and changes.from_year = pairs.from_year

)

select * from final
