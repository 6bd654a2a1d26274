-- one row per report and leaf functional subject of the government fund budget, with its opening and closing balance
{{ subject_balances('07') }}
