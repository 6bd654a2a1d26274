"""scripts/build: raw CSV to the published warehouse, by write, audit, publish.

The warehouse is built beside the published file, checked, compared with what readers have, and takes its place in one
step when nothing is left to object to: a build that fails, or is killed, leaves what readers have.
"""

import argparse
import os
import re
import shutil
import sys
import traceback
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
from dbt.artifacts.schemas.run import RunExecutionResult

from final_accounts.expectations.validation import Reports
from final_accounts.landing.folder import sources_of
from final_accounts.landing.raw_files import problems_of_folder
from final_accounts.language import Parser
from final_accounts.release.audit import audit
from final_accounts.release.base import take_over, write_versions
from final_accounts.release.bell import VARIABLE, AlarmError, ring, webhook
from final_accounts.release.compare import Changes, check_readable, compare
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.expecting import expectations_checker
from final_accounts.release.history import KEPT, history, prune
from final_accounts.release.lock import locked
from final_accounts.release.manifest import Relation, relations_of
from final_accounts.release.publish import check_folder, clear, confirm, given_to_readers, keep, make_folder, publish
from final_accounts.release.record import (
    CheckResult,
    InputFile,
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
from final_accounts.release.taking import Taken, take
from final_accounts.site.contents import problems_of_site
from final_accounts.site.pages import write_site
from final_accounts.terminal import printable
from final_accounts.warehouse.dbt import run_dbt, write_docs
from final_accounts.warehouse.paths import PUBLISHED, TOP, Warehouse, target_folder
from final_accounts.warehouse.steps import Steps, logged
from final_accounts.warehouse.stopping import Stop, StoppedError, stoppable

RELEASED, NOT_RELEASED, SOME_HELD_BACK, UNFINISHED = 0, 1, 3, 5


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
            f"{schema}.{table}": count
            for schema, table in tables
            for (count,) in connection.execute(f'select count(*) from "{schema}"."{table}"').fetchall()  # noqa: S608
        }
        ((amounts,),) = connection.execute(
            "select count(*) from quality.fct_report_cells where cell_status = 'amount'"
        ).fetchall()
        ((asked, not_ended),) = connection.execute(
            """
            select
                count(*) filter (where answer <> 'as printed'),
                count(*) filter (where not is_searched_to_the_end)
            from quality.fct_joint_answers
            """
        ).fetchall()
    width = max(map(len, rows))
    lines = [f"  {name:<{width}}  {count:>9,}" for name, count in rows.items()]
    return "\n".join(
        [
            f"{rows['marts.dim_reports']:,} reports, {rows['quality.fct_report_cells']:,} cells of their tables, "
            f"{amounts:,} of them amounts. Rows:",
            *lines,
            f"Whether all sums can hold together a solver was asked for {asked:,} reports; "
            f"wrong cells were not searched to the end in {not_ended:,}.",
        ]
    )


HELD_BACK = """\
select
    report_id,
    count(*) filter (where reason_kind = 'identity'),
    count(*) filter (where reason_kind <> 'identity'),
    min_by(problem, (reason_kind = 'identity', reason_kind, problem))
from quality.fct_hold_reasons
group by report_id
order by report_id"""

# Sentences on raw rows that are printed of one report; all of them are in quality.fct_hold_reasons.
MOST_SENTENCES = 100


def held_back(database: Path, quotes: bool) -> list[str]:
    """A sentence for each report that is held back: how much is wrong, and one problem as an example.

    Without `quotes` nothing is told that stands in the raw rows: no example, and no report id that is none.
    """

    def name(report_id: str | None) -> str:
        if not report_id:
            return "(none named)"
        return report_id if quotes or re.fullmatch("[0-9-]+", report_id) else "(an id that is none)"

    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            f"Held back: report {name(report_id)}, fatal identities broken: {broken}"
            f"{f', other problems: {others}' if others else ''}.{f' {example}' if quotes else ''}"
            for report_id, broken, others, example in connection.execute(HELD_BACK).fetchall()
        ]


def broken_rows(database: Path) -> list[str]:
    """Sentences on the raw rows that break their contract or cannot be read, the first ones of each report."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            problem
            for (problem,) in connection.execute(
                """
                select problem
                from quality.fct_hold_reasons
                where reason_kind in ('contract', 'unreadable')
                qualify row_number() over (partition by report_id order by problem) <= ?
                order by report_id, problem
                """,
                [MOST_SENTENCES],
            ).fetchall()
        ]


def released(database: Path) -> int:
    """How many reports the marts hold."""
    with duckdb.connect(str(database), read_only=True) as connection:
        ((reports,),) = connection.execute("select count(*) from marts.dim_reports").fetchall()
    return int(reports)


@dataclass(frozen=True)
class Ending:
    """How a build ended."""

    status: int
    last: str  # the last line that it says
    is_news: bool = True  # whether it was so before this build

    @property
    def event(self) -> str:
        """What an alarm calls it."""
        return {SOME_HELD_BACK: "held_back", UNFINISHED: "unfinished"}.get(self.status, "not_released")


@dataclass
class Build:
    """A build on its way: what it is made of, and how far it has come."""

    project: Path
    warehouse: Warehouse
    options: Options
    stop: Stop
    steps: Steps = field(init=False)
    release: Release | None = None  # once everything of it is written and checked
    unchanged: str | None = None  # the release that readers have, where this one is no other
    left_out: list[str] = field(default_factory=list)  # of the landing folder, a sentence each
    undone: list[str] = field(default_factory=list)  # what could not be finished, a sentence each

    def __post_init__(self) -> None:
        self.steps = Steps(self.stop)

    @property
    def written(self) -> Release:
        """The release, where the steps before have made it."""
        if self.release is None:
            raise RuntimeError("no release has been written")
        return self.release

    @property
    def is_released(self) -> bool:
        """Whether readers have it: asked of what they open, not of how far the program came."""
        if self.release is None or self.unchanged:
            return bool(self.unchanged)
        return given_to_readers(self.warehouse) == self.release.release_id


def build(project: Path = TOP, options: Options | None = None) -> int:
    """Builds, audits and publishes the warehouse of a project; returns the exit status."""
    with stoppable() as stop:
        work = Build(project, Warehouse.of(project), options or Options(), stop)
        error: BaseException | None = None
        try:
            try:
                _build_alone(work)
            except BaseException as raised:  # whatever it is, what readers have decides what is said
                error = raised
            stop.raises = False
        except StoppedError as raised:
            error = error or raised
        stop.raises = False
        ending = _ending(work, error)
        print(ending.last, file=sys.stderr if _is_failure(ending.status) else sys.stdout, flush=True)
        _alarm(ending)
    return ending.status


def _is_failure(status: int) -> bool:
    """Whether readers do not have what was built."""
    return status not in (RELEASED, SOME_HELD_BACK, UNFINISHED)


def _alarm(ending: Ending) -> None:
    """Rings where there is something to tell; what becomes of that changes nothing of how the build ended."""
    address = webhook()
    if address and ending.status and ending.is_news:
        try:
            ring(address, ending.event, ending.status, ending.last)
        except AlarmError as error:
            print(f"Nobody was alarmed: {error}.", file=sys.stderr)


def _build_alone(work: Build) -> None:
    """Builds under the lock, and leaves nothing behind."""
    warehouse = work.warehouse
    with locked(warehouse):
        check_folder(warehouse)
        clear(warehouse)
        check_readable(warehouse.published)
        try:
            _build(work)
        finally:
            work.undone += clear(warehouse)


def _ending(work: Build, error: BaseException | None) -> Ending:
    """What is to be said of a build, by what readers have now."""
    why = None
    if error:
        # What a signal breaks off raises what it likes.
        why = str(work.stop) if work.stop.by else _reason(work, error)
    if work.is_released:
        return _released(work, [*filter(None, [why]), *work.undone])
    print("".join(f"{sentence}.\n" for sentence in work.undone), end="", file=sys.stderr)
    last = f"Not released: {why}. What readers have is unchanged."
    return Ending(work.stop.status if work.stop.by else NOT_RELEASED, last)


def _reason(work: Build, error: BaseException) -> str:
    """What was raised, as a sentence without its full stop."""
    if isinstance(error, NotReleasedError):
        return printable(error).removesuffix(".")
    if isinstance(error, shutil.Error):
        # it lists all files that could not be copied
        files = error.args[0]
        return printable(f"files that could not be copied: {len(files)}; the first: {files[0][2]}")
    if isinstance(error, OSError):
        return printable(f"{error.filename or work.warehouse.folder}: {error.strerror or error}")
    if isinstance(error, duckdb.Error):
        return printable(str(error).splitlines()[0])
    traceback.print_exception(error)
    return "the reason stands above"


def _released(work: Build, undone: list[str]) -> Ending:
    """The end of a build whose data readers have."""
    release = work.written
    text = (
        f"Released already: nothing has changed since release {work.unchanged}"
        if work.unchanged
        else f"Released as {release.release_id}"
    )
    status = RELEASED
    if work.left_out:
        status, text = SOME_HELD_BACK, f"{text}; not loaded from the landing folder: {len(work.left_out)} (named above)"
    if release.held_back:
        status, text = SOME_HELD_BACK, f"{text}; reports held back: {len(release.held_back)}"
    if undone:
        status, text = UNFINISHED, f"{text}. Left undone: {'; '.join(undone)}"
    return Ending(status, f"{text}.", is_news=bool(undone) or not work.unchanged)


@dataclass(frozen=True)
class Built:
    """What dbt built, and what was found in it."""

    file: Path
    code: str  # the hash of the code that built it
    inputs: list[InputFile]
    versions: Path | None  # of reports, where a landing folder was read
    relations: list[Relation]
    reports: Reports
    held_back: list[str]
    checks: list[CheckResult]
    data_docs: Path | None
    dbt_docs: Path | None


def _build(work: Build) -> None:
    """Builds, checks and publishes; every step may find that there is nothing to release."""
    for sentence in history(work.warehouse).left_aside:
        print(f"{sentence}.", file=sys.stderr)
    make_folder(work.warehouse.candidate)
    built = _built(work)
    said, told = _written(work, built)
    print(said)
    if work.unchanged:
        confirm(work.warehouse)
        print(f"\nThe warehouse is {work.warehouse.published}.")
        return
    _checked(work, built)
    print(told)
    folder = _published(work, f"{said}\n{told}")
    print(f"\nThe warehouse is {work.warehouse.published}. Try:\n\n{TRY}\n")
    print(f"{_shares(work.steps)}\nChecks, changes and Data Docs: {folder}")


def _built(work: Build) -> Built:
    """Takes the raw files, lets dbt build the models, and asks the expectations."""
    warehouse, options, steps = work.warehouse, work.options, work.steps
    file = warehouse.candidate / "built" / PUBLISHED.name
    with steps.step("files", "Reading the raw files"):
        taken = take(work.project, options.landing, file.parent)
        work.left_out += taken.left_out
        code, inputs = code_hash(taken.project), _checked_inputs(taken, options)
    base = versions = None
    if taken.landing:
        versions = warehouse.candidate / "report_versions.parquet"
        with steps.step("versions", "Looking for reports that have changed"):
            write_versions(taken.project, taken.landing, options.synthetic, versions)
            if options.personal_data and not options.full:
                base, sentence = take_over(warehouse, code, inputs, versions, file)
                print(sentence)

    with expectations_checker() as check_expectations:
        with steps.step("dbt", "Building and testing the models (dbt)"):
            result = _run_dbt(work.project, file, options, taken, base)
            relations = relations_of(each.node.to_dict(omit_none=False) for each in result.results)
            dbt_docs = None
            if options.site:
                dbt_docs = write_docs(
                    file,
                    work.project,
                    landing=taken.landing,
                    synthetic=options.synthetic,
                    base=base,
                    code=taken.project,
                )

        sentences = [printable(sentence) for sentence in held_back(file, options.personal_data)]
        rows = [printable(sentence) for sentence in broken_rows(file)] if options.personal_data else []
        for sentence in [*rows, *sentences]:
            print(sentence, file=sys.stderr)
        if released(file) == 0:
            raise NotReleasedError("no report is left to release.")

        with steps.step("expectations", "Checking expectations (Great Expectations)"):
            # Data Docs show rows as they are printed.
            docs = warehouse.candidate / "data_docs" if options.personal_data else None
            reports, expectations = check_expectations(file, docs)
    checks = [*dbt_results(result), *expectations]
    return Built(file, code, inputs, versions, relations, reports, sentences, checks, docs, dbt_docs)


def _checked_inputs(taken: Taken, options: Options) -> list[InputFile]:
    """The raw files, once nothing is wrong with them; what is wrong is told with its text if personal data may be."""
    problems = problems_of_folder(taken.project / "seeds")
    said = [*(f"{sentence}." for sentence in taken.passed_over), *problems]
    said += [f"Not loaded from the landing folder: {sentence}" for sentence in taken.left_out]
    for sentence in said:
        print(printable(sentence if options.personal_data else re.sub("«.*»", "«…»", sentence)), file=sys.stderr)
    if problems:
        raise NotReleasedError(f"problems in raw files: {len(problems)}.")
    return inputs_of(taken.project, taken.landing, options.synthetic)


def _written(work: Build, built: Built) -> tuple[str, str]:
    """Writes the file of the release, and compares it with what readers have; returns what is to be said of both."""
    candidate = work.warehouse.candidate / PUBLISHED.name
    personal = work.options.personal_data
    with work.steps.step("writing", "Writing the file of the release"):
        tables = write_release(built.file, candidate, built.relations, personal)
        said = summary(built.file)
        shutil.rmtree(built.file.parent)

    with work.steps.step("comparing", "Comparing with what readers have"):
        changes = compare(work.warehouse.published, candidate, built.relations)
        work.release = new_release(
            code=built.code,
            inputs=built.inputs if personal else _without_names(built.inputs),
            personal_data=personal,
            reports_known=built.reports.known,
            held_back=built.held_back,
            reports_released=built.reports.released,
            tables=tables,
            checks=built.checks,
            changes=changes,
        )
        if code_hash(work.project) != built.code:
            raise NotReleasedError("the code, or what describes the raw files, was changed while it was built.")
        work.unchanged = _stop_or_unchanged(work.warehouse, work.written, work.options)
    return said, "\n".join([f"\nCompared with release {changes.previous or '(none)'}:", *_indented(changes)])


def _checked(work: Build, built: Built) -> None:
    """Writes the record of the release into its file and beside it, audits both, and writes the pages."""
    warehouse, release = work.warehouse, work.written
    candidate = warehouse.candidate / PUBLISHED.name
    with work.steps.step("audit", "Auditing the file in a fresh process"):
        write_tables(candidate, release, built.relations, warehouse.published, built.versions)
        if built.versions:
            built.versions.unlink()
        release.file_sha256, release.file_bytes = sha256_of(candidate), candidate.stat().st_size
        release.write(warehouse.candidate / "release.json")
        _stop_at(audit(warehouse.candidate), "file")
    if work.options.site:
        with work.steps.step("site", "Writing the site"):
            site = warehouse.candidate / warehouse.site.name
            landing = work.options.landing
            write_site(
                candidate,
                site,
                data_docs=built.data_docs,
                dbt_docs=built.dbt_docs,
                sources=[warehouse.sources, *([sources_of(landing)] if landing else [])],
                before=warehouse.site,
                progress=False,
            )
            _stop_at(problems_of_site(site, release.release_id), "pages")


def _stop_at(problems: list[str], where: str) -> None:
    """Stops where the audit has found something."""
    if problems:
        print("\n".join(map(printable, problems)), file=sys.stderr)
        raise NotReleasedError(f"the audit found problems in the {where}: {len(problems)}.")


def _published(work: Build, said: str) -> Path:
    """Gives the release to readers; returns its folder."""
    warehouse, release = work.warehouse, work.written
    with work.steps.step("publishing", "Publishing"):
        release.seconds = work.steps.seconds
        release.write(warehouse.candidate / "release.json")
        text = f"Release {release.release_id}, {release.released_at}\n\n{said}\n"
        (warehouse.candidate / "summary.txt").write_text(text, encoding="utf-8")
        folder = keep(warehouse, release.release_id)
        publish(warehouse, folder)
        # The release that readers had until now stays at least: somebody may just be opening it.
        work.undone += prune(warehouse, max(work.options.keep, 2))[1]
    return folder


def _run_dbt(
    project: Path, built: Path, options: Options, taken: Taken, base: Path | None = None
) -> RunExecutionResult:
    """Builds and tests the models; what dbt remembers of files counts only while none of the code has changed.

    dbt goes by the times of files, and keeps the tests of a file that was put back as it had been.
    """
    parsed = target_folder(project) / "parsed_code.sha256"
    code = code_hash(taken.project)
    known = parsed.exists() and parsed.read_text(encoding="utf-8") == code
    parsed.unlink(missing_ok=True)
    anew = [] if known else ["--no-partial-parse"]
    command = ["build", "--exclude-resource-type", "unit_test", *anew]
    result = run_dbt(
        command,
        built,
        project,
        landing=taken.landing,
        synthetic=options.synthetic,
        base=base,
        code=taken.project,
        quotes=options.personal_data,
    )
    if result.result is not None:
        parsed.write_text(code, encoding="utf-8")
    if not (result.success and isinstance(result.result, RunExecutionResult)):
        raise NotReleasedError("a model or a test failed.")
    with duckdb.connect(str(built)) as connection:
        # A disk that fills up while a file is closed says nothing; it does here.
        connection.execute("force checkpoint")
    return result.result


def _indented(changes: Changes) -> list[str]:
    """What changes, as lines of a list."""
    return [f"  {printable(sentence)}" for sentence in changes.sentences()]


def _without_names(inputs: list[InputFile]) -> list[InputFile]:
    """The raw files by number where somebody has named them: a name of a file can be one of a person."""
    return [
        replace(each, file=f"landing/{Path(each.file).parent.name}/{number:06}{Path(each.file).suffix}")
        if each.file.startswith("landing/")
        else each
        for number, each in enumerate(inputs)
    ]


def _shares(steps: Steps) -> str:
    """How long it took, and what."""
    shares = ", ".join(f"{name} {seconds / steps.total:.0%}" for name, seconds in steps.seconds.items())
    return f"{steps.total:.1f} s: {shares}"


def _stop_or_unchanged(warehouse: Warehouse, release: Release, options: Options) -> str | None:
    """Stops where readers would lose something; returns the release that they have if this one is no other."""
    kept = history(warehouse).kept
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
        print("\n".join(f"Lost: {printable(loss)}" for loss in losses), file=sys.stderr)
        raise NotReleasedError("readers would lose what they have; if that is right, give --allow-loss.")
    return None


def main() -> int:
    """Parses the command line."""
    parser = Parser(
        prog="scripts/build",
        description="Build the warehouse from seeds/, audit it, compare it with what readers have, and publish it as "
        "warehouse/final_accounts.duckdb. Releases are kept in warehouse/releases; see scripts/releases.",
        epilog="Exit status: 0 released, 3 released with reports held back (named), "
        "5 released with something left undone (named; reports may be held back, too), "
        "1 not released (what readers have is unchanged), 2 wrong usage, "
        "128 and the number of a signal: stopped by it, not released. "
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
        "--synthetic",
        action="store_true",
        default=bool(os.environ.get("FINAL_ACCOUNTS_SYNTHETIC")),
        help="release the synthetic reports of the landing folder as well (or set $FINAL_ACCOUNTS_SYNTHETIC)",
    )
    parser.add_argument(
        "--full", action="store_true", help="compute every report again, those too that are as in the last release"
    )
    parser.add_argument(
        "--no-site", action="store_true", help="write no pages of this release: warehouse/site leads nowhere then"
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
