-- one row per printed row of 公开07 (政府性基金预算财政拨款收入支出决算表)
{{ staged_subject_rows(staged_rows('government_fund'), printed_tables()['07']['amounts']) }}
