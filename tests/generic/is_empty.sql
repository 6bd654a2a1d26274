{# The model has no row; a row it has is a problem that says so itself. #}
{% test is_empty(model) %}

select * from {{ model }}

{% endtest %}
