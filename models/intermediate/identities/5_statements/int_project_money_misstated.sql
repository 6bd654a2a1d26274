-- one row per claim of the money of all projects and figure of it: the claim, and the initial budget of every form
with

forms_apart as (

    select * from {{ ref('int_reports_with_forms_apart') }}

),

claimed as (

    select *
    from {{ ref('int_claim_figures') }}
    where
        subject = '二级项目资金'
        and report_id not in (select report_id from forms_apart)

),

forms as (

    select * from {{ of_changed_reports(ref('int_form_and_prior_cells')) }}
    where
        table_no = 'project'
        and column_name = 'initial_budget'
        and row_role = 'parent'

),

final as (

    select
        claimed.report_id,
        'n_project_money' as identity_id,
        claimed.claim_key as row_part,
        1 as coefficient,
        {{ figure_columns('claimed') }}
    from claimed

    union all

    select
        claimed.report_id,
        'n_project_money' as identity_id,
        claimed.claim_key as row_part,
        -1 as coefficient,
        {{ figure_columns('forms') }}
    from claimed
    inner join forms
        on claimed.report_id = forms.report_id

)

select * from final
