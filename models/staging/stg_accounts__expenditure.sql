-- one row per printed row of 公开03 (支出决算表)
{{ staged_subject_rows(staged_rows('expenditure'), printed_tables()['03']['amounts']) }}
