"""The arithmetic of the identities with what the warehouse keeps of it, as one would write it by hand for DuckDB.

Fills the ledger of all printed cells and the results of the linear identities with the columns of fct_report_cells and
fct_identity_results, so that a result can be followed to its cells. What it takes for granted about its input the
warehouse does not: clean text, one unit and two decimals a report, every table printed, no digits cut off, no waiver.
It is the limit for what the warehouse writes, as arithmetic.py is for what it adds up.
"""

import sys
from pathlib import Path

from rivals.arithmetic import QUERIES, queries, run_script

LEDGER = {
    "reports": """
select
    report_id,
    cast('0x' || substr(md5(report_id), 1, 15) as bigint) as report_no,
    case amount_unit when '万元' then 10000 when '亿元' then 100000000 else 1 end as unit,
    cast(unit * 0.005 as decimal(18, 6)) as half_unit
from read_parquet('$landing/reports/*.parquet')
""",
    **{name: QUERIES[name] for name in ("lines", "places", "terms", "instances")},
    "counts": """
select distinct table_no, row_key
from read_csv('$seeds/classification/form_lines.csv', all_varchar = true)
where value_unit <> 'amount'
""",
    "cells": """
with printed as ($printed),
typed as (
    select
        printed.* replace (nullif(printed_text, '') as printed_text),
        report_no, unit, half_unit, place_no, counts.row_key is null as is_money,
        case when printed_text = '' then 'blank' when printed_text = '────' then 'not_applicable' else 'amount' end
            as cell_status,
        if(cell_status = 'amount', cast(replace(printed_text, ',', '') as decimal(18, 6)), null) as amount
    from (select * replace (coalesce(printed_text, '') as printed_text) from printed) as printed
    inner join $reports as reports on printed.report_id = reports.report_id
    left join $counts as counts on printed.table_no = counts.table_no and printed.row_key = counts.row_key
    inner join $places as places
        on
            printed.table_no = places.table_no
            and printed.row_key = places.row_key
            and printed.row_role = places.row_role
            and printed.column_name = places.column_name
)
select
    report_id, report_no, table_no, row_no, row_key, row_role, line_no, subject_code, parent_key, column_name,
    place_no as address_no, printed_text, cell_status, amount,
    cast(if(is_money, amount * unit, null) as decimal(20, 2)) as amount_yuan,
    if(is_money and amount is not null, half_unit, null) as half_unit_yuan,
    cast(if(is_money, 2 * half_unit, null) as decimal(18, 6)) as place_yuan,
    -- of made-up reports no file is there
    cast(null as integer) as page_no,
    cast(null as varchar) as box,
    cast(null as varchar) as read_as
from typed
""",
    "results": """
with sums as (
    select
        report_no,
        instance_no,
        sum(coalesce(amount_yuan, amount)) filter (where coefficient = 1) as left_side,
        sum(coalesce(amount_yuan, amount)) filter (where coefficient = -1) as right_side,
        sum(half_unit_yuan) as bound,
        count(amount) as cells_present
    from $cells as cells
    inner join $terms as terms on cells.address_no = terms.place_no
    group by report_no, instance_no
)
select
    report_id,
    sums.report_no,
    identity_id,
    sums.instance_no,
    instance_key,
    severity,
    cast(coalesce(left_side, 0) as decimal(26, 6)) as left_yuan,
    cast(coalesce(right_side, 0) - constant as decimal(26, 6)) as right_yuan,
    cast(left_yuan - right_yuan as decimal(26, 6)) as residual_yuan,
    cast(coalesce(bound, 0) as decimal(18, 6)) as bound_yuan,
    case
        when residual_yuan = 0 or (comparison = 'at_most' and residual_yuan < 0) then 'exact'
        when abs(residual_yuan) <= bound_yuan then 'rounding'
        else 'broken'
    end as status,
    comparison,
    cast(cells_present as integer) as cells_present,
    if(
        status = 'broken',
        concat(
            cast(left_yuan as decimal(20, 2)), if(comparison = 'at_most', ' is more than ', ' is not '),
            cast(right_yuan as decimal(20, 2)), ': rounding explains ', cast(bound_yuan as decimal(20, 2)), ' at most'
        ),
        null
    ) as reason
from sums
inner join $instances as instances on sums.instance_no = instances.instance_no
inner join $reports as reports on sums.report_no = reports.report_no
""",
}

if __name__ == "__main__":
    # landing folder, registry folder, database
    landing, registry, database = map(Path, sys.argv[1:4])
    run_script(queries(landing, registry, templates=LEDGER), database, ["reports", "cells", "results"])
