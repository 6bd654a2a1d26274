"""The printed tables and their identities, read from the seeds that are the one list of them.

`macros/printed_tables.sql` is generated from the same seeds, because dbt reads no seed while it parses:

    python -m final_accounts.registry    writes it anew
"""

import csv
import sys
from dataclasses import dataclass, field
from pathlib import Path

from final_accounts.warehouse.paths import SEEDS, TOP

MACRO = TOP / "macros" / "printed_tables.sql"


@dataclass(frozen=True)
class PrintedTable:
    """A table of the national form: its raw table, what a row of it is, and its amount columns in printed order.

    `row_kind` is functional_subjects, economic_subjects, lines or one_row; among lines, `line_group` is the column that
    sets equal labels apart. `added` are those of the columns that only some provinces print.
    """

    table_no: str
    name: str
    row_kind: str
    line_group: str
    amounts: list[str]
    added: list[str] = field(default_factory=list)

    @property
    def rows(self) -> str:
        """What its rows are, in the words of the macro."""
        return {"lines": "lines", "one_row": "one"}.get(self.row_kind, "subjects")


@dataclass(frozen=True)
class RowSum:
    """What every row of a table must hold: the wholes together are the parts together."""

    wholes: tuple[str, ...]
    parts: tuple[str, ...]


def _rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS / seed).open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def read_printed_tables() -> dict[str, PrintedTable]:
    """The tables of seeds/classification/forms.csv with their columns of form_columns.csv, by number."""
    columns: dict[str, list[str]] = {}
    added: dict[str, list[str]] = {}
    for row in _rows("classification/form_columns.csv"):
        columns.setdefault(row["table_no"], []).append(row["column_name"])
        if row["is_national"] == "false":
            added.setdefault(row["table_no"], []).append(row["column_name"])
    forms = sorted(_rows("classification/forms.csv"), key=lambda row: row["table_no"])
    return {
        row["table_no"]: PrintedTable(
            row["table_no"],
            row["form_name"],
            row["row_kind"],
            row["line_group"],
            columns[row["table_no"]],
            added.get(row["table_no"], []),
        )
        for row in forms
    }


def read_row_sums() -> dict[str, list[RowSum]]:
    """By table, what each of its rows must hold, as the registry of identities has it."""
    equal = {row["identity_id"] for row in _rows("identities/identities.csv") if _is_equality(row)}
    sums: dict[tuple[str, str], list[dict[str, str]]] = {}
    for term in _rows("identities/identity_terms.csv"):
        if term["identity_id"] in equal:
            sums.setdefault((term["identity_id"], term["column_key"]), []).append(term)
    result: dict[str, list[RowSum]] = {}
    for terms in sums.values():
        places = {(term["table_no"], term["row_selector"]) for term in terms}
        if len(places) == 1 and terms[0]["row_selector"] == "each":
            wholes, parts = (
                tuple(term["column_name"] for term in terms if term["coefficient"] == sign) for sign in ("1", "-1")
            )
            if wholes and parts and "*" not in wholes + parts:
                result.setdefault(terms[0]["table_no"], []).append(RowSum(wholes, parts))
    return result


def _is_equality(identity: dict[str, str]) -> bool:
    """Whether an identity says that terms are equal to others, and to nothing beside them."""
    is_of_terms = identity["engine"] == "terms" and identity["comparison"] == "equal"
    return is_of_terms and not identity["constant"].strip("0.")


PRINTED_TABLES = read_printed_tables()
ROW_SUMS = read_row_sums()
TABLE_NAMES = {number: table.name for number, table in PRINTED_TABLES.items()}
# by functional subject, and the one by economic subject
SUBJECT_TABLES = {
    number: (table.name, table.amounts)
    for number, table in PRINTED_TABLES.items()
    if table.row_kind == "functional_subjects"
}
BASIC_EXPENDITURE = {
    number: (table.name, table.amounts)
    for number, table in PRINTED_TABLES.items()
    if table.row_kind == "economic_subjects"
}
# by line; between name and amounts stands the column that sets equal labels apart
LINE_TABLES = {
    number: (table.name, table.line_group, table.amounts)
    for number, table in PRINTED_TABLES.items()
    if table.row_kind == "lines"
}
THREE_PUBLIC = next(table.amounts for table in PRINTED_TABLES.values() if table.name == "three_public")


def as_macro(tables: dict[str, PrintedTable]) -> str:
    """The text of macros/printed_tables.sql."""
    lines = [
        f"        '{table.table_no}': {{'name': '{table.name}', 'rows': '{table.rows}', 'amounts': {table.amounts}, "
        f"'added': {table.added}}},"
        for table in tables.values()
    ]
    return "\n".join(
        [
            "{#",
            "    The printed tables by number: raw table, what its rows are, amount columns in printed order, and",
            "    which of them only some provinces print.",
            "    Generated by `python -m final_accounts.registry` from forms.csv and form_columns.csv.",
            "#}",
            "{% macro printed_tables() %}",
            "    {% do return({",
            *lines,
            "    }) %}",
            "{% endmacro %}",
            "",
        ]
    )


def main(macro: Path = MACRO) -> int:
    """Writes the macro anew."""
    macro.write_text(as_macro(PRINTED_TABLES), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
