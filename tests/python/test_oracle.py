"""The models and the oracle agree on every instance of every identity, and on which cell is to blame.

Judged are the shipped report, the made-up ones, random consistent reports in the three ways of printing, and copies of
all these with errors made at random. The oracle (oracle.py) works in exact fractions from the raw rows and knows
nothing of the models; where the two differ, one of them is wrong.
"""

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import duckdb
import oracle
import pytest
from damage import as_text, copied, damaged
from final_accounts.dbt import run_dbt
from final_accounts.paths import SEEDS
from final_accounts.synthetic import add_synthetic_reports
from oracle import Cell, Forms, Identity, Instance, Report, Result, Tables
from projects import SHIPPED, Project

SEED = 20231
SYNTHETIC = 150
DAMAGED = 250
OUTSIDE = 50
WAIVED = 15
# What can be printed in 万元 with twelve digits is more; see test_an_absurd_amount_stops_no_build.
LARGEST = 10**12

FEN = 100
MILLIONTHS = 1_000_000


@dataclass(frozen=True)
class Outside:
    """A copy of a report in which one cell has a value that no true values can explain, and by how little."""

    report_id: str
    base_id: str
    cell_name: tuple[str, str, str]
    text: str


@dataclass(repr=False)
class Judged:
    """Everything that was built: raw reports, what the oracle says, and what the models say."""

    database: Path
    forms: Forms
    identities: list[Identity]
    reports: dict[str, Report]
    results: dict[str, dict[Instance, Result]]
    done: dict[str, list[str]]
    outside: list[Outside]
    waived: set[tuple[str, Instance]]
    styles: dict[str, str]
    exact_fen: dict[tuple[str, str, str, str], int]

    def prior(self, name: str) -> str | None:
        """The report of the same department of the year before."""
        report = self.reports[name]
        for other in self.reports.values():
            if (other.department, other.year) == (report.department, report.year - 1):
                return other.report_id
        return None

    def query(self, sql: str) -> list[tuple]:
        """Rows of the warehouse."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def _raw(connection: duckdb.DuckDBPyConnection) -> dict[str, Tables]:
    """The raw tables, report by report."""
    reports: dict[str, Tables] = defaultdict(lambda: {name: [] for name in oracle.RAW_TABLES})
    for name in oracle.RAW_TABLES:
        rows = connection.execute(f"select * from raw.{name}")
        columns = [column for column, *_ in rows.description]
        for row in rows.fetchall():
            record = dict(zip(columns, row, strict=True))
            reports[record["report_id"]][name].append(record)
    return dict(reports)


def _append(connection: duckdb.DuckDBPyConnection, reports: Iterable[Tables], folder: Path) -> None:
    """Appends raw rows to the raw tables."""
    rows = defaultdict(list)
    for tables in reports:
        for name in tables:
            rows[name] += tables[name]
    for name, records in rows.items():
        columns = list(dict.fromkeys(column for record in records for column in record))
        file = folder / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, columns, restval="", lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(records)
        connection.execute(
            f"insert into raw.{name} by name select * from read_csv(?, header = true, all_varchar = true, "
            "delim = ',', quote = '\"', escape = '\"', new_line = '\\n')",
            [str(file)],
        )


def _bases(raw: dict[str, Tables], reports: dict[str, Report]) -> list[list[Tables]]:
    """What is made faulty: the shipped report and the made-up ones often, synthetic ones alone or two years at once."""
    printed = [[tables] for name, tables in raw.items() if not name.startswith("synthetic")]
    years = {(report.department, report.year): name for name, report in reports.items()}
    bases = printed * 12
    for name, report in reports.items():
        if name.startswith("synthetic"):
            prior = years.get((report.department, report.year - 1))
            bases.append([raw[prior], raw[name]] if prior and len(bases) % 3 == 0 else [raw[name]])
    return bases


def _outside(
    raw: dict[str, Tables], reports: dict[str, Report], results: dict[str, dict[Instance, Result]], forms: Forms
) -> tuple[list[Outside], list[Tables]]:
    """Copies in which one cell lies just outside the values that the identities of its tables allow."""
    chance = random.Random(SEED)
    # where digits are cut off, rounding allows less than is true
    names = [
        name
        for name, results_of_report in results.items()
        if not any(
            result.status in ("truncated", "broken") and _is_fatal(result) for result in results_of_report.values()
        )
    ]
    done, copies = [], []
    while len(done) < OUTSIDE:
        base_id = chance.choice(names)
        uses = oracle.uses_of(results[base_id])
        cells = [cell for cell in reports[base_id].cells if cell.table_no != oracle.PROJECT and id(cell) in uses]
        cell = chance.choice([cell for cell in cells if cell.status == "amount" or chance.random() < 0.05])
        bound = [results[base_id][instance] for instance in uses[id(cell)]]
        interval = oracle.EVERYTHING
        for result in bound:
            if _is_fatal(result) and oracle.is_held(result):
                interval &= oracle.allowed(result, cell)
        place = cell.place or Fraction(1)
        ends = interval.printable(place) or (None, None)
        end, step = chance.choice([(ends[0], -place), (ends[1], place)])
        if end is None:
            continue
        report_id = f"outside-{len(done)}"
        copy = copied(raw[base_id], report_id, report_id)
        (report,) = copy["reports"]
        (same,) = [other for other in oracle.read_report(copy, forms).cells if other.name == cell.name]
        decimals = int(report["amount_decimals"]) if cell.place is not None else 0
        same.row[same.raw_column] = as_text((end + step) / place / 10**decimals, decimals)
        done.append(Outside(report_id, base_id, cell.name, same.row[same.raw_column]))
        copies.append(copy)
    return done, copies


def _is_fatal(result: Result) -> bool:
    return result.identity.severity == "fatal"


def _waived_row(name: str, instance: Instance, residual: Fraction) -> list[str]:
    return [instance.identity_id, name, instance.instance_key, as_text(residual, 2)]


def _waive(
    connection: duckdb.DuckDBPyConnection, results: dict[str, dict[Instance, Result]], names: list[str]
) -> set[tuple[str, Instance]]:
    """Accepts some broken instances by the residual that the oracle found, and others by one that is off by a fen."""
    chance = random.Random(SEED)
    broken = [
        (name, instance, result)
        for name in names
        for instance, result in results[name].items()
        if result.status == "broken"
    ]
    chosen = chance.sample(broken, 2 * WAIVED)
    for number, (name, instance, result) in enumerate(chosen):
        residual = result.residual + (Fraction(1, FEN) if number >= WAIVED else 0)
        connection.execute(
            "insert into raw.waivers values (?, ?, ?, ?, 'accepted', 'oracle', date '9999-12-31')",
            _waived_row(name, instance, residual),
        )
    return {(name, instance) for name, instance, _ in chosen[:WAIVED]}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """All reports, sound and faulty, judged by both."""
    folder = tmp_path_factory.mktemp("oracle")
    (folder / "project").mkdir()
    project = Project.copy(folder / "project")
    project.add_reports()
    database = folder / "final_accounts.duckdb"
    assert run_dbt(["seed"], database, project.top).success

    forms = Forms.read(SEEDS / "classification")
    identities = oracle.read_registry(SEEDS / "identities", forms)
    with duckdb.connect(str(database)) as connection:
        add_synthetic_reports(connection, SYNTHETIC, SEED)
        styles = dict(connection.execute("select report_id, style from synthetic_reports").fetchall())
        cells = connection.execute("select report_id, table_no, row_key, column_name, fen from synthetic_cells")
        # the total row of a table has no code
        exact_fen = {
            (name, table_no, key or "total", column): fen for name, table_no, key, column, fen in cells.fetchall()
        }

        raw = _raw(connection)
        reports = oracle.read_reports(raw.values(), forms)
        results = {name: oracle.evaluate(identities, report) for name, report in reports.items()}

        outside, copies = _outside(raw, reports, results, forms)
        done = {}
        for name, errors, tables in damaged(forms, _bases(raw, reports), DAMAGED, SEED, LARGEST):
            done[name] = errors
            copies += tables
        copies += _examples(forms)
        _append(connection, copies, folder)
        new = oracle.read_reports(copies, forms)
        reports |= new
        results |= {name: oracle.evaluate(identities, report) for name, report in new.items()}
        waived = _waive(connection, results, list(done))
        waived.add(_waive_one(connection, results["example-waived"]))
    assert run_dbt(["run", "--select", "+fct_suspect_cells"], database, project.top).success

    for name, instance in waived:
        results[name][instance] = replace(results[name][instance], status="waived")
    return Judged(database, forms, identities, reports, results, done, outside, waived, styles, exact_fen)


@pytest.fixture(scope="module")
def of_models(judged: Judged) -> dict[str, dict[Instance, tuple]]:
    """What the models say of each instance, with amounts as whole numbers of fen and of a millionth of a yuan."""
    found: dict[str, dict[Instance, tuple]] = {name: {} for name in judged.reports}
    for name, identity_id, row_part, column_key, *result in judged.query("""
        select
            report_id, identity_id, row_part, column_key, instance_key, severity, comparison, status,
            cast(residual_yuan * 100 as bigint), cast(bound_yuan * 1000000 as bigint),
            cast(left_yuan * 100 as bigint), cast(right_yuan * 100 as bigint), coalesce(cells_present, 0)
        from quality.fct_identity_results
        where identity_id in (select identity_id from raw.identity_terms)
    """):
        instance = Instance(identity_id, row_part, column_key)
        assert instance not in found[name]
        found[name][instance] = tuple(result)
    return found


def _as_models_say_it(instance: Instance, result: Result) -> tuple:
    def scaled(number: Fraction | None, scale: int) -> int | Fraction | None:
        return None if number is None else number * scale

    return (
        instance.instance_key,
        result.identity.severity,
        result.identity.comparison,
        result.status,
        scaled(result.residual, FEN),
        scaled(result.bound, MILLIONTHS),
        scaled(result.left, FEN),
        scaled(result.right, FEN),
        result.cells_present,
    )


def test_both_list_the_same_instances(judged: Judged, of_models: dict[str, dict[Instance, tuple]]) -> None:
    """The denominator: what should run, whether it can or not."""
    differences = {
        name: (results.keys() - of_models[name].keys(), of_models[name].keys() - results.keys())
        for name, results in judged.results.items()
        if results.keys() != of_models[name].keys()
    }
    assert differences == {}


def test_both_find_the_same_in_every_instance(judged: Judged, of_models: dict[str, dict[Instance, tuple]]) -> None:
    """Status, residual, bound, both sides and the cells that take part."""
    differences = []
    for name, results in judged.results.items():
        for instance, result in results.items():
            mine, theirs = _as_models_say_it(instance, result), of_models[name].get(instance)
            if mine != theirs:
                differences.append((name, judged.done.get(name), instance, mine, theirs))
    assert differences == []


def test_every_status_occurs_often(judged: Judged) -> None:
    """Agreement on what never happens would be worth nothing."""
    statuses = Counter(result.status for results in judged.results.values() for result in results.values())
    assert {status for status, count in statuses.items() if count >= WAIVED} == {
        *("exact", "rounding", "truncated", "broken", "blocked", "not_evaluable", "waived")
    }, statuses


def test_true_amounts_satisfy_every_identity_exactly(judged: Judged) -> None:
    """The fen behind the synthetic reports add up, without any tolerance."""
    for name in judged.styles:
        report = judged.reports[name]
        true = [_with_fen(cell, judged.exact_fen.get((name, *cell.name), 0)) for cell in report.cells]
        results = oracle.evaluate(judged.identities, replace(report, cells=true))
        wrong = [
            instance
            for instance, result in results.items()
            if result.status not in ("exact", "not_evaluable") and not instance.identity_id.startswith("y_")
        ]
        assert wrong == [], name


def _with_fen(cell: Cell, fen: int) -> Cell:
    return replace(cell, status="amount", value=Fraction(fen, FEN), half_unit=Fraction(0))


@pytest.mark.parametrize(
    ("style", "statuses"),
    [
        ("fen", {"exact", "not_evaluable"}),
        ("rounded", {"exact", "rounding", "not_evaluable"}),
        ("truncated", {"exact", "rounding", "truncated", "not_evaluable"}),
    ],
)
def test_a_consistent_report_is_never_broken(
    judged: Judged, of_models: dict[str, dict[Instance, tuple]], style: str, statuses: set[str]
) -> None:
    """Whatever the way of printing: only what it explains is found."""
    names = [name for name, its_style in judged.styles.items() if its_style == style]
    assert len(names) >= 5
    found = Counter(status for name in names for (_, _, _, status, *_) in of_models[name].values())
    assert set(found) <= statuses, found


def test_a_value_just_outside_what_identities_allow_is_always_found(
    judged: Judged, of_models: dict[str, dict[Instance, tuple]]
) -> None:
    """One last place beyond the interval is enough to break an identity of the cell."""
    missed = []
    for case in judged.outside:
        report, results = judged.reports[case.report_id], judged.results[case.report_id]
        users = oracle.uses_of(results)[id(report.by_name[case.cell_name])]
        if not any(of_models[case.report_id][instance][3] in ("broken", "truncated") for instance in users):
            missed.append(case)
    assert missed == []


# --- the faulty cell --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def blamed(judged: Judged) -> dict[tuple[str, str], dict[tuple[str, str, str], tuple]]:
    """The models' suspects by report and severity: lowest, highest and proposed value of each."""
    found: dict[tuple[str, str], dict[tuple[str, str, str], tuple]] = defaultdict(dict)
    for name, severity, *cell, lowest, highest, proposed in judged.query("""
        select report_id, severity, table_no, row_key, column_name, lowest_value, highest_value, proposed_value
        from quality.fct_suspect_cells
    """):
        found[name, severity][tuple(cell)] = tuple(
            None if value is None else Fraction(value) for value in (lowest, highest, proposed)
        )
    return found


def _broken_reports(judged: Judged) -> list[tuple[str, str]]:
    """Damaged copies and severities with broken instances."""
    return sorted(
        {
            (name, result.identity.severity)
            for name in judged.done
            for result in judged.results[name].values()
            if result.status == "broken" and result.identity.severity != "info"
        }
    )


def test_both_blame_the_same_cells(
    judged: Judged, blamed: dict[tuple[str, str], dict[tuple[str, str, str], tuple]]
) -> None:
    """The suspects of every damaged report, and the values that they could have had."""
    cases = _broken_reports(judged)
    assert len(cases) > DAMAGED / 3
    differences = []
    for name, severity in cases:
        mine = {
            suspect.cell.name: tuple(suspect.interval) for suspect in oracle.suspects(judged.results[name], severity)
        }
        theirs = {cell: (lowest, highest) for cell, (lowest, highest, _) in blamed[name, severity].items()}
        if mine != theirs:
            differences.append(
                (
                    name,
                    judged.done[name],
                    severity,
                    dict(mine.items() - theirs.items()),
                    dict(theirs.items() - mine.items()),
                )
            )
    assert differences == []


def test_suspects_are_the_cells_that_can_mend_their_cluster_alone(judged: Judged) -> None:
    """Tried out: whatever can be printed at an end of what an instance allows is put into every cell of a cluster."""
    cases = random.Random(SEED).sample(_broken_reports(judged), 60)
    tried = 0
    for name, severity in cases:
        results = judged.results[name]
        uses = oracle.uses_of(results)
        suspects = {id(suspect.cell): suspect for suspect in oracle.suspects(results, severity)}
        for cluster in oracle.clusters(results, severity):
            cells = {id(cell): cell for instance in cluster for _, cell in results[instance].terms}
            for number, cell in cells.items():
                users = uses[number]
                place = cell.place or Fraction(1)
                values = _values_worth_trying(results, oracle.binding(results, users, cluster), cell, place)
                mending = {value for value in values if oracle.mends(results, users, cluster, cell, value)}
                tried += len(values)
                if number not in suspects:
                    assert mending == set(), (name, cell.name)
                    continue
                least, greatest = suspects[number].interval.printable(place)
                assert {value for value in (least, greatest) if value is not None} <= mending, (name, cell.name)
                assert all(value in suspects[number].interval for value in mending), (name, cell.name)
                beyond = [
                    least - place if least is not None else None,
                    greatest + place if greatest is not None else None,
                ]
                assert not any(
                    oracle.mends(results, users, cluster, cell, value) for value in beyond if value is not None
                )
    assert tried > 10_000


def _values_worth_trying(
    results: dict[Instance, Result], binding: list[Instance], cell: Cell, place: Fraction
) -> set[Fraction]:
    """What can be printed next to each end of what each instance allows, and around the middle."""
    values = set()
    for instance in binding:
        interval = oracle.allowed(results[instance], cell)
        ends = [end for end in interval if end is not None]
        for end in [*ends, sum(ends) / len(ends)]:
            below = end // place * place
            values |= {below - place, below, below + place}
    return values


def test_the_value_proposed_mends_the_cluster_and_can_be_printed(
    judged: Judged, blamed: dict[tuple[str, str], dict[tuple[str, str, str], tuple]]
) -> None:
    """No suspect is proposed a value that would break something, or that its table cannot show."""
    wrong = []
    for name, severity in _broken_reports(judged):
        results = judged.results[name]
        uses = oracle.uses_of(results)
        for suspect in oracle.suspects(results, severity):
            cell = suspect.cell
            *_, proposed = blamed[name, severity].get(cell.name, (None,))
            if proposed is None:
                continue
            can_be_printed = (proposed / (cell.place or 1)).denominator == 1
            if not can_be_printed or not oracle.mends(results, uses[id(cell)], suspect.cluster, cell, proposed):
                wrong.append((name, judged.done[name], cell.name, proposed, suspect.interval))
    assert wrong == []


def test_the_shipped_report_is_among_the_reports(judged: Judged) -> None:
    """And nothing of its tables contradicts itself."""
    assert not [r for r in judged.results[SHIPPED].values() if _is_fatal(r) and r.status == "broken"]
