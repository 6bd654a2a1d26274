-- one row per report, identity and instance that is about words and structure rather than sums
with

statements as (

    {% for model in [
        'int_claims_shown_nowhere',
        'int_directions_that_disagree',
        'int_rates_over_zero',
        'int_comparisons_unlike_their_amounts',
        'int_years_unlike_the_reports',
        'int_figures_left_unfinished',
        'int_classes_left_out',
        'int_accounts_named_without_an_amount',
        'int_projects_miscounted',
        'int_grades_the_narrative_leaves_out',
        'int_empty_tables_unlike_their_column',
        'int_empty_tables_without_a_note',
        'int_empty_tables_not_narrated',
        'int_grades_unlike_their_score',
        'int_points_lost_without_a_reason',
        'int_targets_missed_with_full_marks',
        'int_costs_unlike_what_was_executed',
        'int_line_numbers_that_jump',
        'int_amounts_with_odd_decimals',
        'int_classes_of_no_form',
        'int_classes_by_another_name',
        'int_subjects_by_another_name',
        'int_subjects_without_their_last_level',
        'int_amounts_below_zero',
        'int_vehicles_unlike_their_money',
        'int_three_public_not_told_apart',
        'int_tables_listed_otherwise',
    ] -%}
    select * from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        report_id,
        identity_id,
        instance_key,
        case when holds then 'exact' when not holds then 'broken' else 'not_evaluable' end as status,
        case
            when holds then null
            when not holds then reason
            when identity_id in ('n_amount', 'n_project_count', 'n_named_account', 'e_column') and reason is not null then reason
            else 'nothing in it that can be compared'
        end as reason
    from statements

)

select * from final
