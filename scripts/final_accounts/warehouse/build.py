"""scripts/build: raw CSV to the published warehouse, by write, audit, publish.

The warehouse is built beside the published file, checked, compared with what readers have, and takes its place in one
step when nothing is left to object to: a build that fails, or is killed, leaves what readers have.
"""

import argparse
import os
import shutil
import signal
import sys
import traceback
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from dbt.artifacts.schemas.run import RunExecutionResult

from final_accounts.landing.raw_files import problems_of_folder
from final_accounts.landing.reader import take
from final_accounts.release.audit import audit
from final_accounts.release.base import take_over, write_versions
from final_accounts.release.bell import VARIABLE, AlarmError, ring, webhook
from final_accounts.release.compare import Changes, check_readable, compare
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.expecting import expectations_checker
from final_accounts.release.lock import locked
from final_accounts.release.manifest import relations_of
from final_accounts.release.publish import KEPT, check_folder, clear, keep, prune, publish, releases
from final_accounts.release.record import (
    Release,
    code_hash,
    inputs_of,
    is_the_same,
    new_release,
    sha256_of,
    write_tables,
)
from final_accounts.release.results import dbt_results
from final_accounts.release.tables import write_release
from final_accounts.site.pages import write_site
from final_accounts.warehouse.dbt import run_dbt, write_docs
from final_accounts.warehouse.paths import PUBLISHED, TOP, Warehouse, target_folder
from final_accounts.warehouse.steps import Steps, logged

RELEASED, NOT_RELEASED, SOME_HELD_BACK = 0, 1, 3


@dataclass(frozen=True)
class Options:
    """What an operator may ask for."""

    personal_data: bool = True  # whether columns that may name a natural person are released
    allow_loss: bool = False  # releases though readers lose reports or many rows
    allow_withdrawn: bool = False  # releases the data that a rollback took away from readers
    keep: int = KEPT  # how many releases stay for a rollback
    landing: Path | None = None  # a folder of raw tables beside the seeds
    synthetic: bool = False  # whether made-up reports of the landing folder are released
    full: bool = False  # whether reports that are as in the last release are computed again
    site: bool = True  # whether the pages to look at are written


TRY = """\
select subject_name, amount_yuan, share_of_total
from reporting.rpt_spending_by_function
where subject_level = 'class'
order by amount_yuan desc"""


def summary(database: Path) -> str:
    """What was built: reports, cells, and the rows of each mart."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            """
            select table_schema, table_name
            from information_schema.tables
            where table_schema in ('marts', 'quality', 'reporting')
            order by table_schema, table_name
            """
        ).fetchall()
        rows = {
            f"{schema}.{table}": connection.execute(f'select count(*) from "{schema}"."{table}"').fetchone()[0]  # noqa: S608
            for schema, table in tables
        }
        amounts = connection.execute(
            "select count(*) from quality.fct_report_cells where cell_status = 'amount'"
        ).fetchone()[0]
    width = max(map(len, rows))
    lines = [f"  {name:<{width}}  {count:>9,}" for name, count in rows.items()]
    return "\n".join(
        [
            f"{rows['marts.dim_reports']:,} reports, {rows['quality.fct_report_cells']:,} cells of their tables, "
            f"{amounts:,} of them amounts. Rows:",
            *lines,
        ]
    )


HELD_BACK = """\
select
    scorecard.report_id,
    scorecard.broken_fatal,
    min(identities.title || coalesce(' (' || nullif(results.instance_key, '') || ')', '') || ': ' || results.reason)
from quality.fct_report_scorecard as scorecard
left join quality.fct_identity_results as results
    on scorecard.report_id = results.report_id and results.severity = 'fatal' and results.status = 'broken'
left join raw.identities as identities on results.identity_id = identities.identity_id
where not scorecard.is_released
group by scorecard.report_id, scorecard.broken_fatal
order by scorecard.report_id"""


def held_back(database: Path) -> list[str]:
    """A sentence for each report whose tables do not add up: how much is broken, and one break as an example."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            f"Held back: report {report_id}, fatal identities broken: {broken}. {example or 'See quality.'}"
            for report_id, broken, example in connection.execute(HELD_BACK).fetchall()
        ]


def released(database: Path) -> int:
    """How many reports the marts hold."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute("select count(*) from marts.dim_reports").fetchone()[0]


@dataclass(frozen=True)
class Ending:
    """How a build ended."""

    status: int
    last: str  # the last line that it says
    is_news: bool = True  # whether it was so before this build


def build(project: Path = TOP, options: Options | None = None) -> int:
    """Builds, audits and publishes the warehouse of a project; returns the exit status."""
    warehouse = Warehouse.of(project)
    steps = Steps()
    try:
        with locked(warehouse):
            check_folder(warehouse)
            clear(warehouse)
            check_readable(warehouse.published)
            try:
                ending = _build(project, warehouse, options or Options(), steps)
            finally:
                clear(warehouse)
    except NotReleasedError as error:
        ending = _not_released(str(error))
    except OSError as error:
        ending = _not_released(f"{error.filename or warehouse.folder}: {error.strerror or error}.")
    except duckdb.Error as error:
        ending = _not_released(f"{str(error).splitlines()[0]}.")
    except KeyboardInterrupt:
        ending = _not_released("stopped.")
    except Exception:
        traceback.print_exc()
        ending = _not_released("the reason stands above.")
    address = webhook()
    if address and ending.status and ending.is_news:
        event = "held_back" if ending.status == SOME_HELD_BACK else "not_released"
        try:
            ring(address, event, ending.status, ending.last)
        except AlarmError as error:
            print(f"Nobody was alarmed: {error}.", file=sys.stderr)
    print(ending.last, file=sys.stderr if ending.status == NOT_RELEASED else sys.stdout)
    return ending.status


def _not_released(why: str) -> Ending:
    """The end of a build that readers see nothing of."""
    return Ending(NOT_RELEASED, f"Not released: {why} What readers have is unchanged.")


def _build(project: Path, warehouse: Warehouse, options: Options, steps: Steps) -> Ending:
    """Does so under the lock."""
    with steps.step("files", "Reading the raw files"):
        problems = problems_of_folder(project / "seeds")
        if problems:
            print("\n".join(problems), file=sys.stderr)
            raise NotReleasedError(f"problems in raw files: {len(problems)}.")
        built = warehouse.candidate / "built" / PUBLISHED.name
        built.parent.mkdir(parents=True)
        left_out: list[str] = []
        if options.landing:
            # what is loaded is a copy: it is what was checked, whatever happens to the folder meanwhile
            taken = built.parent / "landing"
            left_out = take(options.landing, taken)
            for sentence in left_out:
                print(f"Not loaded from the landing folder: {sentence}", file=sys.stderr)
            options = replace(options, landing=taken)
        inputs = inputs_of(project, options.landing, options.synthetic)
    base = versions = None
    if options.landing:
        versions = warehouse.candidate / "report_versions.parquet"
        with steps.step("versions", "Looking for reports that have changed"):
            write_versions(project, options.landing, options.synthetic, versions)
            if options.personal_data and not options.full:
                base, sentence = take_over(warehouse, project, inputs, versions, built)
                print(sentence)

    with expectations_checker() as check_expectations:
        with steps.step("dbt", "Building and testing the models (dbt)"):
            result = _run_dbt(project, built, options, base)
            relations = relations_of(each.node.to_dict(omit_none=False) for each in result.results)
            dbt_docs = None
            if options.site:
                dbt_docs = write_docs(built, project, landing=options.landing, synthetic=options.synthetic, base=base)

        sentences = held_back(built)
        for sentence in sentences:
            print(sentence, file=sys.stderr)
        if released(built) == 0:
            raise NotReleasedError("no report is left to release.")

        with steps.step("expectations", "Checking expectations (Great Expectations)"):
            # Data Docs show rows as they are printed.
            docs = warehouse.candidate / "data_docs" if options.personal_data else None
            reports, expectations = check_expectations(built, docs)

    candidate = warehouse.candidate / PUBLISHED.name
    with steps.step("writing", "Writing the file of the release"):
        tables = write_release(built, candidate, relations, options.personal_data)
        said = summary(built)
        shutil.rmtree(built.parent)

    with steps.step("comparing", "Comparing with what readers have"):
        changes = compare(warehouse.published, candidate, relations)
        release = new_release(
            project=project,
            inputs=inputs,
            personal_data=options.personal_data,
            reports_known=reports.known,
            held_back=sentences if options.personal_data else [_without_example(each) for each in sentences],
            reports_released=reports.released,
            tables=tables,
            checks=[*dbt_results(result), *expectations],
            changes=changes,
        )
        unchanged = _stop_or_unchanged(warehouse, release, options)
    print(said)
    if unchanged:
        print(f"\nThe warehouse is {warehouse.published}.")
        return _released(release, f"Released already: nothing has changed since release {unchanged}", False, left_out)

    with steps.step("audit", "Auditing the file in a fresh process"):
        write_tables(candidate, release, relations, warehouse.published, versions)
        if versions:
            versions.unlink()
        release.file_sha256, release.file_bytes = sha256_of(candidate), candidate.stat().st_size
        release.seconds = steps.seconds
        release.write(warehouse.candidate / "release.json")
        problems = audit(warehouse.candidate)
        if problems:
            print("\n".join(problems), file=sys.stderr)
            raise NotReleasedError(f"the audit found problems in the file: {len(problems)}.")

    told = "\n".join([f"\nCompared with release {changes.previous or '(none)'}:", *_indented(changes)])
    print(told)
    with steps.step("publishing", "Publishing"):
        release.write(warehouse.candidate / "release.json")
        text = f"Release {release.release_id}, {release.released_at}\n\n{said}\n{told}\n"
        (warehouse.candidate / "summary.txt").write_text(text, encoding="utf-8")
        folder = keep(warehouse, release.release_id)
        publish(warehouse, folder)
        prune(warehouse, options.keep)
    if not options.personal_data:
        # Pages of an earlier release could name whom this one does not.
        shutil.rmtree(warehouse.site, ignore_errors=True)
    if options.site:
        with steps.step("site", "Writing the site"):
            _write_site(warehouse, folder, dbt_docs)
    print(f"\nThe warehouse is {warehouse.published}. Try:\n\n{TRY}\n")
    print(f"{_shares(steps)}\nChecks, changes and Data Docs: {folder}")
    return _released(release, f"Released as {release.release_id}", True, left_out)


def _write_site(warehouse: Warehouse, release: Path, dbt_docs: Path | None) -> None:
    """Writes the pages of a release; what keeps them from being written does not take the release back."""
    try:
        write_site(
            warehouse.published, warehouse.site, data_docs=release / "data_docs", dbt_docs=dbt_docs, progress=False
        )
    except (OSError, duckdb.Error) as error:
        print(f"The site could not be written to {warehouse.site}: {error}", file=sys.stderr)


def _run_dbt(project: Path, built: Path, options: Options, base: Path | None = None) -> RunExecutionResult:
    """Builds and tests the models; what dbt remembers of files counts only while none of the code has changed.

    dbt goes by the times of files, and keeps the tests of a file that was put back as it had been.
    """
    parsed = target_folder(project) / "parsed_code.sha256"
    code = code_hash(project)
    known = parsed.exists() and parsed.read_text(encoding="utf-8") == code
    parsed.unlink(missing_ok=True)
    anew = [] if known else ["--no-partial-parse"]
    command = ["build", "--exclude-resource-type", "unit_test", *anew]
    result = run_dbt(command, built, project, landing=options.landing, synthetic=options.synthetic, base=base)
    if result.result is not None:
        parsed.write_text(code, encoding="utf-8")
    if not result.success:
        raise NotReleasedError("a model or a test failed.")
    with duckdb.connect(str(built)) as connection:
        # A disk that fills up while a file is closed says nothing; it does here.
        connection.execute("force checkpoint")
    return result.result


def _released(release: Release, text: str, is_news: bool, left_out: list[str]) -> Ending:
    """The end of a build whose data readers have."""
    if left_out:
        text += f"; not loaded from the landing folder: {len(left_out)} (named above)"
    if release.held_back:
        return Ending(SOME_HELD_BACK, f"{text}; reports held back: {len(release.held_back)}.", is_news)
    return Ending(SOME_HELD_BACK if left_out else RELEASED, f"{text}.", is_news)


def _indented(changes: Changes) -> list[str]:
    """What changes, as lines of a list."""
    return [f"  {sentence}" for sentence in changes.sentences()]


def _without_example(sentence: str) -> str:
    """A sentence on a report that is held back, without the text that the report prints."""
    return sentence.partition(". ")[0] + "."


def _shares(steps: Steps) -> str:
    """How long it took, and what."""
    shares = ", ".join(f"{name} {seconds / steps.total:.0%}" for name, seconds in steps.seconds.items())
    return f"{steps.total:.1f} s: {shares}"


def _stop_or_unchanged(warehouse: Warehouse, release: Release, options: Options) -> str | None:
    """Stops where readers would lose something; returns the release that they have if this one is no other."""
    kept = releases(warehouse)
    for each in kept:
        if each.is_published and is_the_same(release, each.record):
            return each.release_id
    for each in kept:
        if each.withdrawn and each.record["data_sha256"] == release.data_sha256 and not options.allow_withdrawn:
            raise NotReleasedError(
                f"this is the data of release {each.release_id}, which was taken back ({each.withdrawn}). "
                "Mend what was wrong, or give --allow-withdrawn."
            )
    losses = release.changes.losses()
    if losses and not options.allow_loss:
        print("\n".join(f"Lost: {loss}" for loss in losses), file=sys.stderr)
        raise NotReleasedError("readers would lose what they have; if that is right, give --allow-loss.")
    return None


def _stop(*_: object) -> None:
    """Lets a build that is told to stop put its things away."""
    raise KeyboardInterrupt


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/build",
        description="Build the warehouse from seeds/, audit it, compare it with what readers have, and publish it as "
        "warehouse/final_accounts.duckdb. Releases are kept in warehouse/releases; see scripts/releases.",
        epilog="Exit status: 0 released, 3 released with reports held back (named), "
        "1 not released (what readers have is unchanged), 2 wrong usage. "
        f"If {VARIABLE} is set, whatever is not 0 is sent there; see scripts/alarm. "
        "What is said here stands in logs/build.log, too.",
    )
    parser.add_argument(
        "--without-personal-data",
        action="store_true",
        help="leave out every column that may name a natural person, in all tables",
    )
    parser.add_argument(
        "--allow-loss", action="store_true", help="release though readers lose reports, or many rows of a table"
    )
    parser.add_argument(
        "--allow-withdrawn", action="store_true", help="release the data that scripts/releases rollback took away"
    )
    parser.add_argument(
        "--keep", type=_at_least_one, default=KEPT, metavar="N", help="releases to keep (default: %(default)s)"
    )
    parser.add_argument(
        "--landing",
        type=_folder,
        default=os.environ.get("FINAL_ACCOUNTS_LANDING") or None,
        metavar="DIR",
        help="a landing folder of raw tables, read with the seeds (see scripts/land; default: $FINAL_ACCOUNTS_LANDING)",
    )
    parser.add_argument(
        "--synthetic", action="store_true", help="release the synthetic reports of the landing folder as well"
    )
    parser.add_argument(
        "--full", action="store_true", help="compute every report again, those too that are as in the last release"
    )
    parser.add_argument(
        "--no-site", action="store_true", help="leave warehouse/site as it is (without personal data: remove it)"
    )
    arguments = parser.parse_args()
    options = Options(
        personal_data=not arguments.without_personal_data,
        allow_loss=arguments.allow_loss,
        allow_withdrawn=arguments.allow_withdrawn,
        keep=arguments.keep,
        landing=arguments.landing.resolve() if arguments.landing else None,
        synthetic=arguments.synthetic,
        full=arguments.full,
        site=not arguments.no_site,
    )
    signal.signal(signal.SIGTERM, _stop)
    with logged(TOP / "logs" / "build.log"):
        return build(TOP, options)


def _folder(text: str) -> Path:
    """A folder that is there."""
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text}: expected a folder")
    return Path(text)


def _at_least_one(text: str) -> int:
    """A number of releases."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: expected a number from 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
