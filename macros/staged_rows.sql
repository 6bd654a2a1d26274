{#
    The rows of a printed table by subject (公开02, 03, 05, 06, 07, 08), with what every later step asks of a row.

    relation       the raw table: report_id, row_no, subject_code, subject_name and the amount columns
    amounts        the amount columns, kept as printed and trimmed
    total_keys     SQL for the row_key of a row without a code; by default the printed total row is 'total'
    others         further columns to carry along
    is_economic    whether the codes are those of economic subjects

    Columns: report_id, row_no, row_key, subject_code (null on totals and blank rows), subject_name, parent_code,
    row_role ('leaf': a subject below which nothing is printed, 'parent', 'total' or 'blank'), then `others` and the
    amounts.
#}
{% macro staged_subject_rows(relation, amounts, total_keys="case when subject_name = '合计' then 'total' end", others=[], is_economic=false) %}

with

source as (

    select * from {{ relation }} as raw_rows

),

trimmed as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('row_no') }} as integer) as row_no,
        {{ economic_code(trimmed('subject_code')) if is_economic else trimmed('subject_code') }} as subject_code,
        {{ joined_label('subject_name') }} as subject_name,
        {% for column in others -%}
        {{ trimmed(column) }} as {{ column }},
        {% endfor -%}
        {% for column in amounts -%}
        {{ trimmed(column) }} as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from source

),

-- Sorted as text, the subjects below a code follow it at once; so one look at the next code tells a leaf.
next_codes as (

    select
        *,
        lead(subject_code) over (partition by report_id, subject_code is null order by subject_code, row_no) as next_code
    from trimmed

),

keyed as (

    select
        *,
        coalesce(
            subject_code,
            {{ total_keys }},
            case when subject_name is null then 'blank_' else 'unknown_' end || cast(row_no as string)
        ) as first_key
    from next_codes

),

-- A row that stands there once more breaks the contract; it is kept under a key of its own.
counted as (

    select
        *,
        row_number() over (partition by report_id, first_key order by row_no) as occurrence
    from keyed

),

final as (

    select
        report_id,
        row_no,
        case when occurrence = 1 then first_key else 'repeated_' || cast(row_no as string) end as row_key,
        subject_code,
        subject_name,
        {{ parent_code('subject_code') }} as parent_code,
        case
            when occurrence > 1 then 'blank'
            when subject_code is null then case when {{ total_keys }} is null then 'blank' else 'total' end
            when substr(next_code, 1, length(subject_code)) = subject_code then 'parent'
            else 'leaf'
        end as row_role,
        {% for column in others + amounts -%}
        {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from counted

)

select * from final

{% endmacro %}

{#
    The rows of a printed table by line (公开01, 04, 10). A line's meaning is found by its label in the form of the
    report's year (seed form_lines), never by its position.

    relation   the raw table: report_id, row_no, the group column, item, line_no and the amount columns
    table_no   '01', '04' or '10'
    group      the column that sets equal labels apart: panel (01, 04) or section (10)
    amounts    the amount columns, kept as printed and trimmed

    Columns: report_id, row_no, row_key, row_role ('component', 'total', 'of_which' or 'blank'), the group column, item, line_no, then the
    amounts. A line without a label gets the row_key 'blank_<row_no>'; one whose label the form does not have 'of_which_<row_no>' where
    it begins with 其中, as a part of the line above it that no sum takes again, and 'unknown_<row_no>' otherwise.
#}
{% macro staged_line_rows(relation, table_no, group, amounts) %}

with

source as (

    select * from {{ relation }} as raw_rows

),

form_lines as (

    select * from {{ ref('form_lines') }} where table_no = '{{ table_no }}'

),

trimmed as (

    select
        {{ trimmed('report_id') }} as report_id,
        try_cast({{ trimmed('row_no') }} as integer) as row_no,
        {{ trimmed(group) }} as {{ group }},
        {{ label_key(group) }} as group_key,
        {{ joined_label('item') }} as item,
        {{ label_key('item') }} as item_key,
        try_cast({{ trimmed('line_no') }} as integer) as line_no,
        {% for column in amounts -%}
        {{ trimmed(column) }} as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from source

),

misprints as (

    {{ misprinted_labels('trimmed') }}

),

meant as (

    select
        trimmed.*,
        coalesce(misprints.label, trimmed.item_key) as label
    from trimmed
    left join misprints
        on
            trimmed.report_id = misprints.report_id
            and trimmed.group_key = misprints.group_key
            and trimmed.item_key = misprints.item_key

),

counted as (

    {{ line_occurrences('meant', 'report_id', 'row_no') }}

),

named as (

    select
        counted.*,
        form_lines.line_role,
        coalesce(
            form_lines.row_key,
            case
                when counted.item is null then 'blank_'
                when counted.item like '其中%' then 'of_which_'
                else 'unknown_'
            end || cast(counted.row_no as string)
        ) as first_key
    from counted
    left join form_lines
        on
            counted.group_key = form_lines.panel
            and counted.label = form_lines.label
            -- a form of the year before or after is printed in some reports: a label means one line in any year
            and counted.occurrence = form_lines.occurrence

),

-- Two labels may mean one line; the second is kept under a key of its own.
numbered as (

    select
        *,
        row_number() over (partition by report_id, first_key order by row_no) as key_occurrence
    from named

),

final as (

    select
        report_id,
        row_no,
        case when key_occurrence = 1 then first_key else 'repeated_' || cast(row_no as string) end as row_key,
        case
            when key_occurrence > 1 then 'blank'
            when line_role is not null then line_role
            when first_key like 'of_which_%' then 'of_which'
            else 'blank'
        end as row_role,
        {{ group }},
        item,
        line_no,
        {% for column in amounts -%}
        {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from numbered

)

select * from final

{% endmacro %}

{#
    The lines with their `occurrence`: some labels stand twice in a panel, as 04 prints the funds as revenue and again below the opening
    balance. Of such a label that a report prints once, the line below it is the second one: the first is left out.

    lines    CTE with group_key and label; `form_lines` is a CTE beside it
    report   its column of the report
    row_no   SQL for the number of the row
#}
{% macro line_occurrences(lines, report, row_no) %}
    select
        lines.*,
        case
            when
                meanings.stands_twice
                and count(*) over (partition by lines.{{ report }}, lines.group_key, lines.label) = 1
                and max(case when meanings.is_opening_balance then 1 else 0 end)
                    over (partition by lines.{{ report }}, lines.group_key order by {{ row_no }}) = 1
                then 2
            else row_number() over (partition by lines.{{ report }}, lines.group_key, lines.label order by {{ row_no }})
        end as occurrence
    from {{ lines }} as lines
    left join (
        select
            panel,
            label,
            max(occurrence) > 1 as stands_twice,
            min(row_key) = 'opening_balance' as is_opening_balance
        from form_lines
        group by
            panel,
            label
    ) as meanings
        on
            lines.group_key = meanings.panel
            and lines.label = meanings.label
{%- endmacro %}

{#
    The labels that no form has and that are one character away from those of one line, which the report does not print otherwise
    (抗役特别国债 for 抗疫特别国债): report_id, group_key, item_key as printed, and the label that is meant. Short labels are too much
    alike. `printed` and `form_lines` are CTEs beside it: the rows, and the lines of the table in all years.
#}
{% macro misprinted_labels(printed) %}
    select
        unknown_rows.report_id,
        unknown_rows.group_key,
        unknown_rows.item_key,
        min(form_lines.label) as label
    from (
        -- first of all, as each of them is compared with every line
        select distinct
            printed.report_id,
            printed.group_key,
            printed.item_key
        from {{ printed }} as printed
        left join form_lines as same_lines
            on
                printed.group_key = same_lines.panel
                and printed.item_key = same_lines.label
        where
            same_lines.label is null
            and length(printed.item_key) >= 5
    ) as unknown_rows
    inner join form_lines
        on
            unknown_rows.group_key = form_lines.panel
            and {{ is_one_character_apart('unknown_rows.item_key', 'form_lines.label') }}
    left join {{ printed }} as rivals
        on
            unknown_rows.report_id = rivals.report_id
            and unknown_rows.group_key = rivals.group_key
            and form_lines.label = rivals.item_key
    where rivals.item_key is null
    group by
        unknown_rows.report_id,
        unknown_rows.group_key,
        unknown_rows.item_key
    having count(distinct form_lines.row_key) = 1
{%- endmacro %}
