-- one row per department and change of its name, its code or both: what it became, or that this is not known; and where
-- one came from nowhere
with

years as (

    select * from {{ ref('int_department_years') }}

),

links as (

    select * from {{ ref('int_department_links') }}

),

splits as (

    select * from {{ ref('int_department_splits') }}

),

last_years as (

    select *
    from years
    qualify row_number() over (partition by body_id order by fiscal_year desc) = 1

),

first_years as (

    select *
    from years
    qualify row_number() over (partition by body_id order by fiscal_year) = 1

),

joined as (

    select
        successor_id,
        change_year,
        count(*) as bodies
    from links
    group by
        successor_id,
        change_year

),

-- Which years have reports of the division: what ends with the last of them has not ended, what begins with the first
-- has not begun.
division_years as (

    select
        latest_division_code,
        min(fiscal_year) as first_year,
        max(fiscal_year) as last_year
    from years
    group by latest_division_code

),

final as (

    select
        cast(last_years.department_id as string) as department_id,
        cast(links.change_year as integer) as change_year,
        cast(last_years.department_name as string) as department_name,
        cast(successors.department_id as string) as successor_id,
        cast(successors.department_name as string) as successor_name,
        cast(
            case
                when joined.bodies > 1 or successors.goes_on not in ('first', 'another_body') then 'merged'
                when last_years.division_code <> successors.division_code then 'moved_with_its_division'
                when last_years.department_id = successors.department_id then 'renamed'
                when last_years.body_name = successors.body_name then 'recoded'
                else 'renamed_and_recoded'
            end as string
        ) as change,
        cast(links.basis as string) as basis,
        cast(1 as integer) as change_no
    from links
    inner join last_years
        on links.body_id = last_years.body_id
    inner join years as successors
        on
            links.successor_id = successors.body_id
            and links.change_year = successors.fiscal_year
    inner join joined
        on
            links.successor_id = joined.successor_id
            and links.change_year = joined.change_year

    union all

    select
        cast(department_id as string) as department_id,
        cast(fiscal_year as integer) as change_year,
        cast(prior_name as string) as department_name,
        cast(department_id as string) as successor_id,
        cast(department_name as string) as successor_name,
        cast(case goes_on when 'printed_otherwise' then 'printed_otherwise' else 'renamed' end as string) as change,
        cast(
            case goes_on
                when 'printed_otherwise' then 'its code, and its name but for brackets or one report'
                when 'balance' then 'its code and its balance'
                else 'its code, and names alike'
            end as string
        ) as basis,
        cast(1 as integer) as change_no
    from years
    -- under one code: another name
    where goes_on in ('balance', 'code_alone', 'printed_otherwise')

    union all

    -- Nobody goes on with all of it, so that its series ends there, or goes on with less.
    select
        cast(splits.department_id as string) as department_id,
        cast(splits.change_year as integer) as change_year,
        cast(splits.department_name as string) as department_name,
        cast(successors.department_id as string) as successor_id,
        cast(successors.department_name as string) as successor_name,
        cast('split' as string) as change,
        cast('balances: its closing is two openings' as string) as basis,
        cast(
            row_number() over (partition by splits.body_id, splits.change_year order by successors.department_id) as integer
        ) as change_no
    from splits
    inner join years as successors
        on splits.successor_report_id = successors.report_id

    union all

    -- What stops while others of its division go on, and nothing leads on.
    select
        cast(last_years.department_id as string) as department_id,
        cast(last_years.fiscal_year + 1 as integer) as change_year,
        cast(last_years.department_name as string) as department_name,
        cast(null as string) as successor_id,
        cast(null as string) as successor_name,
        cast('not_known' as string) as change,
        cast('no name, code or balance leads on' as string) as basis,
        cast(1 as integer) as change_no
    from last_years
    inner join division_years
        on last_years.latest_division_code = division_years.latest_division_code
    left join links
        on last_years.body_id = links.body_id
    left join splits
        on
            last_years.body_id = splits.body_id
            and last_years.fiscal_year = splits.change_year - 1
    where
        last_years.fiscal_year < division_years.last_year
        and links.body_id is null
        and splits.body_id is null

    union all

    -- What begins while others of its division have earlier years, and nothing leads to it: founded, split off from one
    -- that keeps its name and code, or not collected before.
    select
        cast(first_years.department_id as string) as department_id,
        cast(first_years.fiscal_year as integer) as change_year,
        cast(first_years.department_name as string) as department_name,
        cast(null as string) as successor_id,
        cast(null as string) as successor_name,
        cast('first_seen' as string) as change,
        cast('no name, code or balance leads to it' as string) as basis,
        cast(1 as integer) as change_no
    from first_years
    inner join division_years
        on first_years.latest_division_code = division_years.latest_division_code
    left join links
        on
            first_years.body_id = links.successor_id
            and first_years.fiscal_year >= links.change_year
    left join splits
        on first_years.report_id = splits.successor_report_id
    where
        first_years.fiscal_year > division_years.first_year
        and links.successor_id is null
        and splits.successor_report_id is null

)

select * from final
