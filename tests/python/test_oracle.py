"""The models and the oracle agree on every instance of every identity, and on which cell is to blame.

Judged are the shipped report, the made-up ones, random consistent reports in the three ways of printing, and copies of
all these with errors made at random. The oracle (oracle.py) works in exact fractions from the raw rows and knows
nothing of the models; where the two differ, one of them is wrong.

Where it was the models, there is an example of its own below, the smallest that shows it.
"""

import csv
import random
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import duckdb
import golden_reports
import oracle
import pytest
from damage import as_text, copied, damaged
from final_accounts.proving.synthetic import add_synthetic_reports
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import SEEDS
from oracle import Cell, Forms, Identity, Instance, Report, Result, Tables
from projects import Project

SEED = 20231
SYNTHETIC = 150
DAMAGED = 250
OUTSIDE = 50
WAIVED = 15

# Larger amounts can be printed: see test_an_absurd_amount_does_not_stop_the_build.
LARGEST = 10**13

FEN = 100
MILLIONTHS = 1_000_000

CellName = tuple[str, str, str]


@dataclass(frozen=True)
class Outside:
    """A copy of a report in which one cell has the first value that no true values can explain."""

    report_id: str
    base_id: str
    cell_name: CellName


@dataclass(repr=False)
class Judged:
    """What was built: the database with what the models say, and what the oracle says of the same reports."""

    database: Path
    identities: list[Identity]
    reports: dict[str, Report]
    results: dict[str, dict[Instance, Result]]
    # what was done to which report
    done: dict[str, list[str]]
    outside: list[Outside]
    waived: set[tuple[str, Instance]]
    # the synthetic reports: how they print, and the exact fen behind each cell
    styles: dict[str, str]
    fen: dict[tuple[str, str, str, str], int]

    def query(self, sql: str) -> list[tuple]:
        """Rows of the warehouse."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()


# --- the reports ------------------------------------------------------------------------------------------------------


def _read_raw(connection: duckdb.DuckDBPyConnection) -> dict[str, Tables]:
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
    """Appends rows to the raw tables."""
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
        if records:
            connection.execute(
                f"insert into raw.{name} by name select * from read_csv(?, header = true, all_varchar = true, "
                "delim = ',', quote = '\"', escape = '\"', new_line = '\\n')",
                [str(file)],
            )


def _bases(raw: dict[str, Tables], reports: dict[str, Report]) -> list[list[Tables]]:
    """What is damaged: the shipped report and the made-up ones often, synthetic ones alone or two years at once."""
    bases = [[tables] for name, tables in raw.items() if not name.startswith("synthetic")] * 10
    years = {(report.department, report.year): name for name, report in reports.items()}
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
    # a report that cuts digits off is allowed more than rounding explains
    sound = [
        name
        for name, of_report in results.items()
        if {result.status for result in of_report.values() if _is_fatal(result)}
        <= {"exact", "rounding", "not_evaluable"}
    ]
    done: list[Outside] = []
    copies = []
    while len(done) < OUTSIDE:
        base_id = chance.choice(sound)
        uses = oracle.uses_of(results[base_id])
        cells = [cell for cell in reports[base_id].cells if cell.table_no in forms.columns and id(cell) in uses]
        cell = chance.choice([cell for cell in cells if cell.status == "amount" or chance.random() < 0.05])
        interval = oracle.EVERYTHING
        for instance in uses[id(cell)]:
            if _is_fatal(results[base_id][instance]):
                interval &= oracle.allowed(results[base_id][instance], cell)
        place = cell.place or Fraction(1)
        least, greatest = interval.printable(place)
        end, step = chance.choice([(least, -place), (greatest, place)])
        if end is None:
            continue
        report_id = f"outside-{len(done)}"
        copy = copied(raw[base_id], report_id, report_id)
        text = as_text((end + step) / place / 10**cell.decimals, cell.decimals)
        _put(copy, cell.name, text, forms)
        done.append(Outside(report_id, base_id, cell.name))
        copies.append(copy)
    return done, copies


def _put(tables: Tables, name: CellName, text: str, forms: Forms) -> None:
    """Prints a text in a cell."""
    (cell,) = (cell for cell in oracle.read_report(tables, forms).cells if cell.name == name)
    cell.row[cell.raw_column] = text


def _printed(tables: Tables, name: CellName, forms: Forms) -> str:
    (cell,) = (cell for cell in oracle.read_report(tables, forms).cells if cell.name == name)
    return cell.text


def _is_fatal(result: Result) -> bool:
    return result.identity.severity == "fatal"


def _examples(forms: Forms) -> list[Tables]:
    """Small reports, each of which shows one thing."""
    prior, golden = golden_reports.golden_tables(forms)

    points = copied(golden, "example-points", "points")
    for row, text in zip(points["project_indicators"], ["33.333", "33.333", "23.334"], strict=True):
        row.update(weight=text, score=text)
    points["projects"][0]["total_score"] = "99.51"

    waived = copied(golden, "example-waived", "waived")
    _put(waived, ("05", "2101101", "project"), "1.00", forms)

    finer = copied(golden, "example-finer", "finer")
    finer["reports"][0]["amount_unit"] = "万元"
    finer |= {"projects": [], "project_funding": [], "project_indicators": []}
    cell = ("10", "procurement_total", "statistic")
    hundredths = int(_printed(finer, cell, forms).replace(".", "")) - 2
    _put(finer, cell, f"{hundredths // 100}.{hundredths % 100:02}16", forms)

    # four items of -1.2395 each and their section, every figure cut off after two decimals
    cut = copied({"reports": golden["reports"]}, "example-cut", "cut")
    cut["reports"][0]["amount_unit"] = "万元"
    items = {"": "-4.95", "201": "-4.95", "20101": "-4.95"} | {f"201010{item}": "-1.23" for item in (1, 2, 3, 4)}
    cut["general_public_budget_expenditure"] = _subjects(
        "example-cut", {code: (text, text) for code, text in items.items()}
    )

    # the same with a wrong figure in one item
    wrong = copied(cut, "example-cut-and-wrong", "cut and wrong")
    _put(wrong, ("05", "2010102", "basic"), "-7.23", forms)

    # four classes of 10.005 each: the sheet adds up what it shows, the summary does not
    summed = copied({"reports": cut["reports"]}, "example-summed", "summed")
    classes = {"": ("40.00", "40.00")} | dict.fromkeys(("201", "205", "208", "210"), ("10.00", "10.00"))
    summed["general_public_budget_expenditure"] = _subjects("example-summed", classes)
    lines = dict.fromkeys(["一般公共服务支出", "教育支出", "社会保障和就业支出", "卫生健康支出"], "10.00")
    summed["fiscal_appropriation_summary"] = [
        {
            **dict.fromkeys(forms.columns["04"], ""),
            "report_id": "example-summed",
            "row_no": str(number),
            "panel": "expenditure",
            "item": label,
            "total": text,
            "general_public_budget": text,
        }
        for number, (label, text) in enumerate((lines | {"本年支出合计": "40.02"}).items(), start=2)
    ]
    summed["fiscal_appropriation_summary"].append(
        {
            **dict.fromkeys(forms.columns["04"], ""),
            "report_id": "example-summed",
            "row_no": "1",
            "panel": "revenue",
            "item": "一般公共预算财政拨款",
            "amount": "40.02",
        }
    )

    # 0.003 and 0.004 are 0.01
    blank = copied({"reports": cut["reports"]}, "example-blank", "blank")
    blank["general_public_budget_expenditure"] = _subjects("example-blank", {"": ("0.01", ""), "201": ("0.01", "")})

    two_years = [copied(tables, f"example-years-{year}", "years") for tables, year in ((prior, 2022), (golden, 2023))]
    _put(two_years[1], ("04", "opening_balance", "amount"), "5.00", forms)

    fraction = copied(golden, "example-fraction", "fraction")
    _put(fraction, ("10", "vehicles_total", "statistic"), "255.4", forms)

    # ten trillion yuan
    absurd = copied(golden, "example-absurd", "absurd")
    absurd["reports"][0]["amount_unit"] = "万元"
    _put(absurd, ("06", "30101", "amount"), "999999999.99", forms)
    return [points, waived, finer, cut, wrong, summed, blank, *two_years, fraction, absurd, *_forms(golden)]


def _forms(golden: Tables) -> list[Tables]:
    """Self-evaluation forms without some columns, and with sources that are listed in part."""
    national = copied(golden, "example-national-form", "national form")
    labels = ["年度资金总额：", "其中：当年财政拨款", "上年结转资金"]
    for row, label in zip(national["project_funding"], labels, strict=True):
        row.update(funding_source=label, target_declared="", carried_over="", score="")
    national["project_funding"][2].update(initial_budget="", execution_rate="—")
    national["project_funding"][1].update(initial_budget="41.25", executed="20")

    nested = copied(golden, "example-nested-sources", "nested sources")
    for row, label in zip(nested["project_funding"], ["资金总额", "财政拨款", "其中：中央资金"], strict=True):
        row.update(funding_source=label)
    nested["project_funding"][2].update(annual_budget="42.75")

    # a source is larger than the total, which no blank one mends
    larger = copied(national, "example-larger-source", "larger source")
    larger["project_funding"][1].update(initial_budget="60")
    return [national, nested, larger]


def _subjects(report_id: str, amounts: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    """Rows of table 05 with a total and basic expenditure."""
    return [
        {
            "report_id": report_id,
            "row_no": str(number),
            "subject_code": code,
            "subject_name": "subject" if code else "合计",
            "total": total,
            "basic": basic,
            "project": "",
        }
        for number, (code, (total, basic)) in enumerate(amounts.items(), start=1)
    ]


# --- both judge them --------------------------------------------------------------------------------------------------


def _waive(
    connection: duckdb.DuckDBPyConnection, results: dict[str, dict[Instance, Result]], done: Iterable[str]
) -> set[tuple[str, Instance]]:
    """Accepts some broken instances by the residual that the oracle found, and others by one that is off by a fen."""
    broken = [
        (name, instance)
        for name in [*done, "example-waived"]
        for instance, result in results[name].items()
        if result.status == "broken"
    ]
    chosen = random.Random(SEED).sample([place for place in broken if place[0] in done], 2 * WAIVED)
    accepted = {
        *chosen[:WAIVED],
        *(place for place in broken if place[1].identity_id == "t05_row" and place[0] not in done),
    }
    for name, instance in {*chosen, *accepted}:
        residual = results[name][instance].residual + (0 if (name, instance) in accepted else Fraction(1, FEN))
        connection.execute(
            "insert into raw.waivers values (?, ?, ?, ?, 'accepted', 'oracle', date '9999-12-31')",
            [instance.identity_id, name, instance.instance_key, as_text(residual, 2)],
        )
    return accepted


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project with the made-up reports, and in it a database with nothing but seeds."""
    project = Project.copy(tmp_path_factory.mktemp("oracle"))
    project.add_reports()
    _run(["seed"], project.top / "seeded.duckdb", project)
    return project


def _run(arguments: list[str], database: Path, project: Project) -> None:
    """Runs dbt; what fails here is no wrong result, so that no example passes for one that shows an error."""
    if not run_dbt(arguments, database, project.top).success:
        raise RuntimeError(f"dbt {' '.join(arguments)} failed")


@pytest.fixture(scope="module")
def judged(seeded: Project) -> Judged:
    """All reports, sound and faulty, judged by both."""
    database = seeded.top / "final_accounts.duckdb"
    shutil.copy(seeded.top / "seeded.duckdb", database)
    forms = Forms.read(SEEDS / "classification")
    identities = oracle.read_registry(SEEDS / "identities", forms)
    with duckdb.connect(str(database)) as connection:
        add_synthetic_reports(connection, SYNTHETIC, SEED)
        styles = dict(connection.execute("select report_id, style from synthetic_reports").fetchall())
        cells = connection.execute("select report_id, table_no, row_key, column_name, fen from synthetic_cells")
        # the total row of a table has no code
        fen = {(name, table_no, key or "total", column): fen for name, table_no, key, column, fen in cells.fetchall()}

        raw = _read_raw(connection)
        reports = oracle.read_reports(raw.values(), forms)
        results = {name: oracle.evaluate(identities, report) for name, report in reports.items()}

        outside, copies = _outside(raw, reports, results, forms)
        done = {}
        for name, errors, tables in damaged(forms, _bases(raw, reports), DAMAGED, SEED, LARGEST):
            done[name] = errors
            copies += tables
        copies += _examples(forms)
        _append(connection, copies, seeded.top)
        new = oracle.read_reports(copies, forms)
        reports |= new
        results |= {name: oracle.evaluate(identities, report) for name, report in new.items()}
        waived = _waive(connection, results, done)
    _run(["run", "--select", "+fct_identity_results", "+int_suspect_bounds"], database, seeded)

    for name, instance in waived:
        results[name][instance] = replace(results[name][instance], status="waived")
    return Judged(database, identities, reports, results, done, outside, waived, styles, fen)


@pytest.fixture(scope="module")
def of_models(judged: Judged) -> dict[str, dict[Instance, tuple]]:
    """What the models say of each instance, with amounts as whole millionths of a yuan."""
    found: dict[str, dict[Instance, tuple]] = {name: {} for name in judged.reports}
    for name, identity_id, row_part, column_key, *result in judged.query("""
        select
            results.report_id, results.identity_id, coalesce(instances.row_part, results.instance_key),
            coalesce(instances.column_key, ''), results.instance_key, results.severity, results.comparison,
            results.status,
            cast(results.residual_yuan * 1000000 as hugeint), cast(results.bound_yuan * 1000000 as hugeint),
            cast(results.left_yuan * 1000000 as hugeint), cast(results.right_yuan * 1000000 as hugeint),
            coalesce(results.cells_present, 0)
        from quality.fct_identity_results as results
        left join intermediate.int_identity_instances as instances on results.instance_no = instances.instance_no
        where results.identity_id in (select identity_id from raw.identity_terms)
    """):
        instance = Instance(identity_id, row_part, column_key)
        assert instance not in found[name], (name, instance)
        found[name][instance] = tuple(result)
    return found


def _status(result: tuple) -> str:
    return result[3]


def _as_models_say_it(instance: Instance, result: Result) -> tuple:
    def times(number: Fraction | None, scale: int) -> Fraction | None:
        return None if number is None else number * scale

    return (
        instance.instance_key,
        result.identity.severity,
        result.identity.comparison,
        result.status,
        times(result.residual, MILLIONTHS),
        times(result.bound, MILLIONTHS),
        times(result.left, MILLIONTHS),
        times(result.right, MILLIONTHS),
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


def _uses_prior(result: Result) -> bool:
    return any(cell.table_no.startswith(oracle.PRIOR) for _, cell in result.terms)


def test_both_find_the_same_in_every_instance(judged: Judged, of_models: dict[str, dict[Instance, tuple]]) -> None:
    """Status, residual, bound, both sides and the number of cells that take part."""
    differences = []
    for name, results in judged.results.items():
        for instance, result in results.items():
            mine, theirs = _as_models_say_it(instance, result), of_models[name].get(instance)
            if mine != theirs:
                differences.append((name, judged.done.get(name), instance, mine, theirs))
    assert differences == []


def test_every_status_occurs(judged: Judged) -> None:
    """Agreement on what never happens would be worth nothing."""
    statuses = Counter(result.status for results in judged.results.values() for result in results.values())
    often = {status for status, count in statuses.items() if count >= WAIVED}
    assert often >= {"exact", "rounding", "truncated", "broken", "blocked", "not_evaluable", "waived"}, statuses
    assert statuses.keys() - often <= {"summed_parts", "blank_zeros"}
    assert statuses.keys() >= {"summed_parts", "blank_zeros"}


def test_true_amounts_satisfy_every_identity_exactly(judged: Judged) -> None:
    """The fen behind the synthetic reports add up, without any tolerance."""
    years = {(report.department, report.year): report.report_id for report in judged.reports.values()}
    for name in judged.styles:
        report = judged.reports[name]
        prior = years.get((report.department, report.year - 1), "")

        def true(cell: Cell, name: str = name, prior: str = prior) -> Cell:
            is_prior = cell.table_no.startswith(oracle.PRIOR)
            table_no = cell.table_no.removeprefix(oracle.PRIOR)
            fen = judged.fen.get((prior if is_prior else name, table_no, cell.row_key, cell.column_name), 0)
            status = "amount" if fen else "blank"
            return replace(cell, status=status, value=Fraction(fen, FEN) if fen else None, half_unit=oracle.ZERO)

        results = oracle.evaluate(judged.identities, replace(report, cells=[true(cell) for cell in report.cells]))
        wrong = [instance for instance, result in results.items() if result.status not in ("exact", "not_evaluable")]
        assert wrong == [], name


@pytest.mark.parametrize(
    ("style", "explained"),
    [
        ("fen", {"exact"}),
        ("rounded", {"exact", "rounding"}),
        ("truncated", {"exact", "rounding", "truncated"}),
        ("summed", {"exact", "rounding", "summed_parts"}),
    ],
)
def test_a_consistent_report_is_never_broken(
    judged: Judged, of_models: dict[str, dict[Instance, tuple]], style: str, explained: set[str]
) -> None:
    """Whatever the way of printing: only what it explains is found."""
    names = [name for name, its_style in judged.styles.items() if its_style == style]
    assert len(names) >= 10
    found = {_status(result) for name in names for result in of_models[name].values()}
    assert found == {*explained, "not_evaluable"}


def test_a_value_just_outside_what_identities_allow_is_always_found(
    judged: Judged, of_models: dict[str, dict[Instance, tuple]]
) -> None:
    """One last place beyond the interval is enough to break an identity of the cell."""
    missed = []
    for case in judged.outside:
        cell = judged.reports[case.report_id].by_name[case.cell_name]
        users = oracle.uses_of(judged.results[case.report_id])[id(cell)]
        statuses = {_status(of_models[case.report_id][instance]) for instance in users}
        if not statuses & {"broken", *oracle.OTHER_WAYS}:
            missed.append(case)
    assert missed == []


# --- the faulty cell --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Blamed:
    """What the models say of a suspect."""

    lowest: Fraction | None
    highest: Fraction | None
    proposed: Fraction | None


Suspects = dict[tuple[str, str], dict[CellName, Blamed]]


@pytest.fixture(scope="module")
def blamed(judged: Judged) -> Suspects:
    """The models' suspects by report and severity."""
    found: Suspects = defaultdict(dict)
    for name, severity, table_no, row_key, column_name, *values in judged.query("""
        select report_id, severity, table_no, row_key, column_name, lowest_value, highest_value, proposed_value
        from intermediate.int_suspect_bounds
    """):
        numbers = [None if value is None else Fraction(value) for value in values]
        found[name, severity][table_no, row_key, column_name] = Blamed(*numbers)
    return found


def _broken_reports(judged: Judged) -> list[tuple[str, str]]:
    """Damaged reports and severities with broken instances, but for those in which something was waived."""
    waived = {name for name, _ in judged.waived}
    return [
        (name, severity)
        for name in judged.done
        if name not in waived
        for severity in ("fatal", "error")
        if oracle.clusters(judged.results[name], severity)
    ]


def _is_comparable(cell: Cell) -> bool:
    """Whether models and oracle mean the same by a suspect; where they do not, see the examples below."""
    is_count = cell.place is None
    return not is_count and not cell.table_no.startswith(oracle.PRIOR)


def test_both_blame_the_same_cells(judged: Judged, blamed: Suspects) -> None:
    """The suspects of every damaged report, and the values that they could have had."""
    cases = _broken_reports(judged)
    assert len(cases) > DAMAGED / 3
    differences = []
    for name, severity in cases:
        mine = {
            suspect.cell.name: suspect.interval
            for suspect in oracle.suspects(judged.results[name], severity)
            if _is_comparable(suspect.cell)
        }
        theirs = {
            cell_name: oracle.Interval(found.lowest, found.highest)
            for cell_name, found in blamed[name, severity].items()
            if _is_comparable(judged.reports[name].by_name[cell_name])
        }
        if mine != theirs:
            only_mine, only_theirs = dict(mine.items() - theirs.items()), dict(theirs.items() - mine.items())
            differences.append((name, judged.done[name], severity, only_mine, only_theirs))
    assert differences == []


def test_suspects_are_the_cells_that_can_mend_their_cluster_alone(judged: Judged) -> None:
    """Tried out: whatever can be printed near an end of what an instance allows is put into every cell of a cluster."""
    tried = 0
    for name, severity in random.Random(SEED).sample(_broken_reports(judged), 80):
        results = judged.results[name]
        uses = oracle.uses_of(results)
        suspects = {id(suspect.cell): suspect for suspect in oracle.suspects(results, severity)}
        for cluster in oracle.clusters(results, severity):
            cells = {id(cell): cell for instance in cluster for _, cell in results[instance].terms}
            for number, cell in cells.items():
                if cell.table_no.startswith(oracle.PRIOR):
                    continue
                values = _values_worth_trying(results, oracle.binding(results, uses[number], cluster), cell)
                mending = {value for value in values if oracle.mends(results, uses[number], cluster, cell, value)}
                tried += len(values)
                if number not in suspects:
                    assert mending == set(), (name, cell.name)
                    continue
                interval = suspects[number].interval
                assert mending == {value for value in values if value in interval}, (name, cell.name)
                ends = interval.printable(cell.place or Fraction(1))
                assert {end for end in ends if end is not None} <= mending, (name, cell.name)
    assert tried > 10_000


def _values_worth_trying(results: dict[Instance, Result], binding: list[Instance], cell: Cell) -> set[Fraction]:
    """What can be printed next to each end of what each instance allows, and around the middle."""
    place = cell.place or Fraction(1)
    values = set()
    for instance in binding:
        ends = [end for end in oracle.allowed(results[instance], cell, oracle.cuts(results)) if end is not None]
        for end in [*ends, sum(ends) / len(ends)]:
            below = end // place * place
            values |= {below - place, below, below + place, below + 2 * place}
    return values


def _wrong_proposals(judged: Judged, blamed: Suspects, name: str, severity: str) -> list[tuple]:
    """Suspects whose proposed value breaks something, or that their table cannot show."""
    results = judged.results[name]
    uses = oracle.uses_of(results)
    wrong = []
    for suspect in oracle.suspects(results, severity):
        cell, found = suspect.cell, blamed[name, severity].get(suspect.cell.name)
        if found is None or found.proposed is None:
            continue
        can_be_printed = (found.proposed / (cell.place or 1)).denominator == 1
        if not can_be_printed or not oracle.mends(results, uses[id(cell)], suspect.cluster, cell, found.proposed):
            wrong.append((name, judged.done.get(name), cell.name, found.proposed, suspect.interval))
    return wrong


def test_the_value_proposed_mends_the_cluster_and_can_be_printed(judged: Judged, blamed: Suspects) -> None:
    """No suspect is proposed a value that would break something, or that its table cannot show."""
    wrong = []
    for name, severity in _broken_reports(judged):
        wrong += _wrong_proposals(judged, blamed, name, severity)
    assert wrong == []


# --- where the models were wrong --------------------------------------------------------------------------------------


def test_weights_of_a_third_add_up(judged: Judged, of_models: dict[str, dict[Instance, tuple]]) -> None:
    """33.333, 33.333 and 23.334 are 90."""
    instance = Instance("p_weights", "1/total", "")
    assert judged.results["example-points"][instance].status == "exact"
    assert _status(of_models["example-points"][instance]) == "exact"


def test_what_a_form_does_not_print_is_unknown_and_not_zero(
    judged: Judged, of_models: dict[str, dict[Instance, tuple]]
) -> None:
    """A form without columns for what is carried over and scored, and a list of some of the sources of its money."""
    expected = {
        ("example-national-form", "p_carried_over", "1/funding", ""): "not_evaluable",
        ("example-national-form", "p_sources", "1/funding", "carried_over"): "not_evaluable",
        ("example-national-form", "p_sources", "1/funding", "initial_budget"): "not_evaluable",
        ("example-national-form", "p_sources", "1/funding", "executed"): "not_evaluable",
        ("example-national-form", "p_sources", "1/funding", "annual_budget"): "exact",
        ("example-national-form", "p_executed", "1/funding", ""): "exact",
        ("example-national-form", "p_weights", "1/total", ""): "not_evaluable",
        ("example-national-form", "p_total_score", "1/total", ""): "not_evaluable",
        ("example-nested-sources", "p_sources", "1/funding", "annual_budget"): "not_evaluable",
        ("example-larger-source", "p_sources", "1/funding", "initial_budget"): "broken",
    }
    for (name, *instance), status in expected.items():
        assert judged.results[name][Instance(*instance)].status == status, (name, instance)
        assert _status(of_models[name][Instance(*instance)]) == status, (name, instance)


def test_negative_amounts_are_cut_towards_zero(judged: Judged, of_models: dict[str, dict[Instance, tuple]]) -> None:
    """Four times -1.2395 is -4.958: cut off, -4.95 and four times -1.23."""
    instance = Instance("t05_hierarchy", "20101", "total")
    assert judged.results["example-cut"][instance].status == "truncated"
    assert _status(of_models["example-cut"][instance]) == "truncated"


def test_blank_cells_of_the_year_before_do_not_count(
    judged: Judged, of_models: dict[str, dict[Instance, tuple]]
) -> None:
    """A blank cell is no printed amount, this year and last."""
    differences = [
        (name, instance)
        for name in judged.styles
        for instance, result in judged.results[name].items()
        if _uses_prior(result) and result.cells_present != of_models[name][instance][-1]
    ]
    assert differences == []


def test_a_waived_instance_does_not_bind_a_suspect(judged: Judged, blamed: Suspects) -> None:
    """What is broken and accepted is neither to be mended nor to be kept whole."""
    name, cell = "example-waived", ("05", "2101101", "project")
    (suspect,) = oracle.suspects(judged.results[name], "fatal")
    assert suspect.cell.name == cell
    found = blamed[name, "fatal"][cell]
    assert (found.lowest, found.highest) == suspect.interval


def test_a_proposed_value_can_be_printed(judged: Judged, blamed: Suspects) -> None:
    """A table with two decimals is not proposed four, though one of its cells prints them."""
    assert ("10", "procurement_goods", "statistic") in blamed["example-finer", "fatal"]
    assert _wrong_proposals(judged, blamed, "example-finer", "fatal") == []


def test_only_a_whole_number_mends_a_count(judged: Judged, blamed: Suspects) -> None:
    """Where the total is 255.4 vehicles, no other number of vehicles is to blame."""
    total = ("10", "vehicles_total", "statistic")
    assert [suspect.cell.name for suspect in oracle.suspects(judged.results["example-fraction"], "fatal")] == [total]
    assert set(blamed["example-fraction", "fatal"]) == {total}


def test_an_opening_balance_that_was_restated_accuses_nobody(
    judged: Judged, of_models: dict[str, dict[Instance, tuple]], blamed: Suspects
) -> None:
    """A balance may be restated by rule when the year opens: it is said, and no cell of either year is to blame."""
    instance = Instance("y_fiscal_balance", "", "total")
    assert judged.results["example-years-2023"][instance].status == "broken"
    assert _status(of_models["example-years-2023"][instance]) == "broken"
    assert blamed["example-years-2023", "error"] == {}


@pytest.mark.parametrize(
    ("report_id", "instance", "status"),
    [
        ("example-summed", Instance("t04_t05_total", "", ""), "summed_parts"),
        ("example-blank", Instance("t05_row", "201", ""), "blank_zeros"),
        ("example-cut-and-wrong", Instance("t05_hierarchy", "20101", "total"), "truncated"),
        ("example-cut-and-wrong", Instance("t05_row", "2010102", ""), "broken"),
    ],
)
def test_a_way_of_printing_explains_what_no_other_figure_refutes(
    judged: Judged, of_models: dict[str, dict[Instance, tuple]], report_id: str, instance: Instance, status: str
) -> None:
    """Sums of rounded parts, blanks for rounded zeros, and a report that cuts digits off with one wrong figure."""
    assert judged.results[report_id][instance].status == status
    assert _status(of_models[report_id][instance]) == status


def test_the_wrong_figure_of_a_report_that_cuts_is_found(judged: Judged, blamed: Suspects) -> None:
    """What cutting explains stays explained, and only the cell that is wrong is to blame."""
    assert set(blamed["example-cut-and-wrong", "fatal"]) == {("05", "2010102", "basic")}


def test_an_absurd_amount_does_not_stop_the_build(seeded: Project) -> None:
    """Twelve digits are an amount, whatever the unit; one report's slip must not hold up the others."""
    forms = Forms.read(SEEDS / "classification")
    golden = golden_reports.golden_tables(forms)[1]
    reports = []
    for name, unit in (("wan", "万元"), ("yi", "亿元")):
        reports.append(copied(golden, f"absurd-{name}", name))
        reports[-1]["reports"][0]["amount_unit"] = unit
        _put(reports[-1], ("06", "30101", "amount"), "999999999999.99", forms)
    database = seeded.top / "absurd.duckdb"
    shutil.copy(seeded.top / "seeded.duckdb", database)
    with duckdb.connect(str(database)) as connection:
        _append(connection, reports, seeded.top)
    _run(["run", "--select", "+fct_identity_results", "+int_suspect_bounds"], database, seeded)
