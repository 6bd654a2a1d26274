{#
    SQL for what breaks the contract of a raw table: one sentence (`problem`) that names file, row, column, text and what was expected,
    beside its report, and whether the report can be staged at all (`is_malformed` where not). One query asks everything of a table.
    The arguments stand in the .yml of the seed, as meta `contract`.

    model      the raw table
    key        columns that name a row: filled, and no two rows alike
    table_no   number of a printed table: its amount columns, and its subject codes or line labels, are checked too
    amounts    columns that hold an amount, a blank or a dash
    integers   columns that hold whole numbers, or nothing
    required   columns that must be filled
    choices    columns whose text, where there is one, is one of a list
    parts      columns that the key, a single column, is joined from with «-»
    needed     columns of required and choices that staging cannot do without
    dates      columns with a day as 2024-08-30, or nothing
    ranges     columns with a whole number between two
    patterns   columns whose text, where there is one, matches: {column: [pattern, what is expected]}
    parent     raw table, and the last column of its key: the row belongs to one there ({table: projects, column: project_no})
#}
{% macro contract_problems(model, key, table_no=none, amounts=[], integers=[], required=[], choices={}, parent=none, parts=[], ranges={}, patterns={}, dates=[], needed=[]) %}

{%- set file = 'seeds/accounts/' ~ model.identifier ~ '.csv' -%}
{%- set table = printed_tables()[table_no] if table_no else {'rows': none, 'amounts': amounts} -%}
{%- set is_report_table = key == ['report_id'] -%}
{%- set lengths = '3 or 5' if table_no == '06' else '3, 5 or 7' -%}

with

source as (

    select
        *,
        '{{ file }}' || {% for column in key -%}
        '{{ ', row ' if loop.first else ', ' }}{{ column }} ' || coalesce({{ trimmed(column) }}, '(empty)'){{ ' || ' if not loop.last }}
        {%- endfor %} as place,
        {% for column in key -%}
        {% if column in integers -%}
        coalesce(cast(try_cast({{ trimmed(column) }} as integer) as string), {{ trimmed(column) }}, '')
        {%- else -%}
        coalesce({{ trimmed(column) }}, '')
        {%- endif %}{{ " || '|' || " if not loop.last }}
        {%- endfor %} as row_name,
        {{ trimmed('report_id') }} as report
        {%- if table.rows == 'subjects' %},
        {{ economic_code(trimmed('subject_code')) if table_no == '06' else trimmed('subject_code') }} as code
        {%- elif table.rows == 'lines' %},
        {{ label_key('section' if table_no == '10' else 'panel') }} as group_key,
        {{ label_key('item') }} as item_key
        {%- endif %}
    from {{ of_changed_reports(model, is_raw=true) }}

),

{% if table.rows == 'lines' -%}
form_lines as (

    select * from {{ ref('form_lines') }} where table_no = '{{ table_no }}'

),

misprints as (

    {{ misprinted_labels('source') }}

),

meant as (

    select
        source.*,
        coalesce(misprints.label, source.item_key) as label
    from source
    left join misprints
        on
            source.report_id = misprints.report_id
            and source.group_key = misprints.group_key
            and source.item_key = misprints.item_key

),

labelled as (

    {{ line_occurrences('meant', 'report', 'try_cast(' ~ trimmed('row_no') ~ ' as integer)') }}

),

{% endif -%}

problems as (

    {% for column in (key + required) | unique -%}
    select
        report,
        place || ', column {{ column }}: empty; expected a value' as problem,
        {{ column in key + needed }} as is_malformed
    from source
    where {{ trimmed(column) }} is null

    union all

    {% endfor -%}
    {% for column in integers -%}
    select
        report,
        place || ', column {{ column }}: «' || {{ column }} || '»; expected a whole number' as problem,
        true as is_malformed
    from source
    where {{ trimmed(column) }} is not null and not {{ is_match(trimmed(column), '^[0-9]{1,9}$') }}

    union all

    {% endfor -%}
    {% for column in table.amounts -%}
    select
        report,
        place || ', column {{ column }}: «' || {{ column }} || '»; expected an amount such as 1,234.56, nothing, or ────' as problem,
        false as is_malformed
    from source
    where {{ cell_status(trimmed(column)) }} = 'rejected'

    union all

    {% endfor -%}
    {% for column in dates -%}
    select
        report,
        place || ', column {{ column }}: «' || {{ column }} || '»; expected a day such as 2024-08-30' as problem,
        true as is_malformed
    from source
    where
        {{ trimmed(column) }} is not null
        and try_cast({{ trimmed(column) }} as date) is null

    union all

    {% endfor -%}
    {% for column, (lowest, highest) in ranges.items() -%}
    select
        report,
        place || ', column {{ column }}: «' || {{ column }} || '»; expected {{ lowest }} to {{ highest }}' as problem,
        true as is_malformed
    from source
    where try_cast({{ trimmed(column) }} as integer) not between {{ lowest }} and {{ highest }}

    union all

    {% endfor -%}
    {% for column, (pattern, expected) in patterns.items() -%}
    select
        report,
        place || ', column {{ column }}: «' || {{ column }} || '»; expected {{ expected }}' as problem,
        false as is_malformed
    from source
    where not {{ is_match(trimmed(column), pattern) }}

    union all

    {% endfor -%}
    {% for column, values in choices.items() -%}
    select
        report,
        place || ', column {{ column }}: «' || {{ column }} || '»; expected one of {{ values | join(', ') }}' as problem,
        {{ column in needed }} as is_malformed
    from source
    where {{ trimmed(column) }} not in ({% for value in values %}'{{ value }}'{{ ', ' if not loop.last }}{% endfor %})

    union all

    {% endfor -%}
    {% if not is_report_table -%}
    select
        report,
        place || ', column report_id: «' || report_id || '» has no row in seeds/accounts/reports.csv' as problem,
        true as is_malformed
    from source
    where {{ trimmed('report_id') }} not in (select {{ trimmed('report_id') }} from {{ ref('reports') }} where report_id is not null)

    union all

    {% endif -%}
    {% if parts -%}
    select
        report,
        place || ', column {{ parts[1] }}: «' || {{ parts[1] }} || '» does not agree with the {{ key[0] }}; '
        || 'expected {{ parts | join(', ') }} joined by -' as problem,
        false as is_malformed
    from source
    where
        {{ trimmed(key[0]) }}
        <> {% for part in parts %}{{ trimmed(part) }}{{ " || '-' || " if not loop.last }}{% endfor %}
        -- a second publication of the same year has a letter or a number of its own behind it
        and not {{ trimmed(key[0]) }}
        like {% for part in parts %}{{ trimmed(part) }}{{ " || '-' || " if not loop.last }}{% endfor %} || '-%'

    union all

    {% endif -%}
    {% if parent -%}
    select
        source.report,
        source.place || ', column {{ parent.column }}: «' || source.{{ parent.column }} || '» has no row in seeds/accounts/{{ parent.table }}.csv'
            as problem,
        false as is_malformed
    from source
    left join {{ ref(parent.table) }} as parents
        on
            {{ trimmed('source.report_id') }} = {{ trimmed('parents.report_id') }}
            and {{ trimmed('source.' ~ parent.column) }} = {{ trimmed('parents.' ~ parent.column) }}
    where parents.report_id is null

    union all

    {% endif -%}
    {% if table.rows == 'subjects' -%}
    select
        report,
        place || ', column subject_name: «' || subject_name || '» has no code and is no total; expected a code, or '
        || '{{ '人员经费合计, 公用经费合计' if table_no == '06' else '合计' }}' as problem,
        false as is_malformed
    from source
    where
        code is null
        and {{ joined_label('subject_name') }} not in ({{ "'人员经费合计', '公用经费合计'" if table_no == '06' else "'合计'" }})

    union all

    select
        report,
        place || ', column subject_code: «' || subject_code || '»; expected {{ lengths }} digits' as problem,
        false as is_malformed
    from source
    where not {{ is_match('code', '^([0-9]{3}|[0-9]{5}' ~ (')' if table_no == '06' else '|[0-9]{7})') ~ '$') }}

    union all

    select
        source.report,
        source.place || ', column subject_code: «' || source.subject_code || '» has no parent; expected a row '
        || {{ parent_code('source.code') }} || ' in the same table' as problem,
        false as is_malformed
    from source
    left join source as parents
        on
            source.report = parents.report
            and {{ parent_code('source.code') }} = parents.code
    where
        {{ parent_code('source.code') }} is not null
        and parents.code is null

    union all

    select
        report,
        max(place) || ', column subject_name: «' || {{ joined_label('subject_name') }} || '» stands ' || cast(count(*) as string)
        || ' times; expected one row for a total' as problem,
        false as is_malformed
    from source
    where
        code is null
        and {{ joined_label('subject_name') }} is not null
    group by
        report,
        {{ joined_label('subject_name') }}
    having count(*) > 1

    union all

    select
        report,
        max(place) || ', column subject_code: «' || code || '» stands ' || cast(count(*) as string) || ' times; expected one row for a code' as problem,
        false as is_malformed
    from source
    where code is not null
    group by
        report,
        code
    having count(*) > 1

    union all

    {% endif -%}
    {% if table_no == '04' -%}
    -- the revenue panel prints one amount column, the expenditure panel the other four
    {% for column in table.amounts -%}
    select
        report,
        place || ', column {{ column }}: «' || {{ column }} || '» in the panel ' || panel || '; expected it in the other panel' as problem,
        false as is_malformed
    from source
    where
        {{ trimmed(column) }} is not null
        and {{ trimmed('panel') }} {{ '<>' if column == 'amount' else '=' }} 'revenue'

    union all

    {% endfor -%}
    {% endif -%}
    {% if table.rows == 'lines' -%}
    select
        labelled.report,
        labelled.place || ', column item: «' || labelled.item || '» is no line of form {{ table_no }}; '
        || 'expected a label of seeds/classification/form_lines.csv' as problem,
        false as is_malformed
    from labelled
    left join form_lines
        on
            labelled.group_key = form_lines.panel
            and labelled.label = form_lines.label
            and labelled.occurrence = form_lines.occurrence
    where
        labelled.item_key is not null
        and form_lines.row_key is null
        -- a part of the line above it
        and labelled.item_key not like '其中%'

    union all

    {% endif -%}
    select
        max(report) as report,
        max(place) || ': stands ' || cast(count(*) as string) || ' times; expected one row for a key' as problem,
        true as is_malformed
    from source
    group by row_name
    having count(*) > 1

)

select
    '{{ model.identifier }}' as raw_table,
    coalesce(report, '') as report_id,
    problem,
    is_malformed
from problems

{% endmacro %}
