"""Errors made at random in raw rows, the same for the same seed: what typists, readers of PDF and publishers do.

Each kind changes the tables of one report in place and says what it did, or returns nothing where it finds no place.
Some change only the look of a cell or a label: they must change no result.
"""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from oracle import LINE_FORMS, RAW_TABLES, SUBJECT_FORMS, Cell, Forms, Tables, read_report

NO_AMOUNTS = [
    *("1,00", "12a", "1.2.3", "--1", "(12.50)", "1 234.5", "0.1234567", "1234567890123", "+5", "7.", ".5", "1,234,5"),
    *("一百", "O.50", "5元", "1，23", "12,3456", "１２。５", "-", "────", "—", "/", "无", "1,234,567,890,123"),
]


def copied(tables: Tables, report_id: str, department_code: str) -> Tables:
    """A copy of a report under another name, of a department of its own."""
    copy = {
        name: [{**row, "report_id": report_id} for row in rows] for name, rows in tables.items() if name in RAW_TABLES
    }
    copy["reports"][0]["department_code"] = department_code
    return copy


def as_text(number: Fraction, decimals: int) -> str:
    """A number as tables print it; it must have no more decimals than asked for."""
    scaled = number * 10**decimals
    if scaled.denominator != 1:
        raise ValueError(f"{number} has more than {decimals} decimals")
    digits = f"{abs(int(scaled)):0{decimals + 1}}"
    sign = "-" if number < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


class Damager:
    """Makes errors in the tables of a report."""

    def __init__(self, forms: Forms, chance: random.Random) -> None:
        self.forms = forms
        self.chance = chance
        self.kinds: dict[str, tuple[int, Callable[[Tables], str | None]]] = {
            "one_digit": (8, self._in_amount(self._one_digit)),
            "lost_digit": (3, self._in_amount(lambda text: self._at_digit(text, lambda digit: ""))),
            "doubled_digit": (3, self._in_amount(lambda text: self._at_digit(text, lambda digit: digit * 2))),
            "swapped_digits": (4, self._in_amount(self._swapped_digits)),
            "sign": (3, self._in_amount(lambda text: text[1:] if text[0] == "-" else f"-{text}")),
            "last_place": (5, self._in_amount(self._last_place)),
            "ten_times": (1, self._in_amount(lambda text: f"{Decimal(text.replace(',', '')) * 10:f}")),
            "unit_slip": (1, self._in_amount(lambda text: f"{Decimal(text.replace(',', '')) * 10000:f}")),
            "lost_cell": (3, self._in_amount(lambda text: "")),
            "unreadable": (4, self._in_amount(lambda text: self.chance.choice(NO_AMOUNTS))),
            "more_decimals": (3, self._in_amount(self._more_decimals)),
            "fewer_decimals": (2, self._in_amount(lambda text: text[:-1] if "." in text[:-2] else text)),
            "other_look": (3, self._in_amount(self._other_look)),
            "value_in_blank_cell": (5, self._value_in_blank_cell),
            "lost_row": (4, self._lost_row),
            "lost_line": (3, self._lost_line),
            "lost_code": (2, self._lost_code),
            "other_code": (3, self._other_code),
            "new_row": (2, self._new_row),
            "unknown_label": (2, self._unknown_label),
            "other_label": (2, self._other_label),
            "shifted_rows": (3, self._shifted_rows),
            "lines_in_another_order": (1, self._lines_in_another_order),
            "lost_table": (3, self._lost_table),
            "lost_panel": (1, self._lost_panel),
            "other_year": (1, self._other_year),
            "other_decimals": (2, self._other_decimals),
            "other_unit": (1, self._other_unit),
        }

    def damage(self, tables: Tables, errors: int = 1) -> list[str]:
        """Makes some errors, and says which."""
        names = list(self.kinds)
        weights = [weight for weight, _ in self.kinds.values()]
        done: list[str] = []
        while len(done) < errors:
            (name,) = self.chance.choices(names, weights)
            detail = self.kinds[name][1](tables)
            if detail is not None:
                done.append(f"{name}: {detail}")
        return done

    # --- cells

    def _cells(self, tables: Tables) -> list[Cell]:
        return read_report(tables, self.forms).cells

    def _in_amount(self, change: Callable[[str], str]) -> Callable[[Tables], str | None]:
        """An error in one cell that prints an amount."""

        def kind(tables: Tables) -> str | None:
            amounts = [cell for cell in self._cells(tables) if cell.status == "amount" and cell.text.isascii()]
            if not amounts:
                return None
            # a table first: the small ones have their turn too
            table_no = self.chance.choice(sorted({cell.table_no for cell in amounts}))
            cell = self.chance.choice([cell for cell in amounts if cell.table_no == table_no])
            return self._set(cell, change(cell.text))

        return kind

    @staticmethod
    def _set(cell: Cell, text: str) -> str | None:
        before = cell.row[cell.raw_column] or ""
        cell.row[cell.raw_column] = text
        return None if text == before else f"{'/'.join(cell.name)} {before!r} -> {text!r}"

    def _at_digit(self, text: str, change: Callable[[str], str]) -> str:
        position = self.chance.choice([place for place, character in enumerate(text) if character.isdigit()])
        return text[:position] + change(text[position]) + text[position + 1 :]

    def _one_digit(self, text: str) -> str:
        return self._at_digit(text, lambda digit: str((int(digit) + self.chance.randrange(1, 10)) % 10))

    def _swapped_digits(self, text: str) -> str:
        pairs = [place for place in range(len(text) - 1) if text[place : place + 2].isdigit()]
        if not pairs:
            return text
        place = self.chance.choice(pairs)
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]

    def _last_place(self, text: str) -> str:
        """Some units more or less in the last place: about what rounding explains."""
        number = Decimal(text.replace(",", ""))
        unit = Decimal(1).scaleb(number.as_tuple().exponent)
        return f"{number + unit * self.chance.choice([-4, -3, -2, -1, 1, 2, 3, 4]):f}"

    def _more_decimals(self, text: str) -> str:
        return text + ("" if "." in text else ".") + str(self.chance.randrange(1, 100))

    def _other_look(self, text: str) -> str:
        """The same number, printed another way."""
        plain = text.replace(",", "")
        whole, point, decimals = plain.removeprefix("-").partition(".")
        grouped = f"{'-' if plain[0] == '-' else ''}{int(whole):,}{point}{decimals}"
        wide = plain.translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－"))
        return self.chance.choice([grouped, wide, f"\u3000{plain} ", f"0{plain}" if plain[0] != "-" else plain])

    def _value_in_blank_cell(self, tables: Tables) -> str | None:
        cells = self._cells(tables)
        blank = [cell for cell in cells if cell.status in ("blank", "not_applicable")]
        if not blank:
            return None
        table_no = self.chance.choice(sorted({cell.table_no for cell in blank}))
        cell = self.chance.choice([cell for cell in blank if cell.table_no == table_no])
        texts = [other.text for other in cells if other.status == "amount" and other.text.isascii()]
        return self._set(cell, self.chance.choice([*texts, "0.00", "0.01", "-0.02", "0.03", "1"]))

    # --- rows

    def _row(self, tables: Tables, names: list[str]) -> tuple[str, int] | None:
        names = [name for name in names if tables.get(name)]
        if not names:
            return None
        name = self.chance.choice(names)
        return name, self.chance.randrange(len(tables[name]))

    def _lost_row(self, tables: Tables) -> str | None:
        place = self._row(tables, RAW_TABLES[2:])
        if place is None:
            return None
        name, number = place
        if name == "projects":
            # a form without its head has no unit
            number = tables[name][number]["project_no"]
            for part in ("projects", "project_funding", "project_indicators"):
                tables[part] = [row for row in tables[part] if row["project_no"] != number]
            return f"project {number}"
        return f"{name} {self._shown(tables[name].pop(number))}"

    def _lost_line(self, tables: Tables) -> str | None:
        """A total or a balance is not printed: the lines that identities name."""
        named = [
            (name, row)
            for name, rows in tables.items()
            for row in rows
            if any(word in str(row.get("item") or row.get("subject_name") or "") for word in ("合计", "总计", "结转"))
        ]
        if not named:
            return None
        name, row = self.chance.choice(named)
        tables[name].remove(row)
        return f"{name} {self._shown(row)}"

    @staticmethod
    def _shown(row: dict[str, str | None]) -> str:
        return " ".join(str(row[name]) for name in ("row_no", "subject_code", "subject_name", "item") if row.get(name))

    def _lost_code(self, tables: Tables) -> str | None:
        place = self._row(tables, list(SUBJECT_FORMS.values()))
        if place is None:
            return None
        row = tables[place[0]][place[1]]
        before = self._shown(row)
        row["subject_code"], row["subject_name"] = "", self.chance.choice(["", "Other"])
        return f"{place[0]} {before}"

    def _other_code(self, tables: Tables) -> str | None:
        """A subject stands below another one, or one level up or down."""
        place = self._row(tables, list(SUBJECT_FORMS.values()))
        if place is None:
            return None
        name, number = place
        row = tables[name][number]
        before = row["subject_code"] or ""
        after = self.chance.choice(
            [f"299{before[3:]}", f"{before[:3]}98{before[5:]}", before[:5], before[:3], f"{before}97"]
        )
        taken = {row["subject_code"] for row in tables[name]}
        if not before or after in taken or len(after) not in ((3, 5) if name == "basic_expenditure" else (3, 5, 7)):
            return None
        row["subject_code"] = after
        return f"{name} {before} -> {after}"

    def _new_row(self, tables: Tables) -> str | None:
        place = self._row(tables, RAW_TABLES[2:12])
        if place is None:
            return None
        name, number = place
        row = dict(tables[name][number])
        row["row_no"] = str(max(int(other["row_no"]) for other in tables[name]) + 1)
        for column in ("subject_code", "subject_name", "item"):
            if column in row:
                row[column] = ""
        if row.get("subject_code") is not None:
            row["subject_code"] = self.chance.choice(["", "228", "22801", "2010197"])
            if row["subject_code"] in {other["subject_code"] for other in tables[name]} or name == "basic_expenditure":
                row["subject_code"] = ""
        tables[name].append(row)
        return f"{name} {self._shown(row)} like row {number + 1}"

    def _unknown_label(self, tables: Tables) -> str | None:
        place = self._row(tables, [name for name, _ in LINE_FORMS.values()])
        if place is None:
            return None
        row = tables[place[0]][place[1]]
        before = row["item"]
        row["item"] = f"{before or ''}甲乙"  # a label with one wrong character is still that label
        return f"{place[0]} {before} -> {row['item']}"

    def _other_label(self, tables: Tables) -> str | None:
        """The same label, printed another way."""
        place = self._row(tables, [name for name, _ in LINE_FORMS.values()])
        if place is None:
            return None
        row = tables[place[0]][place[1]]
        label = row["item"]
        if not label:
            return None
        middle = len(label) // 2
        row["item"] = self.chance.choice(
            [f"{label[:middle]} {label[middle:]}", f"　{label}：", f"{label[:-1]}\n{label[-1]}"]
        )
        return f"{place[0]} {label!r} -> {row['item']!r}"

    def _shifted_rows(self, tables: Tables) -> str | None:
        """The amounts of some rows slip one row down."""
        place = self._row(tables, list(SUBJECT_FORMS.values()))
        if place is None:
            return None
        name, first = place
        rows = tables[name][first : first + self.chance.randrange(3, 7)]
        columns = [column for column in rows[0] if column in {c for cs in self.forms.columns.values() for c in cs}]
        amounts = [{column: row[column] for column in columns} for row in rows]
        for row, above in zip(rows, [dict.fromkeys(columns, ""), *amounts], strict=False):
            row.update(above)
        return f"{name} {len(rows)} rows from {first + 1}"

    def _lines_in_another_order(self, tables: Tables) -> str | None:
        name = LINE_FORMS["04"][0]
        place = self._row(tables, [name])
        if place is None:
            return None
        one, other = tables[name][place[1]], self.chance.choice(tables[name])
        if one is other:
            return None
        one["row_no"], other["row_no"] = other["row_no"], one["row_no"]
        return f"{name} {self._shown(one)}, {self._shown(other)}"

    # --- tables and reports

    def _lost_table(self, tables: Tables) -> str | None:
        name = self.chance.choice([name for name in RAW_TABLES[2:] if tables.get(name)])
        tables[name] = []
        if name == "projects":
            tables["project_funding"], tables["project_indicators"] = [], []
        return name

    def _lost_panel(self, tables: Tables) -> str | None:
        name, group = self.chance.choice(list(LINE_FORMS.values()))
        groups = sorted({row[group] or "" for row in tables.get(name, [])})
        if not groups:
            return None
        lost = self.chance.choice(groups)
        tables[name] = [row for row in tables[name] if row[group] != lost]
        return f"{name} {lost}"

    def _other_year(self, tables: Tables) -> str | None:
        (report,) = tables["reports"]
        before = report["fiscal_year"]
        report["fiscal_year"] = self.chance.choice(["2018", "2019", "2021", "2025"])
        return f"{before} -> {report['fiscal_year']}"

    def _other_decimals(self, tables: Tables) -> str | None:
        (report,) = tables["reports"]
        before = report["amount_decimals"]
        report["amount_decimals"] = self.chance.choice(["0", "1", "3", "4"])
        return f"{before} -> {report['amount_decimals']}"

    def _other_unit(self, tables: Tables) -> str | None:
        table_no = self.chance.choice([*SUBJECT_FORMS, *LINE_FORMS, "09"])
        unit = self.chance.choice([*self.forms.units, "USD"])
        tables["report_tables"] = [row for row in tables.get("report_tables", []) if row["table_no"] != table_no]
        decimals = self.chance.choice(["", "", "0", "1", "3"])
        report_id = tables["reports"][0]["report_id"]
        tables["report_tables"].append(
            {"report_id": report_id, "table_no": table_no, "amount_unit": unit, "amount_decimals": decimals}
        )
        return f"{table_no} in {unit}, decimals {decimals!r}"


def damaged(
    forms: Forms, bases: list[list[Tables]], copies: int, seed: int, largest: int
) -> Iterator[tuple[str, list[str], list[Tables]]]:
    """Copies of reports with one or two errors: the name of the faulty one, what was done, and its tables.

    A base is one report, or two years of a department, of which the later one is made faulty and the earlier one goes
    with it as it is. No amount reaches `largest` yuan.
    """
    chance = random.Random(seed)
    damager = Damager(forms, chance)
    for number in range(copies):
        base = chance.choice(bases)
        names = [f"damaged-{seed}-{number:04}-{year}" for year in range(len(base))]
        while True:
            copies_of_base = [copied(tables, name, f"d{number}") for tables, name in zip(base, names, strict=True)]
            done = damager.damage(copies_of_base[-1], chance.choice([1, 1, 1, 2]))
            if all(abs(cell.value or 0) < largest for cell in read_report(copies_of_base[-1], forms).cells):
                break
        yield names[-1], done, copies_of_base
