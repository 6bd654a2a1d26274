-- one row per report and leaf functional subject of the state capital budget whose balances table 08 prints
{{ subject_balances('08') }}
