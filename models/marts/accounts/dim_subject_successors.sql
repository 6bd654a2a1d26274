-- one row per classification, subject code and what it became in a year: another name, or another code
with

rules as (

    select * from {{ ref('subject_successors') }}

),

subjects as (

    select
        *,
        {{ subject_name_key('coalesce(official_name, subject_name)') }} as name_key,
        lag({{ subject_name_key('coalesce(official_name, subject_name)') }}) over of_the_code as prior_name_key,
        lag(coalesce(official_name, subject_name)) over of_the_code as prior_name,
        lag(evidence) over of_the_code as prior_evidence,
        least(
            case when rule_source is null then departments_alike else 9999 end,
            lag(case when rule_source is null then departments_alike else 9999 end) over of_the_code
        ) as least_departments
    from {{ ref('dim_subjects') }}
    window of_the_code as (partition by classification, subject_code order by valid_from_year)

),

balances as (

    select * from {{ ref('int_fund_balances_moved') }}

),

final as (

    select
        cast(classification as string) as classification,
        cast(subject_code as string) as subject_code,
        cast(change_year as integer) as change_year,
        cast(successor_code as string) as successor_code,
        cast(change as string) as change,
        cast(null as string) as prior_name,
        cast(null as string) as new_name,
        cast('rule' as string) as basis,
        cast(source as string) as evidence
    from rules

    union all

    -- one department may have misprinted it
    select
        cast(classification as string) as classification,
        cast(subject_code as string) as subject_code,
        cast(valid_from_year as integer) as change_year,
        cast(subject_code as string) as successor_code,
        cast('renamed' as string) as change,
        cast(prior_name as string) as prior_name,
        cast(coalesce(official_name, subject_name) as string) as new_name,
        cast('names' as string) as basis,
        cast('before: ' || prior_evidence || '; since: ' || evidence as string) as evidence
    from subjects
    where
        name_key <> prior_name_key
        and least_departments > 1

    union all

    select
        cast('functional' as string) as classification,
        cast(balances.subject_code as string) as subject_code,
        cast(balances.change_year as integer) as change_year,
        cast(balances.successor_code as string) as successor_code,
        cast(case when balances.is_merged then 'merged' else 'moved' end as string) as change,
        cast(null as string) as prior_name,
        cast(null as string) as new_name,
        cast('balances' as string) as basis,
        cast(
            'closing balances are opening balances of the successor in ' || cast(balances.department_count as string) || ' departments'
            as string
        ) as evidence
    from balances
    left join rules
        on
            balances.subject_code = rules.subject_code
            and rules.classification = 'functional'
    where rules.subject_code is null

)

select * from final
