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

renamed as (

    select * from subjects
    -- one department may have misprinted it
    where
        name_key <> prior_name_key
        and least_departments > 1

),

-- A name that was another code's until then says that codes were given anew, and not that this one was renamed.
taken_names as (

    select
        renamed.classification,
        renamed.subject_code,
        renamed.valid_from_year,
        string_agg(distinct others.subject_code, ', ') as other_codes
    from renamed
    inner join subjects as others
        on
            renamed.classification = others.classification
            and renamed.subject_code <> others.subject_code
            and renamed.name_key = others.name_key
    group by
        renamed.classification,
        renamed.subject_code,
        renamed.valid_from_year
    having
        -- the other had it, and has it no more
        max(others.valid_from_year) < renamed.valid_from_year

),

balances as (

    select * from {{ ref('int_fund_balances_moved') }}

),

by_name as (

    select * from {{ ref('int_subjects_moved_by_name') }}

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

    select
        cast(renamed.classification as string) as classification,
        cast(renamed.subject_code as string) as subject_code,
        cast(renamed.valid_from_year as integer) as change_year,
        cast(renamed.subject_code as string) as successor_code,
        cast(case when taken_names.subject_code is null then 'renamed' else 'given_anew' end as string) as change,
        cast(renamed.prior_name as string) as prior_name,
        cast(coalesce(renamed.official_name, renamed.subject_name) as string) as new_name,
        cast('names' as string) as basis,
        cast(
            'before: ' || renamed.prior_evidence || '; since: ' || renamed.evidence
            || coalesce('; the name was that of ' || taken_names.other_codes, '') as string
        ) as evidence
    from renamed
    left join taken_names
        on
            renamed.classification = taken_names.classification
            and renamed.subject_code = taken_names.subject_code
            and renamed.valid_from_year = taken_names.valid_from_year

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

    union all

    select
        cast('functional' as string) as classification,
        cast(by_name.subject_code as string) as subject_code,
        cast(by_name.change_year as integer) as change_year,
        cast(by_name.successor_code as string) as successor_code,
        cast(case when by_name.is_merged then 'merged' else 'moved' end as string) as change,
        cast(null as string) as prior_name,
        cast(null as string) as new_name,
        cast('names' as string) as basis,
        cast(
            case
                when by_name.is_merged
                    then 'the successor has both names since, as ' || cast(by_name.department_count as string) || ' departments print'
                else
                    'the same name under the successor in ' || cast(by_name.department_count as string)
                    || ' departments that printed the code before'
            end as string
        ) as evidence
    from by_name
    left join rules
        on
            by_name.subject_code = rules.subject_code
            and rules.classification = 'functional'
    left join balances
        on by_name.subject_code = balances.subject_code
    where
        rules.subject_code is null
        and balances.subject_code is null

)

select * from final
