{#
    The amount columns of the ten printed tables, in printed order, by table number: the one list that staging, the cell
    ledger and the checks of raw files share.
#}
{% macro printed_tables() %}
    {% set three_public = [] %}
    {% for stage in ['budget', 'final'] %}
        {% for item in ['total', 'overseas_trips', 'vehicles_total', 'vehicle_purchase', 'vehicle_operation', 'receptions'] %}
            {% do three_public.append(stage ~ '_' ~ item) %}
        {% endfor %}
    {% endfor %}
    {% do return({
        '01': {'name': 'revenue_expenditure_summary', 'rows': 'lines', 'amounts': ['amount']},
        '02': {'name': 'revenue', 'rows': 'subjects', 'amounts': ['total', 'fiscal_appropriation', 'superior_subsidy', 'institutional', 'business', 'affiliate_remittance', 'other']},
        '03': {'name': 'expenditure', 'rows': 'subjects', 'amounts': ['total', 'basic', 'project', 'superior_remittance', 'business', 'affiliate_subsidy']},
        '04': {'name': 'fiscal_appropriation_summary', 'rows': 'lines', 'amounts': ['amount', 'total', 'general_public_budget', 'government_fund', 'state_capital_operations']},
        '05': {'name': 'general_public_budget_expenditure', 'rows': 'subjects', 'amounts': ['total', 'basic', 'project']},
        '06': {'name': 'basic_expenditure', 'rows': 'subjects', 'amounts': ['amount']},
        '07': {'name': 'government_fund', 'rows': 'subjects', 'amounts': ['opening_balance', 'revenue', 'expenditure_total', 'expenditure_basic', 'expenditure_project', 'closing_balance']},
        '08': {'name': 'state_capital_operations', 'rows': 'subjects', 'amounts': ['total', 'basic', 'project']},
        '09': {'name': 'three_public', 'rows': 'one', 'amounts': three_public},
        '10': {'name': 'disclosure_statistics', 'rows': 'lines', 'amounts': ['statistic']},
    }) %}
{% endmacro %}
