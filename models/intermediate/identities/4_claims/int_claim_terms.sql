-- one row per report, identity whose sums are code, instance and figure that takes part in it: claims and printed cells
with

terms as (

    {% for model in [
        'int_amounts_unlike_their_cells',
        'int_figures_repeated_differently',
        'int_lists_unlike_their_total',
        'int_project_money_misstated',
        'int_project_money_unlike_its_funds',
        'int_changes_unlike_the_year_before',
        'int_revenue_unlike_what_was_spent',
        'int_spending_unlike_its_funds',
    ] -%}
    select * from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select * from terms

)

select * from final
{{ and_unchanged_rows() }}
