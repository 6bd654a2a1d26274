{# A CTE form_classes: the classes that the forms print, by classification, with their names and the years of these. #}
{% macro form_classes() -%}
form_classes as (

    select
        'functional' as classification,
        class_code,
        label as class_name,
        coalesce(first_year, 0) as first_year,
        coalesce(last_year, 9999) as last_year
    from {{ ref('form_lines') }}
    where
        table_no = '01'
        and class_code is not null

    union all

    select
        'economic' as classification,
        class_code,
        class_name,
        coalesce(first_year, 0) as first_year,
        coalesce(last_year, 9999) as last_year
    from {{ ref('economic_classes') }}

)
{%- endmacro %}
