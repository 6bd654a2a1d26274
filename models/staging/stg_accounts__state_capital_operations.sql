-- one row per printed row of 公开08 (国有资本经营预算财政拨款支出决算表)
{{ staged_subject_rows(staged_rows('state_capital_operations'), printed_tables()['08']['amounts']) }}
