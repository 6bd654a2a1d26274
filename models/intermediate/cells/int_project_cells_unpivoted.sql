-- one row per amount cell of the project self-evaluation forms, blank ones too, with its printed text
with

funding as (

    select * from {{ ref('stg_accounts__project_funding') }}

),

indicators as (

    select * from {{ ref('stg_accounts__project_indicators') }}

),

projects as (

    select * from {{ ref('stg_accounts__projects') }}

),

final as (

    select
        report_id,
        project_no,
        cast('funding' as string) as form_part,
        row_no,
        case when is_total then 'total' else 'source' end as row_role,
        column_name,
        printed_text
    from funding
    unpivot include nulls (
        printed_text for column_name in (
            target_declared, initial_budget, annual_budget, executed, carried_over, execution_rate, score
        )
    )

    union all

    select
        report_id,
        project_no,
        cast('indicator' as string) as form_part,
        row_no,
        cast('indicator' as string) as row_role,
        column_name,
        printed_text
    from indicators
    unpivot include nulls (
        printed_text for column_name in (weight, score)
    )

    union all

    select
        report_id,
        project_no,
        cast('total' as string) as form_part,
        cast(1 as integer) as row_no,
        cast('total' as string) as row_role,
        column_name,
        printed_text
    from projects
    unpivot include nulls (
        printed_text for column_name in (total_score)
    )

)

select * from final
