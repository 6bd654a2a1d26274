{# Whether the note of a printed table says that there is nothing in it. Of the three public expenses (09), a table that is not empty may say which of them there are none of. #}
{% macro says_that_a_table_is_empty(note_text, table_no) -%}
    (
        {{ is_match(
            note_text,
            '(本表无数据|此表无数据|无此项|空表|本表为空|此表为空|(没有|无)[^，。；]{0,12}三公[^，。；]{0,20}(支出|经费|数据))'
        ) }}
        or (
            {{ table_no }} <> '09'
            and {{ is_match(note_text, '(没有|无)[^，。；]{0,30}(收支|收入|支出|拨款|经费|数据)') }}
        )
    )
{%- endmacro %}
