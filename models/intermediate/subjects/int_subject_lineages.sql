-- one row per classification and subject code that a report prints: the code that all of it is today, and why
with recursive

subjects as (

    select
        classification,
        subject_code,
        max(last_year_seen) as last_year_seen
    from {{ ref('dim_subjects') }}
    group by
        classification,
        subject_code

),

successors as (

    select * from {{ ref('dim_subject_successors') }}
    where change not in ('renamed', 'given_anew')

),

ways as (

    select
        classification,
        subject_code,
        subject_code as later_code,
        0 as change_year,
        cast('' as string) as evidence
    from subjects

    union all

    select
        ways.classification,
        ways.subject_code,
        successors.successor_code as later_code,
        successors.change_year,
        concat_ws(
            '; ',
            nullif(ways.evidence, ''),
            successors.successor_code || ' since ' || cast(successors.change_year as string) || ': ' || successors.evidence
        ) as evidence
    from ways
    inner join successors
        on
            ways.classification = successors.classification
            and ways.later_code = successors.subject_code
            and ways.change_year < successors.change_year

),

-- a code that has a successor is no end
ends as (

    select ways.*
    from ways
    left join successors
        on
            ways.classification = successors.classification
            and ways.later_code = successors.subject_code
            and ways.change_year < successors.change_year
    where successors.subject_code is null

),

final as (

    select
        ends.classification,
        ends.subject_code,
        case when count(distinct ends.later_code) = 1 then max(ends.later_code) end as latest_code,
        case when count(distinct ends.later_code) = 1 then nullif(max(ends.evidence), '') end as evidence,
        count(distinct ends.later_code) as latest_codes,
        max(subjects.last_year_seen) as last_year_seen
    from ends
    inner join subjects
        on
            ends.classification = subjects.classification
            and ends.subject_code = subjects.subject_code
    group by
        ends.classification,
        ends.subject_code

)

select * from final
