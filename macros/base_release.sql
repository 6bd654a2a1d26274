{#
    What a build takes over from the release that readers have, instead of computing it again. scripts/build names the file of that
    release, and puts the reports whose raw rows, and those of the year before, are as they were into main.unchanged_reports. Without
    a base everything is computed, as in every plain `dbt build`.
#}
{% macro base_release() %}
    {{ return(env_var('FINAL_ACCOUNTS_BASE', '') if execute else '') }}
{% endmacro %}

{# Opens the file of the base; it is open for as long as the build runs. #}
{% macro open_base_release() %}
    {% if base_release() %}
        {% do run_query("attach '" ~ base_release() | replace("'", "''") ~ "' as base_release (read_only)") %}
    {% endif %}
{% endmacro %}

{#
    SQL for the rows of a relation that have to be computed, or tested by report: all of them without a base; with one, those of the reports
    that are not known to be unchanged.

    report   the column that names the report: report_id or report_no
    is_raw   whether it stands there as it was typed
#}
{% macro of_changed_reports(relation, report='report_id', is_raw=false) %}
    {%- if base_release() -%}
    (
        select *
        from {{ relation }}
        where coalesce({{ trimmed(report) if is_raw else report }}, {{ '0' if report == 'report_no' else "''" }}) not in (
            select {{ key_number('report_id') if report == 'report_no' else 'report_id' }} from main.unchanged_reports
        )
    )
    {%- else -%}
    {{ relation }}
    {%- endif -%}
{% endmacro %}

{#
    The rows of unchanged reports as they are in the base: to be put at the end of a model that computes only the others.

    report    the column that names the report: report_id or report_no
    stored    the table of the base that has them, with its schema, where it is not the model's own
    columns   the columns of the model, where that table has more
    rows      a condition on its rows, where it has others, too
#}
{% macro and_unchanged_rows(report='report_id', stored=none, columns=['*'], rows='true') %}
    {%- if base_release() %}
union all by name

select {{ columns | join(', ') }}
from base_release.{{ stored or this.schema ~ '.' ~ this.identifier }}
where
    {{ rows }}
    and {{ report }} in (
        select {{ key_number('report_id') if report == 'report_no' else 'report_id' }} from main.unchanged_reports
    )
    {%- endif %}
{% endmacro %}
