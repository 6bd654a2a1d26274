-- one row per printed line of 公开10 (部门决算公开相关信息统计表)
{{ staged_line_rows(staged_rows('disclosure_statistics'), '10', 'section', printed_tables()['10']['amounts']) }}
