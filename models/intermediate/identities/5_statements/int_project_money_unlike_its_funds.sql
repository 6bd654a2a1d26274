-- one row per claim of the money of all projects and figure of it: the claim, and what the same paragraph says each fund paid
with

figures as (

    select * from {{ ref('int_claim_figures') }}

),

funds as (

    select * from figures where subject like '%预算项目支出' and measure = 'amount'

),

claimed as (

    select *
    from figures
    where
        subject = '二级项目资金'
        and exists (
            select 1
            from funds
            where
                funds.report_id = figures.report_id
                and funds.paragraph_no = figures.paragraph_no
        )

),

final as (

    select
        claimed.report_id,
        'n_project_funds' as identity_id,
        claimed.claim_key as row_part,
        1 as coefficient,
        {{ figure_columns('claimed') }}
    from claimed

    union all

    select
        claimed.report_id,
        'n_project_funds' as identity_id,
        claimed.claim_key as row_part,
        -1 as coefficient,
        {{ figure_columns('funds') }}
    from claimed
    inner join funds
        on
            claimed.report_id = funds.report_id
            and claimed.paragraph_no = funds.paragraph_no

)

select * from final
