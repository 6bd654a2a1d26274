-- one row per administrative division and run of years in which its code and name stay the same
with

periods as (

    select
        *,
        coalesce(valid_to_year, 9999) as last_year
    from {{ ref('int_division_periods') }}
    -- what stands in the code books to hold counties together has no government
    where division_name not in ('市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划')

),

lineages as (

    select * from {{ ref('int_division_lineages') }} where is_whole

),

-- what it is today, where that is one division
latest as (

    select
        lineages.division_code,
        lineages.division_name,
        max(lineages.later_code) as latest_code,
        max(lineages.later_name) as latest_name
    from lineages
    inner join periods
        on
            lineages.later_code = periods.division_code
            and lineages.later_name = periods.division_name
    where periods.valid_to_year is null
    group by
        lineages.division_code,
        lineages.division_name
    having count(distinct lineages.later_code) = 1

),

codes_above as (

    select
        division_code,
        division_name,
        last_year,
        substr(division_code, 1, 2) || '0000' as parent_code
    from periods
    union
    select
        division_code,
        division_name,
        last_year,
        substr(division_code, 1, 4) || '00' as parent_code
    from periods

),

-- The divisions above it as its years ended: the prefecture, or the province where no prefecture stands between.
above as (

    select
        codes_above.division_code,
        codes_above.division_name,
        codes_above.last_year,
        max(case when parents.division_code like '%0000' then parents.division_name end) as province_name,
        max(case when parents.division_code not like '%0000' then parents.division_name end) as prefecture_name,
        max(parents.division_code) as parent_code
    from codes_above
    inner join periods as parents
        on
            codes_above.parent_code = parents.division_code
            and codes_above.division_code <> parents.division_code
            and codes_above.last_year between coalesce(parents.valid_from_year, 0) and parents.last_year
    group by
        codes_above.division_code,
        codes_above.division_name,
        codes_above.last_year

),

final as (

    select
        cast(periods.division_code || '-' || coalesce(cast(periods.valid_from_year as string), 'first') as string) as division_id,
        cast(periods.division_code as string) as division_code,
        cast(periods.division_name as string) as division_name,
        cast(concat_ws('', above.province_name, above.prefecture_name, periods.division_name) as string) as full_name,
        cast(
            case
                when periods.division_code like '%0000' then 'province'
                when periods.division_code like '%00' then 'prefecture'
                else 'county'
            end as string
        ) as division_level,
        cast(above.parent_code as string) as parent_code,
        cast(periods.valid_from_year as integer) as valid_from_year,
        cast(periods.valid_to_year as integer) as valid_to_year,
        cast(periods.valid_to_year is null as boolean) as is_current,
        cast(latest.latest_code as string) as latest_code,
        cast(latest.latest_name as string) as latest_name
    from periods
    left join above
        on
            periods.division_code = above.division_code
            and periods.division_name = above.division_name
            and periods.last_year = above.last_year
    left join latest
        on
            periods.division_code = latest.division_code
            and periods.division_name = latest.division_name

)

select * from final
