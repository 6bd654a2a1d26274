-- one row per report that cannot be right as it is printed, instance that binds and cell in it, blank ones too
with

terms as (

    select * from {{ ref('int_joint_terms') }}

),

instances as (

    select * from {{ ref('int_joint_instances') }}

),

conflicts as (

    select distinct report_no from {{ solved('int_joint_conflicts') }}

),

reports as (

    select joint_reports.*
    from {{ ref('int_joint_reports') }} as joint_reports
    left join conflicts
        on joint_reports.report_no = conflicts.report_no
    where
        joint_reports.has_a_break
        or conflicts.report_no is not null

),

totals as (

    select * from {{ ref('int_joint_totals') }}

),

final as (

    select
        terms.report_no,
        terms.instance_no,
        terms.cell_no,
        terms.table_no,
        terms.row_key,
        terms.column_name,
        terms.coefficient,
        terms.printed_text,
        terms.cell_status <> 'amount' as is_blank,
        -- last year's cells are proved in last year's report
        terms.table_no not like 'prior-%' as can_be_wrong,
        {{ millionths('coalesce(terms.cell_value, 0)') }} as value,
        case when terms.cell_status = 'amount' then {{ few_millionths('terms.half_unit * reports.half_units') }} else 0 end as half_unit,
        case
            when terms.cell_status = 'amount'
                then {{ few_millionths('greatest(terms.half_unit, coalesce(totals.half_unit, 0)) * reports.half_units') }}
            else 0
        end as half_of_parts,
        {{ few_millionths('terms.place') }} as place,
        {{ millionths('-instances.residual') }} as miss,
        {{ millionths('instances.slack') }} as slack,
        instances.is_at_most
    from terms
    inner join instances
        on
            terms.report_no = instances.report_no
            and terms.instance_no = instances.instance_no
    inner join reports
        on terms.report_no = reports.report_no
    left join totals
        on
            terms.report_no = totals.report_no
            and terms.cell_no = totals.cell_no

)

select * from final
