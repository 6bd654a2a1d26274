-- one row per report: whether true values within its print can satisfy all of its sums together, and how that is known
with

reports as (

    select * from {{ of_changed_reports(ref('stg_accounts__reports')) }}

),

asked as (

    select * from {{ ref('int_joint_reports') }}

),

conflicts as (

    select
        report_no,
        count(distinct conflict_no) as conflicts
    from {{ solved('int_joint_conflicts') }}
    group by report_no

),

explained as (

    select
        report_no,
        bool_and(is_complete) as is_complete,
        coalesce(max(explanations), 0) as explanations
    from {{ solved('int_explained_cells') }}
    group by report_no

),

final as (

    select
        cast(reports.report_id as string) as report_id,
        cast(
            case
                when asked.report_no is null then 'as printed'
                when asked.has_a_break or conflicts.conflicts > 0 then 'impossible'
                when conflicts.conflicts = 0 then 'undecided'
                else 'possible'
            end as string
        ) as answer,
        cast(coalesce(asked.has_a_break, false) as boolean) as has_a_break,
        cast(coalesce(conflicts.conflicts, 0) as integer) as conflicts,
        cast(coalesce(explained.explanations, 0) as integer) as explanations,
        cast(coalesce(explained.is_complete, true) as boolean) as is_searched_to_the_end
    from reports
    left join asked
        on reports.report_no = asked.report_no
    left join conflicts
        on reports.report_no = conflicts.report_no
    left join explained
        on reports.report_no = explained.report_no

)

select * from final
{{ and_unchanged_rows() }}
