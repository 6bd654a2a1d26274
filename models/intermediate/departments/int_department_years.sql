-- one row per released report: what its department is called, what it opened and closed with, and whether it is the body of the year before
{#-
    A code may be given to another body. The report goes on with the one before it under its code where the name is the same, or is so
    but for what stands in brackets behind it, or in one report only is another, or the balance is taken over, or, while balances say
    nothing, the shorter name stands in the longer, character by character.
#}
with

reports as (

    select * from {{ ref('int_reports_released') }}

),

scopes as (

    select * from {{ ref('int_report_scopes') }}

),

of_the_year as (

    select * from {{ ref('int_report_divisions') }}

),

divisions as (

    select * from {{ ref('dim_divisions') }}

),

body_names as (

    select * from {{ ref('int_body_names') }}

),

-- all money is what table 01 prints, whose rest has one of these funds
balances as (

    select
        report_id,
        case when count(opening_balance_yuan) filter (where fund in ('non_fiscal', 'unknown')) > 0 then sum(opening_balance_yuan) end
            as opening_balance_yuan,
        case when count(closing_balance_yuan) filter (where fund in ('non_fiscal', 'unknown')) > 0 then sum(closing_balance_yuan) end
            as closing_balance_yuan
    from {{ ref('fct_fund_balances') }}
    group by report_id

),

named as (

    select
        reports.report_id,
        reports.department_id,
        reports.division_code,
        reports.department_code,
        reports.fiscal_year,
        reports.department_name,
        coalesce(divisions.latest_code, reports.division_code) as latest_division_code,
        scopes.report_scope in ('unit', 'own_unit') as is_unit,
        body_names.body_name,
        balances.opening_balance_yuan,
        balances.closing_balance_yuan
    from reports
    inner join scopes
        on reports.report_id = scopes.report_id
    left join of_the_year
        on
            reports.division_code = of_the_year.division_code
            and reports.fiscal_year = of_the_year.fiscal_year
    left join divisions
        on of_the_year.division_id = divisions.division_id
    inner join body_names
        on reports.report_id = body_names.report_id
    left join balances
        on reports.report_id = balances.report_id

),

beside_prior as (

    select
        *,
        lag(body_name) over of_the_code as prior_body_name,
        lag(department_name) over of_the_code as prior_name,
        lag(fiscal_year) over of_the_code as prior_year,
        lag(closing_balance_yuan) over of_the_code as prior_closing_yuan,
        lag(body_name, 2) over of_the_code as name_before_prior,
        lead(body_name) over of_the_code as next_body_name
    from named
    window of_the_code as (partition by department_id order by fiscal_year)

),

judged as (

    select
        *,
        case
            when prior_body_name is null then 'first'
            when prior_body_name = body_name or prior_name = department_name then 'same_name'
            when
                {{ without_bracket('prior_body_name') }} = {{ without_bracket('body_name') }}
                or next_body_name = prior_body_name
                or name_before_prior = body_name
                then 'printed_otherwise'
            when
                prior_year = fiscal_year - 1
                and opening_balance_yuan = prior_closing_yuan
                and {{ is_telling_beside_others('opening_balance_yuan') }}
                then 'balance'
            when
                coalesce(prior_year < fiscal_year - 1 or opening_balance_yuan = prior_closing_yuan, true)
                and {{ are_names_alike('body_name', 'prior_body_name') }}
                then 'code_alone'
            else 'another_body'
        end as goes_on
    from beside_prior

),

final as (

    select
        *,
        department_id || '-' || cast(
            max(case when goes_on in ('first', 'another_body') then fiscal_year end) over (
                partition by department_id
                order by fiscal_year
                rows between unbounded preceding and current row
            ) as string
        ) as body_id
    from judged

)

select * from final
