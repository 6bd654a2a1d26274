-- one row per printed row of 公开05 (一般公共预算财政拨款支出决算表)
{{ staged_subject_rows(staged_rows('general_public_budget_expenditure'), printed_tables()['05']['amounts']) }}
