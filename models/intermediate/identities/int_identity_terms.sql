-- one row per report, identity, instance and printed cell that takes part in it, blank cells too
{#- how each selector finds its cells, and which part of the instance key the row gives -#}
{%- set selectors = [
    ('key', "cells.row_key = registered.selector_key", "''"),
    ('each', "true", "cells.row_key"),
    ('blank', "cells.row_role = 'blank'", "cells.row_key"),
    ('below', "cells.row_key like registered.selector_key || '%'", "cells.row_key"),
    ('parent', "cells.row_role = 'parent' or cells.row_key = 'total'", "cells.row_key"),
    ('children', "cells.parent_key is not null", "cells.parent_key"),
    ('class', "length(cells.row_key) = 3", "cells.row_key"),
    ('classes', "length(cells.row_key) = 3", "''"),
] %}
with

cells as (

    select * from {{ ref('int_identity_cells') }}

),

registered as (

    select * from {{ ref('int_identity_terms_registered') }}

),

claim_terms as (

    select * from {{ ref('int_claim_terms') }}

),

final as (

    {% for selector, condition, row_part in selectors -%}
    select
        cells.report_id,
        registered.identity_id,
        {{ row_part }} as row_part,
        registered.column_key,
        registered.coefficient,
        cells.table_no,
        cells.row_key,
        cells.column_name,
        cells.printed_text,
        cells.cell_status,
        cells.cell_value,
        cells.half_unit,
        cells.place
    from cells
    inner join registered
        on
            cells.table_no = registered.table_no
            and cells.column_name = registered.column_name
            {% if selector == 'key' -%}
            and {{ condition }}
            {% endif -%}
            and registered.selector = '{{ selector }}'
    {% if selector not in ('key', 'each') -%}
    where {{ condition }}
    {% endif -%}
    union all

    {% endfor -%}
    select
        report_id,
        identity_id,
        row_part,
        '' as column_key,
        coefficient,
        table_no,
        row_key,
        column_name,
        printed_text,
        cell_status,
        cell_value,
        half_unit,
        place
    from claim_terms

)

select * from final
