"""Clean and damaged reports in one landing folder: a plain `dbt build` builds it in one run, and tells them apart.

`python tests/python/test_no_report_stops_another.py CLEAN DAMAGED FOLDER` does the same with other numbers of reports.
"""

import csv
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from final_accounts.landing.reader import tables as raw_tables
from final_accounts.proving.generate import Chunk, write_chunk
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import TOP
from wrecks import TAKES_AWAY, Tables, wrecked

CLEAN, DAMAGED = 60, 66
SEED = 20240830

# Damage after which nobody can say what the report is, or what it prints.
CANNOT_BE_RELEASED = {
    "text in an amount",
    "row twice",
    "everything twice",
    "report twice",
    "no report",
    "other identifier",
    "other division",
    "other level",
    "no title",
    "other hash",
    "no origin",
    "other day",
    "other pages",
    "claim that stands nowhere",
    "published again",
    "published again later",
}


@dataclass(frozen=True)
class Builds:
    """Two builds of the same reports: whole, and some of them damaged."""

    whole: Path
    damaged: Path
    kinds: dict[str, str]  # what was done to each damaged report

    def query(self, sql: str) -> list[tuple]:
        """Asks both, as databases `whole` and `damaged`."""
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"attach '{self.whole}' as whole (read_only)")
            connection.execute(f"attach '{self.damaged}' as damaged (read_only)")
            connection.execute("create table wrecks (report_id varchar, kind varchar)")
            connection.executemany("insert into wrecks values (?, ?)", list(self.kinds.items()))
            return connection.execute(sql).fetchall()

    def released(self) -> set[str]:
        """The damaged reports that the marts have."""
        rows = self.query("select report_id from damaged.marts.dim_reports semi join wrecks using (report_id)")
        return {name for (name,) in rows}

    def held_back(self) -> dict[str, str]:
        """The damaged reports that are held back, each with a reason."""
        rows = self.query("select report_id, min(problem) from damaged.quality.fct_hold_reasons group by report_id")
        return {name: problem for name, problem in rows if name in self.kinds}


def _read(landing: Path) -> list[Tables]:
    """The raw rows of a landing folder, report by report."""
    reports: dict[str, Tables] = defaultdict(lambda: defaultdict(list))
    with duckdb.connect(":memory:") as connection:
        for folder in sorted(landing.iterdir()):
            rows = connection.execute(f"select * from read_parquet('{folder}/*.parquet') order by report_id")
            columns = [column for column, *_ in rows.description]
            for row in rows.fetchall():
                record = dict(zip(columns, row, strict=True))
                reports[record["report_id"]][folder.name].append(record)
    return [reports[name] for name in sorted(reports)]


def _write(reports: list[Tables], landing: Path) -> None:
    """Lands reports as one delivery, as text."""
    with duckdb.connect(":memory:") as connection:
        for table in sorted({table for tables in reports for table in tables}):
            rows = [row for tables in reports for row in tables.get(table, [])]
            if not rows:
                continue
            (landing / table).mkdir(parents=True, exist_ok=True)
            file = landing / "rows.csv"
            with file.open("w", encoding="utf-8", newline="") as text:
                writer = csv.DictWriter(text, raw_tables()[table], quoting=csv.QUOTE_ALL)
                writer.writeheader()
                writer.writerows(rows)
            options = "header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', parallel = false"
            connection.execute(
                f"copy (from read_csv('{file}', {options})) to '{landing}/{table}/second.parquet' (format parquet)"
            )
            file.unlink()


def make(clean: int, damaged: int, folder: Path) -> Builds:
    """Builds clean reports beside whole ones, and again beside the same ones after they were damaged."""
    second = folder / "second"
    write_chunk(Chunk(SEED + 1, 0, damaged), second)
    whole = _read(second)
    wrecks = wrecked(whole, SEED)
    databases = {}
    for name, reports in {"whole": whole, "damaged": [tables for _, tables in wrecks.values()]}.items():
        landing = folder / name
        write_chunk(Chunk(SEED, 0, clean), landing)
        _write(reports, landing)
        databases[name] = folder / f"{name}.duckdb"
        command = ["--warn-error", "build", "--exclude-resource-type", "unit_test"]
        built = run_dbt(command, databases[name], TOP, landing=landing, synthetic=True)
        assert built.success, f"a build stops at reports that are {name}"
    return Builds(databases["whole"], databases["damaged"], {report: kind for report, (kind, _) in wrecks.items()})


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """Two builds in one run each: that they end well is what is shown first."""
    return make(CLEAN, DAMAGED, tmp_path_factory.mktemp("wrecks"))


def test_the_facts_of_clean_reports_are_what_they_are_without_damaged_ones(builds: Builds) -> None:
    """Every cell of every mart; only the period of a subject's name may depend on other reports."""
    marts = builds.query(
        """
        select table_name, bool_or(column_name = 'subject_id')
        from duckdb_columns()
        where database_name = 'damaged' and schema_name = 'marts' and table_name not like 'dim_subjects'
        group by table_name having bool_or(column_name = 'report_id')
        """
    )
    assert len(marts) > 10
    for mart, has_subject in marts:
        columns = "* exclude (subject_id)" if has_subject else "*"
        rows = {
            name: f"""
            select {columns} from {name}.marts.{mart} anti join wrecks using (report_id) where report_id not like '%-2'
            """
            for name in ("whole", "damaged")
        }
        for one, other in (("whole", "damaged"), ("damaged", "whole")):
            assert builds.query(f"{rows[one]} except all {rows[other]} limit 5") == [], mart
        assert builds.query(f"select count(*) > 0 from ({rows['damaged']})") == [(True,)] or mart.startswith(
            ("fct_project", "fct_narrative")
        )


def test_every_damaged_report_is_released_or_held_back_by_name(builds: Builds) -> None:
    """And none is both."""
    released, held_back = builds.released(), builds.held_back()
    assert released | set(held_back) == set(builds.kinds)
    assert not released & set(held_back)


def test_what_nobody_can_understand_is_not_released(builds: Builds) -> None:
    """A report whose row, identifier or figure is none."""
    assert sorted({builds.kinds[name] for name in builds.released()} & CANNOT_BE_RELEASED) == []


def test_money_that_is_published_twice_is_counted_once(builds: Builds) -> None:
    """The later publication enters and names the earlier one; where the order is not known neither does."""
    expected = {f"{name}-2": name for name, kind in builds.kinds.items() if kind == "published again later"}
    found = dict(
        builds.query("select report_id, supersedes_report_id from damaged.marts.dim_reports where report_id like '%-2'")
    )
    assert found == expected
    assert expected
    differences = builds.query(
        "select * from damaged.quality.fct_publication_differences semi join wrecks using (report_id)"
    )
    assert differences == []


def test_a_report_with_a_part_missing_says_nothing_that_the_whole_one_does_not_say(builds: Builds) -> None:
    """Each fact of expenditure stands in the whole report, too, within rounding."""
    names = sorted(name for name in builds.released() if builds.kinds[name] in TAKES_AWAY)
    assert names
    untrue = builds.query(
        """
        select wrecks.kind, facts.*, whole.amount_yuan
        from damaged.marts.fct_expenditure as facts
        inner join wrecks using (report_id)
        left join whole.marts.fct_expenditure as whole using (report_id, subject_code, fund, expenditure_kind)
        where
            wrecks.kind in (select unnest(?::varchar[]))
            and facts.fund <> 'unknown'
            and facts.expenditure_kind <> 'unknown'
            and (whole.amount_yuan is null or abs(facts.amount_yuan - whole.amount_yuan) > 200)
        """.replace("?::varchar[]", repr(sorted(TAKES_AWAY)))
    )
    assert untrue == []


def main() -> None:
    """Shows it with as many reports as are asked for."""
    clean, damaged, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    builds = make(clean, damaged, folder)
    test_the_facts_of_clean_reports_are_what_they_are_without_damaged_ones(builds)
    test_every_damaged_report_is_released_or_held_back_by_name(builds)
    test_what_nobody_can_understand_is_not_released(builds)
    test_money_that_is_published_twice_is_counted_once(builds)
    test_a_report_with_a_part_missing_says_nothing_that_the_whole_one_does_not_say(builds)
    released, held_back = builds.released(), builds.held_back()
    print(f"{clean:,} clean, {damaged:,} damaged: {len(released)} released, {len(held_back)} held back by name")
    for kind, number in sorted(Counter(builds.kinds.values()).items()):
        out = sum(builds.kinds[name] == kind for name in released)
        example = next((problem for name, problem in held_back.items() if builds.kinds[name] == kind), "")
        print(f"  {kind:<35} {number:>3}, released {out:>3}  {example[:140]}")


if __name__ == "__main__":
    main()
