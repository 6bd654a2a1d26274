-- one row per division and run of years in which its code and name stay the same
with

divisions as (

    select * from {{ ref('divisions') }}

),

changes as (

    select * from {{ ref('division_changes') }}
    where old_code is distinct from new_code or old_name is distinct from new_name

),

-- 9999 marks what is listed and goes on
marks as (

    select
        old_code as division_code,
        old_name as division_name,
        change_year as mark_year,
        false as is_begin
    from changes
    where old_code is not null and change_zh <> '析分'
    union
    select
        new_code as division_code,
        new_name as division_name,
        change_year as mark_year,
        true as is_begin
    from changes
    where
        new_code is not null
        -- what another went into need not begin with it: where it does, the code books have a row of its own
        and basis in ('code_books', 'curated', 'own')
        and change_zh <> '撤区设区'
    union
    select
        division_code,
        division_name,
        9999 as mark_year,
        false as is_begin
    from divisions

),

ordered as (

    select
        *,
        lag(is_begin) over (partition by division_code, division_name order by mark_year, is_begin) as follows_begin,
        lag(mark_year) over (partition by division_code, division_name order by mark_year, is_begin) as prior_year
    from marks

),

final as (

    select
        division_code,
        division_name,
        prior_year as valid_from_year,
        nullif(mark_year, 9999) - 1 as valid_to_year
    from ordered
    where
        not is_begin
        -- what has ended and did not begin again is listed by a list of before; two ends in a row are one
        and coalesce(follows_begin, true)

)

select * from final
