with sums as (
    select
        cells.report_id,
        terms.instance_no,
        sum(amount * coefficient) as residual,
        sum(half_unit) filter (where amount is not null) as bound
    from {{ ref('cells') }} as cells
    inner join {{ source('landing', 'terms') }} as terms on cells.place_no = terms.place_no
    group by cells.report_id, terms.instance_no
)
select
    sums.report_id,
    instances.identity_id,
    instances.instance_key,
    coalesce(residual, 0) as residual,
    coalesce(bound, 0) as bound,
    case
        when coalesce(residual, 0) = 0 or (comparison = 'at_most' and residual < 0) then 'exact'
        when abs(residual) <= bound then 'rounding'
        else 'broken'
    end as status
from sums
inner join {{ source('landing', 'instances') }} as instances on sums.instance_no = instances.instance_no
