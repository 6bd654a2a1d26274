# ruff: noqa: S608 - names of our own
"""What a build may take over from the release that readers have: the reports whose raw rows are unchanged.

A report's version is a number made of all its raw rows, whether they come from seeds or from a landing folder. Where
code, packages and all other seeds (classification, identities, waivers) are as in the release that readers have, a
report with the same version has the same rows in every table, but for what is compared with the report of the year
before: where that one changed, the report counts as changed, too. See macros/base_release.sql.
"""

from pathlib import Path

import duckdb

from final_accounts.landing.folder import READERS, REPORT
from final_accounts.landing.raw_files import contract_columns
from final_accounts.release.record import InputFile, read_record, sha256_of, versions
from final_accounts.release.tables import literal, quoted, row_hash
from final_accounts.warehouse.paths import SEEDS, Warehouse

# Raw files of reports, as the record of a release calls them; their rows are told apart by report.
OF_REPORTS = ("seeds/accounts/", "landing/")


def write_versions(project: Path, landing: Path, synthetic: bool, target: Path) -> None:
    """Writes report_id and version of every report in the seeds and in a landing folder, as Parquet.

    synthetic   whether made-up reports of the landing folder are among them
    """
    selects = []
    made_up = "select null::varchar as report_id where false"
    for contract in sorted((SEEDS / "accounts").glob("*.yml")):
        columns = contract_columns(contract)
        number = f"hash({literal(contract.stem)}, {row_hash(columns)})"
        seed = READERS[".csv"].replace("?", literal(project / "seeds" / "accounts" / f"{contract.stem}.csv"), 1)
        selects.append(f"select {REPORT} as report_id, {number} as row_number from {seed}")
        for suffix, reader in READERS.items():
            if not any((landing / contract.stem).glob(f"*{suffix}")):
                continue
            files = literal(landing / contract.stem / f"*{suffix}")
            rows = reader.replace("?", f"{files}, union_by_name = true", 1)
            # files that were written before a column was added leave it out
            present = duckdb.sql(f"select * from {rows} limit 0").columns
            added = "".join(f", null as {quoted(column)}" for column in columns if column not in present)
            selects.append(f"select {REPORT} as report_id, {number} as row_number from (select *{added} from {rows})")
            if contract.stem == "reports" and not synthetic:
                made_up += f" union all select {REPORT} from {rows} where origin = 'synthetic'"
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select report_id, sum(row_number::hugeint)::varchar as version
                from ({" union all ".join(selects)})
                where report_id is not null and report_id not in ({made_up})
                group by report_id
                order by report_id
            ) to {literal(target)} (format parquet)
            """
        )


def take_over(
    warehouse: Warehouse, code: str, inputs: list[InputFile], version_file: Path, built: Path
) -> tuple[Path | None, str]:
    """Puts the reports that are as in the published release into the file that dbt will build.

    Returns the file to take them from, or none, and a sentence that says so.
    """
    if not warehouse.published.exists():
        return None, "Everything is computed: there is no release yet."
    why = _other_base(warehouse, code, inputs)
    if why:
        return None, f"Everything is computed: {why}."
    with duckdb.connect(str(built)) as connection:
        connection.execute(f"attach {literal(warehouse.published)} as base (read_only)")
        connection.execute(
            f"""
            create table main.unchanged_reports as
            with
            given as (from read_parquet({literal(version_file)})),
            before as (from base.quality.release_reports),
            same as (from given semi join before using (report_id, version)),
            every as (select report_id from given union select report_id from before),
            -- what stands in a report is compared with the year before
            compared as (
                select left(report_id, -4) || cast(try_cast(right(report_id, 4) as integer) + 1 as varchar) as report_id
                from every anti join same using (report_id)
            )
            select report_id from same anti join compared using (report_id) order by report_id
            """
        )
        connection.execute("alter table main.unchanged_reports alter report_id set not null")
        ((unchanged,),) = connection.execute("select count(*) from main.unchanged_reports").fetchall()
        ((given,),) = connection.execute(f"select count(*) from read_parquet({literal(version_file)})").fetchall()
        ((release,),) = connection.execute("select release_id from base.quality.releases where is_this_file").fetchall()
    if not unchanged:
        return None, f"Everything is computed: no report is as in release {release}."
    return warehouse.published, f"Taken over from release {release}: {unchanged:,} of {given:,} reports."


def _other_base(warehouse: Warehouse, code: str, inputs: list[InputFile]) -> str | None:
    """Why nothing of what readers have can be taken over; none if it can."""
    try:
        with duckdb.connect(str(warehouse.published), read_only=True) as connection:
            ((release,),) = connection.execute("select release_id from quality.releases where is_this_file").fetchall()
            connection.execute("from quality.release_reports limit 0")
        record = read_record(warehouse.release(release))
    except (duckdb.Error, OSError, ValueError):
        return "the published file has no record of a release that tells versions of reports"

    def other_seeds(files: list[dict[str, str]]) -> set[tuple[str, str]]:
        """The files that no single report owns."""
        return {(each["file"], each["sha256"]) for each in files if not each["file"].startswith(OF_REPORTS)}

    if not record["personal_data"]:
        return f"release {release} is one without personal data"
    if record["code_sha256"] != code or record["versions"] != versions():
        return f"the code or its packages are not those of release {release}"
    if other_seeds(record["inputs"]) != other_seeds([vars(each) for each in inputs]):
        return f"classification, identities or waivers in seeds/ are not those of release {release}"
    if sha256_of(warehouse.published) != record["file_sha256"]:
        return f"the published file is not that of release {release}"
    return None
