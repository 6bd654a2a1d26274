{# The key columns are filled in every row, and no two rows share them. #}
{% test has_the_key(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as times,
    '{{ model.identifier }}: '
    || {% for column in columns -%}
    '{{ column }} ' || coalesce(cast({{ column }} as string), '(empty)') || {% if not loop.last %}', ' || {% endif %}
    {%- endfor %} ' stands ' || cast(count(*) as string) || ' times; expected one row with every part of the key filled' as problem
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns -%}
    or {{ column }} is null
    {% endfor %}

{% endtest %}
