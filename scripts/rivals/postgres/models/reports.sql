select
    report_id,
    case amount_unit when '万元' then 10000 when '亿元' then 100000000 else 1 end as unit
from {{ source('landing', 'reports') }}
