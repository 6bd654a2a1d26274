-- one row per printed line of 公开01 (收入支出决算总表)
{{ staged_line_rows(staged_rows('revenue_expenditure_summary'), '01', 'panel', printed_tables()['01']['amounts']) }}
