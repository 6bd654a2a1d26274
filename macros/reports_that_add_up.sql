{#
    The released reports whose tables add up within rounding: not those with a fatal break that is waived, nor those that hold only in
    another way of printing. For tests that compare sums of facts with printed totals.
#}
{% macro reports_that_add_up() %}
select *
from {{ ref('dim_reports') }}
where report_id not in (
    select results.report_id
    from {{ ref('fct_identity_results') }} as results
    where
        results.severity = 'fatal'
        and results.status in ('waived', 'truncated', 'summed_parts', 'blank_zeros')
)
{% endmacro %}
