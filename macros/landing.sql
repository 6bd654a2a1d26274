{#
    The landing folder: raw tables of many reports, as <landing>/<table>/*.parquet or *.csv, with the columns of the seed of that
    name. The variable `landing` names it, or the environment variable FINAL_ACCOUNTS_LANDING; where neither does, there is none.
    A path or an address that DuckDB can list (s3://…, with httpfs). Made and checked by scripts/land.
#}
{% macro landing_folder() %}
    {{ return(var('landing', env_var('FINAL_ACCOUNTS_LANDING', '')).rstrip('/')) }}
{% endmacro %}

{# How each kind of file in a landing folder is read: every column as text, columns found by name. #}
{% macro landing_readers(table) %}
    {% set files = landing_folder().replace("'", "''") ~ '/' ~ table ~ '/*.' %}
    {% do return({
        files ~ 'parquet': "read_parquet('" ~ files ~ "parquet', union_by_name = true)",
        files ~ 'csv': "read_csv('" ~ files ~ "csv', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', union_by_name = true)",
    }) %}
{% endmacro %}

{# SQL that selects what a landing folder holds of a raw table; none where it holds no file of it. #}
{% macro landed(table, columns) %}
    {% set selects = [] %}
    {% for files, reader in landing_readers(table).items() %}
        {% if run_query("select count(*) from glob('" ~ files ~ "')").rows[0][0] > 0 %}
            {% do selects.append('select ' ~ columns | join(', ') ~ ' from ' ~ reader) %}
        {% endif %}
    {% endfor %}
    {{ return(selects | join(' union all ') or none) }}
{% endmacro %}

{# The columns of a raw table, in the order of its file. #}
{% macro seed_columns(table) %}
    {{ return(graph.nodes['seed.' ~ project_name ~ '.' ~ table].config.column_types.keys() | list) }}
{% endmacro %}

{#
    Appends to a raw table, after its seed, what the landing folder holds of it, so that all that reads a raw table reads seeds and
    landing as one. Synthetic reports stay outside unless the variable `synthetic` (or FINAL_ACCOUNTS_SYNTHETIC) asks for them; a
    report that is in the seeds and in the landing folder stops the build.
#}
{% macro load_landed_rows() %}
    {% set table = this.identifier %}
    {% set rows = landed(table, seed_columns(table)) if execute and landing_folder() else none %}
    {% if rows %}
        {% set made_up = landed('reports', ['report_id', 'origin']) if not var('synthetic', env_var('FINAL_ACCOUNTS_SYNTHETIC', '')) else none %}
        {% if table == 'reports' %}
            {% set twice = run_query('select report_id from ' ~ this ~ ' intersect select report_id from (' ~ rows ~ ') order by report_id limit 3') %}
            {% if twice.rows | length > 0 %}
                {% do exceptions.raise_compiler_error(
                    'Report ' ~ twice.columns[0].values() | join(', report ') ~ ' is in seeds/accounts/reports.csv and in the landing folder '
                    ~ landing_folder() ~ '; expected it in one place.'
                ) %}
            {% endif %}
        {% endif %}
        {% set sql %}
            insert into {{ this }} ({{ seed_columns(table) | join(', ') }})
            select * from ({{ rows }}) as landed
            {%- if made_up %}
            where not exists (
                select 1 from ({{ made_up }}) as made_up where made_up.report_id = landed.report_id and made_up.origin = 'synthetic'
            )
            {%- endif %}
        {% endset %}
        {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {% endif %}
{% endmacro %}
