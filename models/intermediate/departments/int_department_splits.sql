-- one row per body that was split in two, the last year before, and body that has a part of it: its closing balance is their openings
{#
    The body may go on itself as one of the two. Nothing follows from balances that several pairs share, from small or whole ones, or
    where a name or a balance leads on to one body alone.
#}
with

years as (

    select * from {{ ref('int_department_years') }}

),

links as (

    select * from {{ ref('int_department_links') }}

),

-- a body before, whether it ended or not
befores as (

    select years.*
    from years
    left join links
        on years.body_id = links.body_id
    where
        links.body_id is null
        and {{ is_telling('years.closing_balance_yuan') }}

),

openings as (

    select
        *,
        goes_on in ('first', 'another_body') as is_new
    from years
    where {{ is_telling_beside_others('opening_balance_yuan') }}

),

pairs as (

    select
        befores.body_id,
        befores.department_name,
        befores.fiscal_year,
        befores.department_id,
        one.body_id as one_id,
        one.report_id as one_report_id,
        other.body_id as other_id,
        other.report_id as other_report_id,
        count(*) over (partition by befores.report_id) as pairs_of_the_body,
        count(*) over (partition by other.report_id) as pairs_of_the_part
    from befores
    inner join openings as one
        on
            befores.latest_division_code = one.latest_division_code
            and befores.fiscal_year = one.fiscal_year - 1
            and {{ may_be_of_one_kind('befores', 'one') }}
    inner join openings as other
        on
            befores.latest_division_code = other.latest_division_code
            and befores.fiscal_year = other.fiscal_year - 1
            and befores.closing_balance_yuan - one.opening_balance_yuan = other.opening_balance_yuan
            and {{ may_be_of_one_kind('befores', 'other') }}
    where
        other.is_new
        and ({{ is_telling('one.opening_balance_yuan') }} or {{ is_telling('other.opening_balance_yuan') }})
        -- itself, or one that is new as well
        and (one.body_id = befores.body_id or (one.is_new and one.body_id < other.body_id))

),

final as (

    {% for part in ['one', 'other'] -%}
    select
        body_id,
        department_id,
        department_name,
        {{ part }}_id as successor_id,
        {{ part }}_report_id as successor_report_id,
        fiscal_year + 1 as change_year
    from pairs
    where
        pairs_of_the_body = 1
        and pairs_of_the_part = 1
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
