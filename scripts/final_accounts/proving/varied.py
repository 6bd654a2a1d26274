"""Clean reports as other people print them: tables left out, other units, zeros left off, digits in groups.

What is changed is only how a consistent report is printed, or how much of it: it stays consistent. What was done to
which report is left in the table `main.varied`.
"""

import duckdb

from final_accounts.registry import PRINTED_TABLES

# Of ten departments two print in another unit; of ten reports one leaves off zeros, one groups digits, and two lack a
# table.
DICE = """
    create or replace table main.varied as
    with dice as (
        select
            report_id,
            md5_number_lower(department_code || '/unit/' || $seed) % 10 as unit,
            md5_number_lower(report_id || '/look/' || $seed) % 10 as look,
            md5_number_lower(report_id || '/lacks/' || $seed) % 50 as lacks,
            amount_unit,
            amount_decimals
        from raw.reports
        where report_id like 'synthetic-%'
    )
    select
        report_id,
        case
            when amount_unit <> '万元' or amount_decimals <> '2' or unit > 1 then amount_unit
            when unit = 0 then '千元'
            else '亿元'
        end as amount_unit,
        look = 0 as has_no_zeros,
        look = 1 as has_groups,
        case when lacks < 10 then printf('%02d', lacks + 1) end as lacking_table
    from dice
"""
WITHOUT_ZEROS = r"regexp_replace(regexp_replace({column}, '([.]\d*?)0+$', '\1'), '[.]$', '')"
WHOLE = "split_part({column}, '.', 1)"
GROUP = r"regexp_replace({column}, '(\d)(\d\d\d)(,|$)', '\1,\2\3')"
# three groups of three digits, and one before them; decimals stand in none
IN_GROUPS = (
    GROUP.replace("{column}", GROUP.replace("{column}", GROUP.replace("{column}", WHOLE)))
    + f" || substr({{column}}, length({WHOLE}) + 1)"
)


def vary(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Prints some of the synthetic reports of a database in other ways."""
    connection.execute(DICE, {"seed": str(seed)})
    connection.execute("""
        update raw.reports set amount_unit = varied.amount_unit
        from main.varied as varied where reports.report_id = varied.report_id
    """)
    connection.execute("""
        delete from raw.report_tables using main.varied as varied
        where report_tables.report_id = varied.report_id and table_no = lacking_table
    """)
    for table_no, table in PRINTED_TABLES.items():
        connection.execute(
            f"""
            delete from raw.{table.name} using main.varied as varied
            where {table.name}.report_id = varied.report_id and lacking_table = ?
            """,  # noqa: S608 - a name of our own
            [table_no],
        )
        # counts have no decimals that could be left off, but may be grouped
        texts = ", ".join(
            f"""
            {column} = case
                when has_no_zeros then {WITHOUT_ZEROS.format(column=column)}
                when has_groups then {IN_GROUPS.format(column=column)}
                else {column}
            end"""
            for column in table.amounts
        )
        connection.execute(f"""
            update raw.{table.name} set {texts}
            from main.varied as varied
            where {table.name}.report_id = varied.report_id and (has_no_zeros or has_groups)
        """)  # noqa: S608 - names of our own
