"""The suites as files: tests/expectations/<suite>.json, in Great Expectations' own format, read and compared by people.

They are made from the registry and from what a warehouse says of itself (`scripts/expect --write-suites`), and they
are what is run. A test says when they are not what the registry gives.
"""

import json
from pathlib import Path

import duckdb
from great_expectations import ExpectationSuite

from final_accounts.expectations import layers, suites
from final_accounts.expectations.suites import RESULTS, Catalogue, Check, Suite, meta_of
from final_accounts.warehouse.paths import TOP

FOLDER = TOP / "tests" / "expectations"
ABOUT = ("title", "title_zh", "about", "about_zh")


def made_suites(connection: duckdb.DuckDBPyConnection) -> list[Suite]:
    """The suites that the registry of an open warehouse gives."""
    catalogue = Catalogue.read(connection)
    return [
        layers.raw_suite(catalogue),
        layers.staging_suite(catalogue),
        layers.marts_suite(catalogue),
        suites.identities_suite(connection),
        suites.gate_suite(connection),
    ]


def as_text(suite: Suite) -> str:
    """A suite as its file says it."""
    about = {name: getattr(suite, name) for name in ABOUT}
    whole = ExpectationSuite(suite.name, [check.expectation for check in suite.checks], meta=about)
    return json.dumps(whole.to_json_dict(), ensure_ascii=False, indent=2) + "\n"


def write_suites(connection: duckdb.DuckDBPyConnection, folder: Path = FOLDER) -> list[Path]:
    """Writes the files anew; returns them."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for suite in made_suites(connection):
        files.append(folder / f"{suite.name}.json")
        files[-1].write_text(as_text(suite), encoding="utf-8")
    return files


def read_suite(name: str, folder: Path = FOLDER) -> Suite:
    """A suite from its file."""
    whole = ExpectationSuite(**json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
    checks = tuple(Check(meta_of(each)["table"], each) for each in whole.expectations)
    about = whole.meta or {}
    return Suite(whole.name, **{name: about[name] for name in ABOUT}, checks=checks)


def add_counts(suite: Suite, connection: duckdb.DuckDBPyConnection) -> None:
    """Puts beside each identity how many of its instances came to what, and why some did not run: for its page."""
    statuses = dict(
        connection.execute(
            f"""
            with counts as (select identity_id, status, count(*) as instances from {RESULTS} group by all)
            select identity_id, map_from_entries(list((status, instances) order by status)) from counts group by all
            """  # noqa: S608 - a name of our own
        ).fetchall()
    )
    reasons = dict(
        connection.execute(
            f"""
            with counts as (
                select identity_id, reason, count(*) as instances
                from {RESULTS}
                where status = 'not_evaluable' and reason is not null
                group by all
            )
            select identity_id, map_from_entries(list((reason, instances) order by instances desc, reason)[1:10])
            from counts
            group by all
            """  # noqa: S608 - a name of our own
        ).fetchall()
    )
    for check in suite.checks:
        check.expectation.meta = meta_of(check.expectation) | {
            "instances": statuses.get(check.name, {}),
            "not_evaluable": reasons.get(check.name, {}),
        }
