-- one row per table by subject whose amounts all stand on its deepest level, and one per subject of a report whose amount does not
with

cells as (

    select * from {{ of_changed_reports(ref('int_cells_in_words')) }}
    where
        subject_code is not null
        and row_role in ('leaf', 'parent')

),

subjects as (

    select
        report_id,
        table_no,
        row_role,
        subject_code,
        length(subject_code) as digits,
        bool_or(amount <> 0) as has_amount
    from cells
    group by
        report_id,
        table_no,
        row_role,
        subject_code

),

measured as (

    select
        report_id,
        table_no,
        case table_no when '06' then 'economic' else 'functional' end as classification,
        subject_code,
        row_role = 'leaf' and coalesce(has_amount, false)
        and digits < max(digits) over (partition by report_id, table_no) as is_cut_short
    from subjects

),

final as (

    select
        report_id,
        's_levels' as identity_id,
        table_no as instance_key,
        true as holds,
        cast(null as string) as reason
    from measured
    group by
        report_id,
        table_no
    having not bool_or(is_cut_short)

    union all

    -- a subject that several tables print so is one finding
    select
        report_id,
        's_levels' as identity_id,
        classification || ':' || subject_code as instance_key,
        false as holds,
        'nothing is printed below ' || subject_code || ' in table ' || min(table_no)
        || case when count(*) > 1 then ' and ' || cast(count(*) - 1 as string) || ' more' else '' end
        || ', which prints others down to a deeper level' as reason
    from measured
    where is_cut_short
    group by
        report_id,
        classification,
        subject_code

)

select * from final
