{#
    SQL for the amount cells that identities can take part of, by number: of the ten tables, the totals of the year before and the
    project forms.

    report_cells   the relation with the cells of the ten tables: int_report_cells, or fct_report_cells, which a release stores
#}
{% macro identity_cell_values(report_cells) %}
    select
        report_no,
        address_no,
        printed_text,
        cell_status,
        cast(coalesce(amount_yuan, amount) as decimal(24, 6)) as cell_value,
        cast(coalesce(half_unit_yuan, 0) as decimal(18, 6)) as half_unit,
        coalesce(place_yuan, 1) as place,
        place_yuan is null as is_counted
    from {{ report_cells }}

    union all

    select
        report_no,
        address_no,
        printed_text,
        cell_status,
        cell_value,
        half_unit,
        place,
        is_counted
    from {{ ref('int_form_and_prior_cells') }}
{% endmacro %}
