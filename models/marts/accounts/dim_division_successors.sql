-- one row per division, by code and name, and division that followed it in one change
with

changes as (

    select * from {{ ref('division_changes') }}

),

final as (

    select
        cast(old_code as string) as division_code,
        cast(old_name as string) as division_name,
        cast(change_year as integer) as change_year,
        cast(new_code as string) as successor_code,
        cast(new_name as string) as successor_name,
        cast(max(change_zh) as string) as change_zh,
        cast(max(change_zh) = '析分' as boolean) as is_part,
        cast(max(basis) as string) as basis,
        cast(max(source) as string) as source
    from changes
    where
        old_code is not null
        and new_code is not null
        and (old_code <> new_code or old_name <> new_name)
        -- another body got the code
        and change_zh <> '码位改派'
        -- A name alone is followed into another prefecture only where it is that of a prefecture: there are many 矿区, one 晋城市.
        and (basis <> 'completed_by_name' or substr(old_code, 1, 4) = substr(new_code, 1, 4) or new_code like '%00')
    group by
        old_code,
        old_name,
        change_year,
        new_code,
        new_name

)

select * from final
