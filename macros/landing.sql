{#
    The landing folder: raw tables of many reports, as <landing>/<table>/*.parquet or *.csv, with the columns of the seed of that
    name. The variable `landing` names it, or the environment variable FINAL_ACCOUNTS_LANDING; where neither does, there is none.
    A path or an address that the engine can list: with httpfs s3://… on DuckDB; on Spark whatever its file systems know, such as
    s3a://…, and a path in the file system that is its default. Made and checked by scripts/land.
#}
{% macro landing_folder() %}
    {{ return(var('landing', env_var('FINAL_ACCOUNTS_LANDING', '')).rstrip('/')) }}
{% endmacro %}

{# The files of a raw table of one kind, parquet or csv, as a pattern. #}
{% macro landing_files(table, kind) %}
    {{ return(landing_folder() ~ '/' ~ table ~ '/*.' ~ kind) }}
{% endmacro %}

{# The kinds of files that a landing folder holds of a raw table: parquet, csv, both or none. #}
{% macro landed_kinds(table) %}
    {{ return(adapter.dispatch('landed_kinds')(table)) }}
{% endmacro %}

{% macro default__landed_kinds(table) %}
    {% set kinds = [] %}
    {% for kind in ['parquet', 'csv'] %}
        {% if run_query("select count(*) from glob('" ~ landing_files(table, kind).replace("'", "''") ~ "')").rows[0][0] > 0 %}
            {% do kinds.append(kind) %}
        {% endif %}
    {% endfor %}
    {{ return(kinds) }}
{% endmacro %}

{# Spark fails where a pattern finds nothing, so the folder itself is listed with it: only a folder that is not there is an error. #}
{% macro spark__landed_kinds(table) %}
    {% set files = landing_folder() ~ '/{,' ~ table ~ '/*.parquet,' ~ table ~ '/*.csv}' %}
    {% set kinds = run_query(
        "select distinct regexp_extract(path, r'/" ~ table ~ "/[^/]*[.](parquet|csv)$', 1) as kind from binaryFile.`"
        ~ files.replace('`', '``') ~ '` order by kind desc'
    ).columns[0].values() %}
    {{ return(kinds | select | list) }}
{% endmacro %}

{#
    What to select from to read the files of a raw table of one kind, with columns found by name.

    views   a list that takes the names of the views made for it, which are to be dropped
#}
{% macro landing_reader(table, kind, views) %}
    {{ return(adapter.dispatch('landing_reader')(table, kind, views)) }}
{% endmacro %}

{% macro default__landing_reader(table, kind, views) %}
    {% set files = "'" ~ landing_files(table, kind).replace("'", "''") ~ "'" %}
    {{ return({
        'parquet': 'read_parquet(' ~ files ~ ', union_by_name = true)',
        'csv': 'read_csv(' ~ files ~ ", all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', comment = '', skip = 0, strict_mode = true, union_by_name = true)",
    }[kind]) }}
{% endmacro %}

{# Named after the table that is loaded, too: others, loaded at the same time in the same session, read the table of reports as well. #}
{% macro spark__landing_reader(table, kind, views) %}
    {% set files, view = landing_files(table, kind), this.identifier ~ '_from_' ~ table ~ '_' ~ kind %}
    {% if kind == 'csv' %}
        {# Spark would put question marks in place of what it cannot read #}
        {% set unreadable = run_query(
            'select path from binaryFile.`' ~ files.replace('`', '``') ~ '` where not is_valid_utf8(cast(content as string)) order by path limit 1'
        ) %}
        {% if unreadable.rows | length > 0 %}
            {% do exceptions.raise_compiler_error(
                unreadable.rows[0][0] ~ ': not UTF-8, perhaps GBK or GB18030; expected a file saved as UTF-8.'
            ) %}
        {% endif %}
        {% do adapter.add_query(spark_csv_view(view, files, seed_columns(table)), abridge_sql_log=True) %}
    {% else %}
        {% do adapter.add_query(
            'create or replace temporary view ' ~ view ~ " using parquet options (path '" ~ dbt.escape_single_quotes(files) ~ "', mergeSchema 'true')"
        ) %}
    {% endif %}
    {% do views.append(view) %}
    {{ return(view) }}
{% endmacro %}

{#
    Stops where a file of a raw table has other columns than its contract: by name they would be nothing, or be left out. scripts/build
    loads a copy that was checked; this is for those who call dbt themselves.
#}
{% macro check_landed_columns(table, columns, kinds) %}
    {{ return(adapter.dispatch('check_landed_columns')(table, columns, kinds)) }}
{% endmacro %}

{% macro default__check_landed_columns(table, columns, kinds) %}
    {% for kind in kinds %}
        {% set files = "'" ~ landing_files(table, kind).replace("'", "''") ~ "'" %}
        {% set headers %}
            {% if kind == 'csv' %}
            select
                filename,
                string_split(regexp_replace(split_part(replace(content, chr(13), chr(10)), chr(10), 1), '["' || chr(65279) || ']', '', 'g'), ',') as header
            from read_text({{ files }})
            {% else %}
            select file_name as filename, list(name) as header from parquet_schema({{ files }}) where num_children is null group by file_name
            {% endif %}
        {% endset %}
        {# a column that was added later may be left out #}
        {% set added = graph.nodes['seed.' ~ project_name ~ '.' ~ table].config.meta.get('added_columns', []) %}
        {% set others = run_query(
            'select filename from (' ~ headers ~ ') where list_sort(list_distinct(header || ' ~ added ~ "::varchar[])) <> list_sort(" ~ columns ~ ') order by filename limit 1'
        ) %}
        {% if others.rows | length > 0 %}
            {% do exceptions.raise_compiler_error(
                others.rows[0][0] ~ ': its columns are not those of the contract; expected ' ~ columns | join(',') ~ '.'
            ) %}
        {% endif %}
    {% endfor %}
{% endmacro %}

{# A file that Spark reads has its columns checked where it is read (spark_csv_view). #}
{% macro spark__check_landed_columns(table, columns, kinds) %}
{% endmacro %}

{# Names what lies in the landing folder and is not loaded, once a run; a part of a report that is on its way in stops it. #}
{% macro name_what_is_not_landed() %}
    {{ return(adapter.dispatch('name_what_is_not_landed')()) }}
{% endmacro %}

{% macro default__name_what_is_not_landed() %}
    {% set folder = landing_folder().replace("'", "''") %}
    {% set files = run_query("select substr(file, length('" ~ folder ~ "') + 2) from glob('" ~ folder ~ "/**') order by 1") %}
    {% set tables = graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') | map(attribute='name') | list %}
    {% for file in files.columns[0].values() %}
        {% set parts = file.split('/') %}
        {% if parts[0] == '.going_in' %}
            {% do exceptions.raise_compiler_error('The landing folder holds files that were being put in place; run scripts/land or scripts/build.') %}
        {% elif parts[0] not in ['landed.jsonl', 'set_aside', '.prepared']
            and not (parts | length == 2 and parts[0] in tables and parts[1].rsplit('.', 1)[-1] in ['csv', 'parquet']) %}
            {% do exceptions.warn('Not loaded from the landing folder: ' ~ tojson(file) ~ '; expected <table>/<name>.csv or .parquet.') %}
        {% endif %}
    {% endfor %}
{% endmacro %}

{% macro spark__name_what_is_not_landed() %}
{% endmacro %}

{# The columns of a raw table, in the order of its file. #}
{% macro seed_columns(table) %}
    {{ return(graph.nodes['seed.' ~ project_name ~ '.' ~ table].config.column_types.keys() | list) }}
{% endmacro %}

{#
    SQL that selects what a landing folder holds of a raw table, every column as text; none where it holds no file of it. The views
    are those of landing_reader.
#}
{% macro landed(table, columns, views) %}
    {% set selects = [] %}
    {% for kind in landed_kinds(table) %}
        {% set cells = [] %}
        {% set reader = landing_reader(table, kind, views) %}
        {# files that were written before a column was added leave it out #}
        {% set present = run_query('select * from ' ~ reader ~ ' limit 0').column_names %}
        {% for column in columns %}
            {% do cells.append('cast(' ~ (column if column in present or column == 'report_id' else 'null') ~ ' as string) as ' ~ column) %}
        {% endfor %}
        {% do selects.append('select ' ~ cells | join(', ') ~ ' from ' ~ reader) %}
    {% endfor %}
    {{ return(selects | join(' union all ') or none) }}
{% endmacro %}

{#
    Appends to a raw table, after its seed, what the landing folder holds of it, so that all that reads a raw table reads seeds and
    landing as one. Synthetic reports stay outside unless the variable `synthetic` (or FINAL_ACCOUNTS_SYNTHETIC) asks for them. A
    report that is in the seeds and in the landing folder stands twice in `reports`, and its contract holds it back.
#}
{% macro load_landed_rows() %}
    {% set table, views = this.identifier, [] %}
    {% if execute and landing_folder() %}
        {% do check_landed_columns(table, seed_columns(table), landed_kinds(table)) %}
        {% if table == 'reports' %}{% do name_what_is_not_landed() %}{% endif %}
    {% endif %}
    {% set rows = landed(table, seed_columns(table), views) if execute and landing_folder() else none %}
    {% if rows %}
        {% set made_up = landed('reports', ['report_id', 'origin'], views) if not var('synthetic', env_var('FINAL_ACCOUNTS_SYNTHETIC', '')) else none %}
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
        {% if made_up and table == 'reports' %}
            {% set outside = run_query('select count(*) from (' ~ made_up ~ ") as made_up where origin = 'synthetic'").columns[0].values()[0] %}
            {% if outside %}
                {% do log(outside ~ ' synthetic reports of the landing folder stay outside; FINAL_ACCOUNTS_SYNTHETIC=1 lets them in.', info=true) %}
            {% endif %}
        {% endif %}
        {% for view in views | unique %}
            {% do adapter.add_query('drop view ' ~ view) %}
        {% endfor %}
    {% endif %}
{% endmacro %}
