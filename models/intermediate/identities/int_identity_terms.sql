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

reports as (

    select * from {{ ref('stg_accounts__reports') }}

),

checks as (

    select * from {{ ref('int_identity_checks') }}

),

claim_terms as (

    select * from {{ ref('int_claim_terms') }}

),

final as (

    {% for selector, condition, row_part in selectors -%}
    select
        cells.report_no,
        cells.report_id,
        registered.check_no,
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
        reports.report_no,
        claim_terms.report_id,
        checks.check_no,
        claim_terms.identity_id,
        claim_terms.row_part,
        checks.column_key,
        claim_terms.coefficient,
        claim_terms.table_no,
        claim_terms.row_key,
        claim_terms.column_name,
        claim_terms.printed_text,
        claim_terms.cell_status,
        claim_terms.cell_value,
        claim_terms.half_unit,
        claim_terms.place
    from claim_terms
    inner join checks
        on claim_terms.identity_id = checks.identity_id
    inner join reports
        on claim_terms.report_id = reports.report_id

)

select * from final
