-- one row per project form: whether its grade is the one of its total score, 优 from 90, 良 from 80, 中 from 60, else 差
with

projects as (

    select * from {{ of_changed_reports(ref('stg_accounts__projects')) }}

),

scored as (

    select
        *,
        {{ printed_amount('total_score') }} as score
    from projects

),

final as (

    select
        report_id,
        'p_grade' as identity_id,
        cast(project_no as string) as instance_key,
        case
            when score is not null and grade is not null then grade = case
                when score >= 90 then '优'
                when score >= 80 then '良'
                when score >= 60 then '中'
                else '差'
            end
        end as holds,
        'total score ' || coalesce(total_score, '(empty)') || ', grade ' || coalesce(grade, '(empty)') as reason
    from scored

)

select * from final
