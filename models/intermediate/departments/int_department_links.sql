-- one row per body that publishes no more under its code and body of another code that goes on with it, with how that is known
with

years as (

    select * from {{ ref('int_department_years') }}

),

successions as (

    select * from {{ ref('department_successors') }}

),

classes as (

    select * from {{ ref('int_report_classes') }}

),

-- A name that two bodies of a division have in a year says of neither where it went.
named as (

    select
        *,
        count(*) over (partition by division_code, fiscal_year, body_name, is_unit) as bodies_of_the_name
    from years

),

bodies as (

    select
        body_id,
        max(department_id) as department_id,
        max(division_code) as division_code,
        max(department_code) as department_code,
        max_by(body_name, fiscal_year) as last_name,
        max_by(bodies_of_the_name, fiscal_year) as bodies_of_the_name,
        max(latest_division_code) as latest_division_code,
        max_by(is_unit, fiscal_year) as is_unit,
        max(fiscal_year) as last_year,
        max_by(report_id, fiscal_year) as last_report_id,
        max_by(closing_balance_yuan, fiscal_year) as closing_yuan
    from named
    group by body_id

),

latest as (

    select
        latest_division_code,
        max(fiscal_year) as fiscal_year
    from years
    group by latest_division_code

),

{#-
    Of a division that ended, the last year with reports, but no later than its own: some reports come late under its code. Who is silent
    in it did not end with it.
#}
division_ends as (

    select
        divisions.division_code,
        least(max(years.fiscal_year), max(divisions.valid_to_year)) as last_year
    from {{ ref('dim_divisions') }} as divisions
    inner join years
        on divisions.division_code = years.division_code
    where divisions.latest_code <> divisions.division_code
    group by divisions.division_code

),

-- A division that came when others went into it; a district that takes in its neighbour was there before.
new_divisions as (

    select
        division_code,
        min(valid_from_year) as first_year
    from {{ ref('dim_divisions') }}
    group by division_code
    having count(*) = count(valid_from_year)

),

alone as (

    select latest_code
    from {{ ref('dim_divisions') }}
    where latest_code is not null
    group by latest_code
    having count(distinct division_code) = 2

),

ended as (

    select
        bodies.*,
        division_ends.last_year as division_last_year
    from bodies
    inner join latest
        on bodies.latest_division_code = latest.latest_division_code
    left join division_ends
        on bodies.division_code = division_ends.division_code
    where bodies.last_year < latest.fiscal_year

),

-- What a body of the year opened with beyond what it had closed with itself.
openings as (

    select
        years.report_id,
        years.body_id,
        years.department_id,
        years.latest_division_code,
        years.division_code,
        years.department_code,
        years.fiscal_year,
        years.body_name,
        years.is_unit,
        years.bodies_of_the_name,
        years.goes_on in ('first', 'another_body') as is_new,
        new_divisions.first_year as division_first_year,
        case
            when years.goes_on in ('first', 'another_body') then years.opening_balance_yuan
            when years.prior_year = years.fiscal_year - 1 then years.opening_balance_yuan - years.prior_closing_yuan
        end as taken_over_yuan
    from named as years
    left join new_divisions
        on years.division_code = new_divisions.division_code

),

seeded as (

    select
        ended.body_id,
        openings.body_id as successor_id,
        openings.fiscal_year as change_year,
        1 as rank_no,
        'seed: ' || successions.source as basis
    from successions
    inner join ended
        on successions.department_id = ended.department_id
    inner join openings
        on
            successions.successor_id = openings.department_id
            and successions.change_year = openings.fiscal_year
    where ended.last_year < openings.fiscal_year

),

-- A body of the name that was there before and opened with its own balance alone took over nothing: any other way is surer.
by_name as (

    select
        ended.body_id,
        openings.body_id as successor_id,
        openings.fiscal_year as change_year,
        case when openings.taken_over_yuan = 0 and not openings.is_new then 6 else 2 end as rank_no,
        case
            when ended.division_code <> openings.division_code then 'its division and its name'
            else 'its name'
        end as basis
    from ended
    inner join openings
        on
            ended.latest_division_code = openings.latest_division_code
            and ended.last_name = openings.body_name
            and {{ may_be_of_one_kind('ended', 'openings') }}
            and ended.last_year < openings.fiscal_year
            and ended.body_id <> openings.body_id
    where
        ended.bodies_of_the_name = 1
        and openings.bodies_of_the_name = 1
        -- Under another code a body is new; that of a county that went into another may have been there before.
        and case
            when ended.division_code = openings.division_code then openings.is_new
            else {{ goes_with_its_division('ended', 'openings') }}
        end
    qualify row_number() over (partition by ended.body_id order by openings.fiscal_year) = 1

),

-- A division that alone became another one takes its codes with it; the name may change on the way.
by_code as (

    select
        ended.body_id,
        openings.body_id as successor_id,
        openings.fiscal_year as change_year,
        4 as rank_no,
        'its division, its code, and names alike' as basis
    from ended
    inner join alone
        on ended.latest_division_code = alone.latest_code
    inner join openings
        on
            ended.latest_division_code = openings.latest_division_code
            and ended.department_code = openings.department_code
            and ended.last_year = openings.fiscal_year - 1
            and {{ may_be_of_one_kind('ended', 'openings') }}
    where
        openings.is_new
        and {{ goes_with_its_division('ended', 'openings') }}
        and ended.division_code <> openings.division_code
        and coalesce(ended.closing_yuan = openings.taken_over_yuan, true)
        and {{ are_names_alike('ended.last_name', 'openings.body_name') }}

),

balance_pairs as (

    select
        ended.body_id,
        ended.last_report_id,
        openings.body_id as successor_id,
        openings.report_id,
        openings.is_new,
        openings.fiscal_year as change_year,
        count(*) over (partition by ended.body_id) as successors_of_the_body,
        count(*) over (partition by openings.body_id, openings.fiscal_year) as bodies_of_the_successor
    from ended
    inner join openings
        on
            ended.latest_division_code = openings.latest_division_code
            and ended.last_year = openings.fiscal_year - 1
            and ended.closing_yuan = openings.taken_over_yuan
            and ended.body_id <> openings.body_id
            and {{ may_be_of_one_kind('ended', 'openings') }}
    where
        {{ is_telling('ended.closing_yuan') }}
        or (not openings.is_new and {{ is_telling_beside_others('ended.closing_yuan') }})

),

balance_alone as (

    select *
    from balance_pairs
    where
        successors_of_the_body = 1
        and bodies_of_the_successor = 1

),

{#-
    A new body that opened with what another closed with, and spends nothing on what that one spent most on (a nursery, a blood bank), or the
    other way round, may have been given its money and is not it. One that was there before takes over another's money with its tasks.
#}
other_tasks as (

    {% for one, other in [('last_report_id', 'report_id'), ('report_id', 'last_report_id')] -%}
    select balance_alone.body_id
    from balance_alone
    inner join classes as largest
        on balance_alone.{{ one }} = largest.report_id
    inner join classes as others
        on balance_alone.{{ other }} = others.report_id
    where
        balance_alone.is_new
        and largest.is_largest
    group by balance_alone.body_id
    having count(*) filter (where others.class_code = largest.class_code) = 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

bodies_of_other_tasks as (

    select distinct body_id from other_tasks

),

by_balance as (

    select
        balance_alone.body_id,
        balance_alone.successor_id,
        balance_alone.change_year,
        3 as rank_no,
        'its balance: closing is opening' as basis
    from balance_alone
    left join bodies_of_other_tasks
        on balance_alone.body_id = bodies_of_other_tasks.body_id
    where bodies_of_other_tasks.body_id is null

),

ended_without_name as (

    select ended.*
    from ended
    left join by_name
        on ended.body_id = by_name.body_id
    where
        by_name.body_id is null
        and {{ is_telling_beside_others('ended.closing_yuan') }}

),

-- A new body that opened with what two together had closed with.
sum_pairs as (

    select
        one.body_id as one_id,
        other.body_id as other_id,
        openings.body_id as successor_id,
        openings.fiscal_year as change_year,
        count(*) over (partition by openings.body_id) as pairs_of_the_successor
    from openings
    inner join ended_without_name as one
        on
            openings.latest_division_code = one.latest_division_code
            and openings.fiscal_year - 1 = one.last_year
    inner join ended_without_name as other
        on
            openings.latest_division_code = other.latest_division_code
            and openings.fiscal_year - 1 = other.last_year
            and openings.taken_over_yuan - one.closing_yuan = other.closing_yuan
            and one.body_id < other.body_id
            and {{ may_be_of_one_kind('one', 'openings') }}
            and {{ may_be_of_one_kind('other', 'openings') }}
    where
        openings.is_new
        and {{ is_telling('openings.taken_over_yuan') }}
        and ({{ is_telling('one.closing_yuan') }} or {{ is_telling('other.closing_yuan') }})

),

by_sum as (

    {% for part in ['one_id', 'other_id'] -%}
    select
        {{ part }} as body_id,
        successor_id,
        change_year,
        5 as rank_no,
        'balances: two closings are one opening' as basis
    from sum_pairs
    where pairs_of_the_successor = 1
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

candidates as (

    select * from seeded
    union all
    select * from by_name
    union all
    select * from by_balance
    union all
    select * from by_code
    union all
    select * from by_sum

),

final as (

    select
        body_id,
        successor_id,
        change_year,
        basis
    from candidates
    qualify row_number() over (partition by body_id order by rank_no, change_year, successor_id) = 1

)

select * from final
