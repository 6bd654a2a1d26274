{# Whether the note of a printed table says that there is nothing in it. Of the three public expenses (09), a table that is not empty may say which of them there are none of; that nothing is carried over says nothing of what was spent. #}
{% macro says_that_a_table_is_empty(note_text, table_no) -%}
    {{ _denies(note_text, table_no, '收支|收入|支出|数据') }}
{%- endmacro %}


{# Whether it says so of a table with amounts: none is contradicted by a note that denies revenue, what is carried over, or spending of one kind only. #}
{% macro denies_the_amounts_of_a_table(note_text, table_no) -%}
    (
        {{ _denies(note_text, table_no, '收支|支出|数据') }}
        and not {{ is_match(note_text, '(没有|无)[^，。；]{0,30}(基本|项目)支出') }}
    )
{%- endmacro %}


{% macro _denies(note_text, table_no, what) -%}
    (
        {{ is_match(
            note_text,
            '(本表无数据|此表无数据|无此项|空表|本表为空|此表为空|(没有|无)[^，。；]{0,12}三公[^，。；]{0,20}(支出|经费|数据))'
        ) }}
        or (
            {{ table_no }} <> '09'
            and {{ is_match(
                note_text,
                '(没有|无)[^，。；]{0,30}(' ~ what ~ '|(拨款|经费|资金)[^，。；结余收]{0,6}([，。；]|$))'
            ) }}
        )
    )
{%- endmacro %}
