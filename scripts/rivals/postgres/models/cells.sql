{{- config(post_hook="analyze {{ this }}") -}}
select
    printed.report_id,
    places.place_no,
    cast(
        cast(replace(nullif(printed_text, ''), ',', '') as numeric(18, 6)) * case when is_counted then 1 else unit end
        as numeric(22, 6)
    ) as amount,
    case
        when is_counted or printed_text = '' then 0
        else cast(unit * 0.005 as numeric(18, 6))
    end as half_unit
from (
    select report_id, unit, table_no, row_key, row_role, column_name, nullif(printed_text, '────') as printed_text
    from {{ ref('printed') }}
) as printed
inner join {{ source('landing', 'places') }} as places
    on
        printed.table_no = places.table_no
        and printed.row_key = places.row_key
        and printed.row_role = places.row_role
        and printed.column_name = places.column_name
