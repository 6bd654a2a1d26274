{#
    At the end of a run, for every failed test whose rows carry a `problem`: prints them as sentences, so that bad input
    is named by file, row, column and text on the screen and not only in a compiled file; and the reports that are held back, the first
    twenty of them.

    results   dbt's results, as on-run-end has them
#}
{% macro print_problems(results) %}
    {% if execute %}
        {% for result in results if result.node.resource_type == 'test' and result.status in ('fail', 'warn') and result.failures %}
            {% set rows = run_query(result.node.compiled_code ~ '\nlimit 20') %}
            {% if 'problem' in rows.column_names %}
                {% do log(result.node.name ~ ':', info=true) %}
                {% for row in rows %}
                    {# what a terminal would obey is shown; `final_accounts.terminal` does so with all else that is said #}
                    {% do log('  ' ~ modules.re.sub('[\\x00-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2066-\\u2069]', '\ufffd', row['problem'] | string), info=true) %}
                {% endfor %}
                {% if result.failures > rows | length %}
                    {% do log('  … and ' ~ (result.failures - rows | length) ~ ' more', info=true) %}
                {% endif %}
            {% endif %}
        {% endfor %}
        {% for result in results if result.node.name == 'fct_hold_reasons' and result.node.resource_type == 'model' and result.status == 'success' %}
            {% set rows = run_query(
                'select report_id, count(*) as reasons, min(problem) as problem from ' ~ result.node.relation_name
                ~ ' group by report_id order by report_id limit 20'
            ) %}
            {% for row in rows %}
                {% do log('Held back: report ' ~ row['report_id'] ~ ', reasons: ' ~ row['reasons'] ~ '. ' ~ row['problem'], info=true) %}
            {% endfor %}
        {% endfor %}
    {% endif %}
{% endmacro %}
