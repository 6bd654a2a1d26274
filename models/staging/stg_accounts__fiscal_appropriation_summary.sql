-- one row per printed line of 公开04 (财政拨款收入支出决算总表)
{{ staged_line_rows(staged_rows('fiscal_appropriation_summary'), '04', 'panel', printed_tables()['04']['amounts']) }}
