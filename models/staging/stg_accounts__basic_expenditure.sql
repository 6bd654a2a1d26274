-- one row per printed subject or total of 公开06 (一般公共预算财政拨款基本支出决算明细表)
{{
    staged_subject_rows(
        staged_rows('basic_expenditure'),
        printed_tables()['06']['amounts'],
        total_keys="case subject_name when '人员经费合计' then 'personnel_total' when '公用经费合计' then 'general_operating_total' end",
        others=['panel_no'],
        is_economic=true,
    )
}}
