-- one row per share that the narrative gives, with the amounts of its part and its whole
with

claims as (

    select * from {{ of_changed_reports(ref('int_claims_measured')) }} where measure = 'share'

),

amounts as (

    select * from {{ ref('int_claim_values') }} where measure = 'amount'

),

final as (

    select
        claims.report_id,
        'n_share' as identity_id,
        cast(claims.claim_no as string) as instance_key,
        claims.value_status,
        claims.claim_value as rate,
        claims.half_unit as rate_half,
        parts.subject_value as part,
        parts.half_unit as part_half,
        parts.cut_half as part_cut,
        wholes.subject_value as whole,
        wholes.half_unit as whole_half,
        wholes.cut_half as whole_cut,
        0 as part_in_whole
    from claims
    left join amounts as parts
        on
            claims.report_id = parts.report_id
            and claims.subject = parts.subject
    left join amounts as wholes
        on
            claims.report_id = wholes.report_id
            and coalesce(
                claims.base,
                -- the classes that a section about a table lists are shares of its total
                case
                    when claims.class_table = '05' and claims.section like '%一般公共预算%' then '一般公共预算财政拨款支出'
                    when claims.class_table = '07' and claims.section like '%政府性基金%' then '政府性基金预算财政拨款支出'
                end
            ) = wholes.subject

)

select * from final
