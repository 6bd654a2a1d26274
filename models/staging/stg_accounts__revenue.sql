-- one row per printed row of 公开02 (收入决算表)
{{ staged_subject_rows(staged_rows('revenue'), printed_tables()['02']['amounts']) }}
