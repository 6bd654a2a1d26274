"""Whatever is changed in the registry of identities, a test fails.

Every row of identity_terms.csv and of identities.csv is changed in every way that a slip of the pen or of the mind
could: the oracle evaluates the changed identity over the golden reports (golden_reports.py), and some expected result
must come out different. What does not show is listed below with the proof that it says the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import golden_reports
import oracle
import pytest
from final_accounts.warehouse.paths import SEEDS
from golden_reports import FILES, Golden, Record
from oracle import Forms, Identity, Row

# These name what takes part, so that their instances are there whether rows are printed or not; the others find rows.
NAMING = {"key", "classes"}
PICKS = ["each", "blank", "parent", "children", "class", "classes"]
PROJECT_COLUMNS = [
    *("target_declared", "initial_budget", "annual_budget", "executed", "carried_over", "execution_score"),
    *("source_score", "weight", "score", "total_score"),
]
PRIOR_TABLES = ["01", "04", "05", "07", "08", "10"]


@dataclass(frozen=True)
class Mutant:
    """A changed registry: one identity, what was changed, and its rows."""

    kind: str
    identity_id: str
    change: str
    identity_row: Row
    term_rows: tuple[Row, ...]
    # the term that was changed, as it was
    term: Row | None = None


@dataclass
class Registry:
    """The rows of the registry, and the cells that they choose from."""

    forms: Forms
    golden: Golden
    identities: dict[str, Row]
    terms: dict[str, list[Row]]

    def read(self, identity_row: Row, term_rows: list[Row] | tuple[Row, ...]) -> Identity:
        """One identity."""
        (identity,) = oracle.read_identities([identity_row], term_rows, self.forms.columns)
        return identity

    def columns(self, table_no: str) -> list[str]:
        """The amount columns of a table, as terms name them."""
        if table_no == oracle.PROJECT:
            return PROJECT_COLUMNS
        return self.forms.columns[table_no.removeprefix(oracle.PRIOR)]

    def keys(self, table_no: str) -> list[str]:
        """The rows of a table in printed order, blank ones left out."""
        cells = [cell for cell in self.golden.whole.cells if cell.table_no == table_no and not cell.is_blank_row]
        return list(dict.fromkeys(cell.row_key for cell in cells))


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The registry of the repository."""
    forms = Forms.read(SEEDS / "classification")
    terms = defaultdict(list)
    for row in oracle.read_csv(SEEDS / "identities" / "identity_terms.csv"):
        terms[row["identity_id"]].append(row)
    rows = oracle.read_csv(SEEDS / "identities" / "identities.csv")
    identities = {row["identity_id"]: row for row in rows if row["identity_id"] in terms}
    return Registry(forms, Golden.make(forms), identities, dict(terms))


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, set[Record]]]:
    """The golden files by name and identity."""
    return {name: golden_reports.read_golden(name) for name in FILES}


# --- the mutants ------------------------------------------------------------------------------------------------------


def _selectors(registry: Registry, term: Row) -> Iterator[str]:
    """Every other way to pick rows, and the rows next to the one that is picked."""
    pick, _, key = (term["row_selector"] or "").partition(":")
    yield from (other for other in PICKS if other != pick)
    keys = registry.keys(term["table_no"])
    if pick == "key":
        place = keys.index(key) if key in keys else 0
        yield from (f"key:{other}" for other in keys[max(place - 1, 0) : place + 2] if other != key)
        if len(key) in (3, 5, 7) and key.isdigit():
            yield f"below:{key}"
    elif pick == "below":
        yield f"key:{key}"
        yield from (f"below:{int(key) + step}" for step in (-1, 1))
        yield f"below:{key[:-1]}"
    else:
        yield f"key:{keys[0]}"
        yield f"key:{keys[-1]}"


def _changes(registry: Registry, term: Row) -> Iterator[tuple[str, dict[str, str]]]:
    """Everything that may be wrong in a row of identity_terms.csv: the kind, and the cells that are different."""
    yield "coefficient", {"coefficient": str(-int(term["coefficient"]))}
    yield "coefficient", {"coefficient": str(2 * int(term["coefficient"]))}
    for selector in _selectors(registry, term):
        yield "row_selector", {"row_selector": selector}
    for column in [*registry.columns(term["table_no"]), "*"]:
        if column != term["column_name"] and (column != "*" or term["table_no"] in registry.forms.columns):
            yield "column_name", {"column_name": column}
    tables = [*registry.forms.columns, oracle.PROJECT, *(oracle.PRIOR + table_no for table_no in PRIOR_TABLES)]
    for table_no in tables:
        has_column = term["column_name"] in [*registry.columns(table_no), "*"]
        if table_no != term["table_no"] and has_column and (term["column_name"] != "*" or len(table_no) == 2):
            yield "table_no", {"table_no": table_no}
    others = {other["column_key"] or "" for other in registry.terms[term["identity_id"]]}
    for column_key in sorted({"", "other", *others} - {term["column_key"] or ""}):
        yield "column_key", {"column_key": column_key}
    yield "is_required", {"is_required": "false" if term["is_required"] == "true" else "true"}


def term_mutants(registry: Registry) -> Iterator[Mutant]:
    """Every wrong row of identity_terms.csv, and every one that is missing or stands twice."""
    for identity_id, terms in registry.terms.items():
        identity_row = registry.identities[identity_id]
        for number, term in enumerate(terms):
            name = f"term {term['term_no']}"
            if len(terms) > 1:
                others = tuple(terms[:number] + terms[number + 1 :])
                yield Mutant("removed", identity_id, name, identity_row, others, term)
            yield Mutant("doubled", identity_id, name, identity_row, (*terms, term), term)
            for kind, cells in _changes(registry, term):
                rows = (*terms[:number], {**term, **cells}, *terms[number + 1 :])
                (cell,) = cells.values()
                yield Mutant(kind, identity_id, f"{name}: {term[kind]} -> {cell}", identity_row, rows, term)


def identity_mutants(registry: Registry) -> Iterator[Mutant]:
    """Every wrong cell of identities.csv that has a say in a result."""
    for identity_id, row in registry.identities.items():
        constants = {str(float(row["constant"]) + step) for step in (-1, -0.01, 0.01, 1)}
        constants |= {str(-float(row["constant"])), "0"}
        changes = {
            "comparison": ["at_most" if row["comparison"] == "equal" else "equal"],
            "constant": sorted(text for text in constants if float(text) != float(row["constant"])),
            "severity": [text for text in ("fatal", "error", "info") if text != row["severity"]],
            "missing_mode": ["not_evaluable" if row["missing_mode"] == "fewer_terms" else "fewer_terms"],
            "first_year": ["2024"],
            "last_year": ["2022"],
        }
        for kind, texts in changes.items():
            for text in texts:
                changed = {**row, kind: text}
                yield Mutant(kind, identity_id, f"{row[kind]} -> {text}", changed, tuple(registry.terms[identity_id]))


# --- which of them show -----------------------------------------------------------------------------------------------


def is_found(mutant: Mutant, registry: Registry, expected: dict[str, dict[str, set[Record]]]) -> bool:
    """Whether an expected result is different with the changed registry."""
    identity = registry.read(mutant.identity_row, mutant.term_rows)
    return any(
        set(records_of(identity, registry.golden)) != expected[name].get(mutant.identity_id, set())
        for name, (_, records_of) in FILES.items()
    )


def why_the_same(mutant: Mutant) -> str | None:
    """The proof that a mutant means what the registry means, for the few of which it is known."""
    if mutant.term is None:
        tables = {term["table_no"] for term in mutant.term_rows}
        parts = tables - {term["table_no"] for term in mutant.term_rows if int(term["coefficient"] or 0) < 0}
        if mutant.kind == "missing_mode" and len(parts) < 2:
            return "with one table of parts, or none, there is no other that could be asked without it"
        return None
    if mutant.kind == "is_required" and _pick(mutant.term) != "key":
        return "only a row that is named can be missing: one that is picked by what it is, is there"
    if mutant.kind == "column_key" and mutant.term["column_name"] == "*":
        return "with every column written out, the name of each is its key"
    place = mutant.term["table_no"], mutant.term["column_name"]
    if mutant.change.endswith((": each -> parent", ": parent -> each")) and place == ("project", "total_score"):
        return "only the head of a form has a total score, and it is a parent"
    return None


def _pick(term: Row) -> str:
    return (term["row_selector"] or "").partition(":")[0]


@dataclass(frozen=True)
class Trial:
    """What came of the mutants of one file: how many there were of each kind, and which changed no result."""

    tried: Counter
    survivors: list[Mutant]

    @classmethod
    def of(cls, mutants: list[Mutant], registry: Registry, expected: dict[str, dict[str, set[Record]]]) -> "Trial":
        """Tries them all."""
        survivors = [mutant for mutant in mutants if not is_found(mutant, registry, expected)]
        return cls(Counter(mutant.kind for mutant in mutants), survivors)

    @property
    def unexplained(self) -> list[tuple[str, str, str]]:
        """Mutants that neither change a result nor are known to mean the same."""
        return [(m.identity_id, m.kind, m.change) for m in self.survivors if why_the_same(m) is None]


@pytest.fixture(scope="module")
def term_trial(registry: Registry, expected: dict[str, dict[str, set[Record]]]) -> Trial:
    """The mutants of identity_terms.csv."""
    return Trial.of(list(term_mutants(registry)), registry, expected)


@pytest.fixture(scope="module")
def identity_trial(registry: Registry, expected: dict[str, dict[str, set[Record]]]) -> Trial:
    """The mutants of identities.csv."""
    return Trial.of(list(identity_mutants(registry)), registry, expected)


def test_the_registry_finds_what_the_golden_files_say(
    registry: Registry, expected: dict[str, dict[str, set[Record]]]
) -> None:
    """If the registry was changed on purpose, write them anew (golden_reports.py) and read the difference."""
    identities = [registry.read(row, registry.terms[name]) for name, row in registry.identities.items()]
    for name, (_, records_of) in FILES.items():
        found = {identity.identity_id: set(records_of(identity, registry.golden)) for identity in identities}
        for identity_id in found.keys() | expected[name].keys():
            assert found.get(identity_id, set()) == expected[name].get(identity_id, set()), (name, identity_id)


def test_the_golden_report_is_consistent(expected: dict[str, dict[str, set[Record]]]) -> None:
    """It is made from the accounts, so every identity holds in it, and exactly."""
    statuses = {status for records in expected["results.csv"].values() for _, _, _, _, status, _, _ in records}
    assert statuses == {"exact"}


def test_every_instance_is_broken_by_a_wrong_cell(expected: dict[str, dict[str, set[Record]]]) -> None:
    """Nothing passes whatever is printed."""
    harmless = [
        record[:3] for records in expected["errors_found.csv"].values() for record in records if not any(record[3:])
    ]
    assert harmless == []


@pytest.mark.slow
def test_every_wrong_row_of_identity_terms_changes_a_result(term_trial: Trial) -> None:
    """Coefficient, table, rows, column, key and requirement; a row missing, a row twice."""
    assert len(term_trial.tried) == 8
    assert min(term_trial.tried.values()) > 250
    assert term_trial.unexplained == []


def test_every_wrong_row_of_identities_changes_a_result(identity_trial: Trial) -> None:
    """Comparison, constant, severity, what a missing table means, and the years."""
    assert len(identity_trial.tried) == 6
    assert min(identity_trial.tried.values()) > 60
    assert identity_trial.unexplained == []


def test_what_is_said_to_mean_the_same_changes_nothing(
    registry: Registry, term_trial: Trial, identity_trial: Trial
) -> None:
    """No mutant is excused that would be found, and every excuse is needed."""
    excused = [m for m in [*term_mutants(registry), *identity_mutants(registry)] if why_the_same(m)]
    survivors = [m for m in [*term_trial.survivors, *identity_trial.survivors] if why_the_same(m)]
    assert [m.change for m in survivors] == [m.change for m in excused]
    assert len({why_the_same(mutant) for mutant in excused}) == 4
