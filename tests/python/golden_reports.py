"""A small made-up report in which every line, column and form has an amount and everything adds up.

It is written from the accounts and not from the registry: money by subject, fund and kind comes first, and every
printed figure is a sum of it. So whatever the registry says, this report is consistent; and as no two sums are alike, a
registry that says something else finds it broken. Amounts are in yuan and exact.

`python tests/python/golden_reports.py` (with PYTHONPATH=scripts) writes what the registry of the repository finds in it
to tests/python/golden. Read the difference as you would read the registry's: that is what the files are for.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import oracle
from damage import as_text
from final_accounts.warehouse.paths import SEEDS
from oracle import ZERO, Forms, Identity, Report, Tables

GOLDEN = Path(__file__).with_name("golden")
REPORT_ID, PRIOR_ID = "golden-2023", "golden-2022"

# More than any slack between the two sides of an identity.
A_LOT = Fraction(10**12)

FUNDS = ["general_public_budget", "government_fund", "state_capital_operations"]
FORM_OF_FUND = {"general_public_budget": "05", "state_capital_operations": "08"}
KINDS = ["basic", "project", "superior_remittance", "business", "affiliate_subsidy"]
SOURCES = ["superior_subsidy", "institutional", "business", "affiliate_remittance", "other"]
CLASS_LABELS = {
    "201": "一、一般公共服务支出",
    "208": "二、社会保障和就业支出",
    "210": "三、卫生健康支出",
    "212": "四、城乡社区支出",
    "221": "五、住房保障支出",
    "223": "六、国有资本经营预算支出",
}
GENERAL_ITEMS = ["2010101", "2010102", "2010201", "2080505", "2080506", "2101101", "2101102", "2101103", "2210201"]
FUND_ITEMS = ["2120801", "2120899"]
CAPITAL_ITEMS = ["2230101", "2230201"]
ECONOMIC_SUBJECTS = [
    *(
        "30101",
        "30108",
        "30109",
        "30110",
        "30111",
        "30113",
        "30201",
        "30212",
        "30217",
        "30231",
        "30302",
        "30305",
        "304",
    ),
    *("30701", "30702", "31002", "31013", "31201", "31204", "31302", "31303", "399"),
]
NOT_APPLICABLE = ["309", "30901", "311", "31101"]
# what an economic subject is the other side of
PENSION, ANNUITY, HOUSING, MEDICAL = "30108", "30109", "30113", ("30110", "30111")
THREE_PUBLIC = {
    "overseas_trips": "30212", "vehicle_purchase": "31013", "vehicle_operation": "30231", "receptions": "30217",
}  # fmt: skip
VEHICLES = [
    *("1.副部（省）级及以上领导用车", "2.主要负责人用车", "3.机要通信用车", "4.应急保障用车", "5.执法执勤用车"),
    *("6.特种专业技术用车", "7.离退休干部服务用车", "8.其他用车", "9.一般公务用车"),
]


def _text(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}" if fen else ""


def _above(code: str) -> list[str]:
    """A subject, those above it, and the total row."""
    return [code[:length] for length in (0, 3, 5, 7) if length <= len(code)]


class _Accounts:
    """The money of the year, from which every table is summed."""

    def __init__(self) -> None:
        self.amounts = 0
        # basic expenditure of the general public budget, by economic and by functional subject
        self.economic = {code: self.new_amount() for code in ECONOMIC_SUBJECTS}
        matched = {
            "2080505": self.economic[PENSION],
            "2080506": self.economic[ANNUITY],
            "2210201": self.economic[HOUSING],
        }
        medical = sum(self.economic[code] for code in MEDICAL)
        matched |= {"2101101": medical // 2, "2101102": medical // 3}
        matched["2101103"] = medical - matched["2101101"] - matched["2101102"]
        rest = sum(self.economic.values()) - sum(matched.values())
        matched |= {"2010101": rest // 5, "2010102": rest // 3}
        matched["2010201"] = rest - matched["2010101"] - matched["2010102"]

        # (fund, item, kind) -> fen; what fiscal appropriation did not pay stands under one item
        self.spent: dict[tuple[str, str, str], int] = {}
        for item in GENERAL_ITEMS:
            self.spent[FUNDS[0], item, "basic"] = matched[item]
            self.spent[FUNDS[0], item, "project"] = self.new_amount()
        for fund, items in ((FUNDS[1], FUND_ITEMS), (FUNDS[2], CAPITAL_ITEMS)):
            for item in items:
                for kind in ("basic", "project"):
                    self.spent[fund, item, kind] = self.new_amount()
        for kind in KINDS:
            self.spent["non_fiscal", "2010101", kind] = self.new_amount()

        # (fund, item) -> fen, opening and closing
        items_of_fund = {FUNDS[0]: ["2010201"], FUNDS[1]: FUND_ITEMS, FUNDS[2]: ["2230101"], "non_fiscal": ["2010101"]}
        places = [(fund, item) for fund, items in items_of_fund.items() for item in items]
        self.opening = {place: self.new_amount() for place in places}
        self.closing = {place: self.new_amount() for place in places}
        self.used, self.distributed = self.new_amount(), self.new_amount()

        # (source, item) -> fen: revenue is what was spent and what the balance grew by
        self.received: dict[tuple[str, str], int] = defaultdict(int)
        for (fund, item, _), fen in self.spent.items():
            self.received[fund, item] += fen
        for place in places:
            self.received[place] += self.closing[place] - self.opening[place]
        self.received["non_fiscal", "2010101"] += self.distributed - self.used
        rest = self.received.pop(("non_fiscal", "2010101"))
        for source in SOURCES[:-1]:
            self.received[source, "2010101"] = rest // 7 + self.new_amount() // 10
            rest -= self.received[source, "2010101"]
        self.received["other", "2010101"] = rest

    def new_amount(self) -> int:
        """The next amount in fen, unlike those before."""
        self.amounts += 1
        return 10_000_000 + self.amounts**2 * 7919 + self.amounts * 104_729

    def fund_total(self, amounts: dict[tuple[str, str], int], fund: str) -> int:
        """All of a fund."""
        return sum(fen for (of_fund, _), fen in amounts.items() if of_fund == fund)


def _subject_rows(
    amounts: dict[tuple[str, str], int], columns: list[str], has_total: bool = True
) -> list[dict[str, str]]:
    """Rows of a table by subject, with a blank one at its end."""
    cells: dict[tuple[str, str], int] = defaultdict(int)
    for (code, column), fen in amounts.items():
        for above in _above(code):
            cells[above, column] += fen
    codes = sorted({code for code, _ in cells if code or has_total})
    rows = [
        {
            "subject_code": code,
            "subject_name": f"subject {code}" if code else "合计",
            **{column: _text(cells[code, column]) for column in columns},
        }
        for code in codes
    ]
    return [*rows, {"subject_code": "", "subject_name": "", **dict.fromkeys(columns, "")}]


def _lines(panel: str, column: str, lines: dict[str, int | str | None]) -> list[dict[str, str]]:
    return [
        {"panel": panel, "item": label, column: fen if isinstance(fen, str) else _text(fen or 0)}
        for label, fen in lines.items()
    ]


def _summary(accounts: _Accounts) -> list[dict[str, str]]:
    """Table 01."""
    revenue = {f: accounts.fund_total(accounts.received, f) for f in [*FUNDS, *SOURCES]}
    opening = {f: accounts.fund_total(accounts.opening, f) for f in [*FUNDS, "non_fiscal"]}
    closing = {f: accounts.fund_total(accounts.closing, f) for f in [*FUNDS, "non_fiscal"]}
    classes = {
        code: sum(fen for (_, item, _), fen in accounts.spent.items() if item.startswith(code)) for code in CLASS_LABELS
    }
    received, spent = sum(revenue.values()), sum(classes.values())
    labels = [
        *("一、一般公共预算财政拨款收入", "二、政府性基金预算财政拨款收入", "三、国有资本经营预算财政拨款收入"),
        *("四、上级补助收入", "五、事业收入", "六、经营收入", "七、附属单位上缴收入", "八、其他收入"),
    ]
    left = dict(zip(labels, revenue.values(), strict=True)) | {
        # the line that universities print in place of the three funds
        "财政拨款收入": 0,
        "": None,
        "本年收入合计": received,
        "使用非财政拨款结余和专用结余": accounts.used,
        "年初结转和结余": sum(opening.values()),
        "总计": received + accounts.used + sum(opening.values()),
    }
    right = {label: classes[code] for code, label in CLASS_LABELS.items()} | {
        "本年支出合计": spent,
        "结余分配": accounts.distributed,
        "年末结转和结余": sum(closing.values()),
        "": None,
        "总计": spent + accounts.distributed + sum(closing.values()),
    }
    return _lines("revenue", "amount", left) + _lines("expenditure", "amount", right)


def _fiscal_summary(accounts: _Accounts) -> list[dict[str, str]]:
    """Table 04."""
    columns = ["total", *FUNDS]
    revenue = [accounts.fund_total(accounts.received, fund) for fund in FUNDS]
    opening = [accounts.fund_total(accounts.opening, fund) for fund in FUNDS]
    closing = [accounts.fund_total(accounts.closing, fund) for fund in FUNDS]
    labels = ["一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
    left = [
        *zip(["一、" + labels[0], "二、" + labels[1], "三、" + labels[2]], revenue, strict=True),
        ("", 0),
        ("本年收入合计", sum(revenue)),
        ("年初财政拨款结转和结余", sum(opening)),
        *zip(labels, opening, strict=True),
        ("总计", sum(revenue) + sum(opening)),
    ]
    spent = [
        [
            sum(fen for (of, item, _), fen in accounts.spent.items() if of == fund and item.startswith(code))
            for fund in FUNDS
        ]
        for code in CLASS_LABELS
    ]
    total = [sum(column) for column in zip(*spent, strict=True)]
    right = [
        *zip(CLASS_LABELS.values(), spent, strict=True),
        ("本年支出合计", total),
        ("年末财政拨款结转和结余", closing),
        ("", [0, 0, 0]),
        ("总计", [one + other for one, other in zip(total, closing, strict=True)]),
    ]
    rows = [{"panel": "revenue", "item": label, "amount": _text(fen)} for label, fen in left]
    for label, funds in right:
        cells = map(_text, [sum(funds), *funds])
        rows.append({"panel": "expenditure", "item": label, **dict(zip(columns, cells, strict=True))})
    return rows


def _three_public(accounts: _Accounts) -> list[dict[str, str]]:
    """Table 09, with a blank row: basic expenditure and something that projects paid; the budget is another one."""
    cells: dict[str, int] = defaultdict(int)
    for item, code in THREE_PUBLIC.items():
        for stage, fen in (
            ("budget", 2 * accounts.economic[code] + accounts.new_amount()),
            ("final", accounts.economic[code] + accounts.new_amount()),
        ):
            cells[f"{stage}_{item}"] = fen
            cells[f"{stage}_total"] += fen
            if item.startswith("vehicle"):
                cells[f"{stage}_vehicles_total"] += fen
    return [{name: _text(fen) for name, fen in cells.items()}, dict.fromkeys(cells, "")]


def _statistics(accounts: _Accounts) -> list[dict[str, str]]:
    """Table 10."""
    procured = [accounts.new_amount() for _ in range(3)]
    operating = sum(fen for code, fen in accounts.economic.items() if code[:3] not in ("301", "303"))
    vehicles = [2**n for n in range(len(VEHICLES))]
    sections = {
        "一、政府采购情况": dict(
            zip(["合计", "货物", "工程", "服务"], map(_text, [sum(procured), *procured]), strict=True)
        ),
        "二、机关运行经费": {
            "（一）行政单位": _text(operating // 2),
            "（二）参照公务员法管理事业单位": _text(operating // 3),
        },
        "三、国有资产占用情况": {
            "（一）车辆数合计（辆）": str(sum(vehicles)),
            **dict(zip(VEHICLES, map(str, vehicles), strict=True)),
            "（二）单价100万元（含）以上设备（不含车辆）": "3",
        },
    }
    return [
        {"section": section, "item": label, "statistic": text}
        for section, lines in sections.items()
        for label, text in lines.items()
    ]


def _basic_expenditure(accounts: _Accounts) -> list[dict[str, str]]:
    """Table 06: two classes are never basic expenditure, and the two totals stand below."""
    amounts = {(code, "amount"): fen for code, fen in accounts.economic.items()}
    rows = _subject_rows(amounts, ["amount"], has_total=False)[:-1]
    rows += [{"subject_code": code, "subject_name": "基本建设", "amount": "────"} for code in NOT_APPLICABLE]
    personnel = sum(fen for code, fen in accounts.economic.items() if code[:3] in ("301", "303"))
    operating = sum(accounts.economic.values()) - personnel
    return [
        *rows,
        {"subject_code": "", "subject_name": "人员经费合计", "amount": _text(personnel)},
        {"subject_code": "", "subject_name": "公用经费合计", "amount": _text(operating)},
    ]


def _project() -> dict[str, list[dict[str, str]]]:
    """One self-evaluation form with two sources and three indicators."""
    money = ["target_declared", "initial_budget", "annual_budget", "executed", "carried_over"]
    sources = [["40.5", "41.25", "42.75", "40.125", "2.625"], ["9", "10.5", "11.125", "11.125", "0"]]
    total = ["49.5", "51.75", "53.875", "51.25", "2.625"]
    rows = [("资金总额：", total, "9.51"), ("市县区财政资金", sources[0], "9.39"), ("其他资金", sources[1], "10")]
    indicators = [("50", "48.5"), ("30", "30"), ("10", "9.25")]
    return {
        "projects": [{"project_no": "1", "amount_unit": "万元", "total_score": "97.26"}],
        "project_funding": [
            {"project_no": "1", "funding_source": source, **dict(zip(money, amounts, strict=True)), "score": score}
            for source, amounts, score in rows
        ],
        "project_indicators": [{"project_no": "1", "weight": weight, "score": score} for weight, score in indicators],
    }


def _completed(tables: dict[str, list[dict[str, str]]], report_id: str, year: int, forms: Forms) -> Tables:
    """Raw rows with their identifiers, row numbers and blank columns."""
    columns: dict[str, list[str]] = {name: forms.columns[number] for number, name in oracle.SUBJECT_FORMS.items()}
    columns |= {name: forms.columns[number] for number, (name, _) in oracle.LINE_FORMS.items()}
    columns[oracle.THREE_PUBLIC[1]] = forms.columns["09"]
    columns["project_funding"] = [name for part, name in forms.project_columns if part == "funding"]
    for name, rows in tables.items():
        for number, row in enumerate(rows, start=1):
            row.update({"report_id": report_id} | ({"row_no": str(number)} if name != "projects" else {}))
            row.update({column: "" for column in columns.get(name, []) if column not in row})
    tables["reports"] = [
        {
            "report_id": report_id,
            "division_code": "000000",
            "department_code": "golden",
            "fiscal_year": str(year),
            "amount_unit": "元",
            "amount_decimals": "2",
        }
    ]
    return tables


def golden_tables(forms: Forms) -> tuple[Tables, Tables]:
    """Raw rows of the year before, of which only balances matter, and of the year."""
    accounts = _Accounts()
    two = ["basic", "project"]
    by_form = {
        form: {(item, kind): fen for (of, item, kind), fen in accounts.spent.items() if of == fund}
        for fund, form in FORM_OF_FUND.items()
    }
    for amounts in by_form.values():
        amounts |= {(item, "total"): sum(fen for (of, _), fen in amounts.items() if of == item) for item, _ in amounts}
    for item in CAPITAL_ITEMS:
        capital = by_form["08"]
        capital[item, "opening_balance"] = accounts.opening.get((FUNDS[2], item), 0)
        capital[item, "closing_balance"] = accounts.closing.get((FUNDS[2], item), 0)
        capital[item, "revenue"] = accounts.received[FUNDS[2], item]
    spent: dict[tuple[str, str], int] = defaultdict(int)
    for (_, item, kind), fen in accounts.spent.items():
        spent[item, kind] += fen
        spent[item, "total"] += fen
    received: dict[tuple[str, str], int] = defaultdict(int)
    for (source, item), fen in accounts.received.items():
        received[item, "fiscal_appropriation" if source in FUNDS else source] += fen
        received[item, "total"] += fen
    fund: dict[tuple[str, str], int] = defaultdict(int)
    for item in FUND_ITEMS:
        fund[item, "opening_balance"] = accounts.opening[FUNDS[1], item]
        fund[item, "closing_balance"] = accounts.closing[FUNDS[1], item]
        fund[item, "revenue"] = accounts.received[FUNDS[1], item]
        for kind in two:
            fund[item, f"expenditure_{kind}"] = accounts.spent[FUNDS[1], item, kind]
            fund[item, "expenditure_total"] += accounts.spent[FUNDS[1], item, kind]
    tables = {
        "revenue_expenditure_summary": _summary(accounts),
        "revenue": _subject_rows(received, forms.columns["02"]),
        "expenditure": _subject_rows(spent, forms.columns["03"]),
        "fiscal_appropriation_summary": _fiscal_summary(accounts),
        "general_public_budget_expenditure": _subject_rows(by_form["05"], forms.columns["05"]),
        "basic_expenditure": _basic_expenditure(accounts),
        "government_fund": _subject_rows(fund, forms.columns["07"]),
        "state_capital_operations": _subject_rows(by_form["08"], forms.columns["08"]),
        "three_public": _three_public(accounts),
        "disclosure_statistics": _statistics(accounts),
        **_project(),
    }
    closing = [accounts.fund_total(accounts.opening, fund) for fund in FUNDS]
    totals = [fen + accounts.new_amount() for fen in closing]
    prior = {
        "revenue_expenditure_summary": _lines(
            "expenditure", "amount", {"年末结转和结余": sum(accounts.opening.values()), "总计": accounts.new_amount()}
        ),
        "fiscal_appropriation_summary": [
            {
                "panel": "expenditure",
                "item": label,
                **dict(zip(["total", *FUNDS], map(_text, [sum(funds), *funds]), strict=True)),
            }
            for label, funds in (("年末财政拨款结转和结余", closing), ("总计", totals))
        ],
        **{
            name: _subject_rows(
                {(item, "closing_balance"): fen for (of, item), fen in accounts.opening.items() if of == fund},
                forms.columns[number],
            )
            for fund, number, name in (
                (FUNDS[1], "07", "government_fund"),
                (FUNDS[2], "08", "state_capital_operations"),
            )
        },
    }
    return _completed(prior, PRIOR_ID, 2022, forms), _completed(tables, REPORT_ID, 2023, forms)


@dataclass
class Golden:
    """The report, and the same without one of its tables or rows."""

    whole: Report
    incomplete: dict[str, Report]
    shipped: Report

    @classmethod
    def make(cls, forms: Forms) -> "Golden":
        """Makes all of them; «04» is a report without table 04, «04/total» one without a row of it.

        «05/221 and below» is without a class: then an item of it is nought, where one without the item stops above it.
        """
        raw = golden_tables(forms)
        whole = oracle.read_reports(raw, forms)[REPORT_ID]
        rows: dict[str, set[int]] = defaultdict(set)
        for cell in whole.cells:
            rows[cell.table_no].add(id(cell.row))
            if not cell.is_blank_row:
                rows[f"{cell.table_no}/{cell.row_key}"].add(id(cell.row))
                if cell.row_key.isdigit():
                    rows[f"{cell.table_no}/{cell.row_key[:3]} and below"].add(id(cell.row))
        incomplete = {}
        for fund in FUNDS:
            # without the first of two lines with one label, the second would be taken for it
            name = f"04/revenue_{fund}"
            rows[f"{name} and opening"] = rows[name] | rows[f"04/opening_balance_{fund}"]
        for missing, left_out in rows.items():
            kept = [
                {name: [row for row in rows if id(row) not in left_out] for name, rows in tables.items()}
                for tables in raw
            ]
            incomplete[missing] = oracle.read_reports(kept, forms)[REPORT_ID]
        shipped = {name: oracle.read_csv(SEEDS / "accounts" / f"{name}.csv") for name in oracle.RAW_TABLES}
        return cls(whole, incomplete, oracle.read_report(shipped, forms))


# --- what an identity finds -------------------------------------------------------------------------------------------

Record = tuple[str, ...]


def results_of(identity: Identity, golden: Golden) -> Iterator[Record]:
    """Every instance in the report as it is: severity, status and both sides."""
    for instance, result in oracle.evaluate_identity(identity, golden.whole).items():
        yield *instance, identity.severity, result.status, _number(result.left), _number(result.right)


def errors_found_by(identity: Identity, golden: Golden) -> Iterator[Record]:
    """For every instance, the cells that break it when they change by a lot: either way, only up, only down.

    In front of a cell stands what it counts for: + or -, and how often if not once.
    """
    for instance, result in oracle.evaluate_identity(identity, golden.whole).items():
        found: tuple[list[str], ...] = ([], [], [])
        for _, cell in sorted(result.terms, key=lambda term: term[1].name):
            ends = [oracle.with_value(result, cell, (cell.value or ZERO) + change) for change in (A_LOT, -A_LOT)]
            counts = (ends[0].residual - ends[1].residual) / (2 * A_LOT)
            name = f"{int(counts):+}".replace("1", "") + "/".join(cell.name)
            match [end.status == "broken" for end in ends]:
                case [True, True]:
                    found[0].append(name)
                case [True, False]:
                    found[1].append(name)
                case [False, True]:
                    found[2].append(name)
        yield *instance, *map(" ".join, found)


def gaps_of(identity: Identity, golden: Golden) -> Iterator[Record]:
    """For everything that may not be printed, the instances that cannot run without it."""
    tables = {term.table_no for term in identity.terms}
    for missing, report in golden.incomplete.items():
        if missing.partition("/")[0] not in tables:
            continue
        found = oracle.evaluate_identity(identity, report).items()
        lost = sorted(instance.instance_key or "-" for instance, result in found if result.status == "not_evaluable")
        if lost:
            yield identity.identity_id, missing, " ".join(lost)


def shipped_results_of(identity: Identity, golden: Golden) -> Iterator[Record]:
    """Every instance of the shipped report that is not exact, and how many are."""
    results = oracle.evaluate_identity(identity, golden.shipped)
    yield identity.identity_id, "", "", "exact", str(sum(result.status == "exact" for result in results.values()))
    for instance, result in results.items():
        if result.status != "exact":
            yield *instance, result.status, _number(result.residual)


def _number(number: Fraction | None) -> str:
    return "" if number is None else as_text(number, 2)


# In the order in which a wrong registry is looked for: what finds most comes first.
FILES: dict[str, tuple[list[str], Callable[[Identity, Golden], Iterator[Record]]]] = {
    "results.csv": (["identity_id", "row_part", "column_key", "severity", "status", "left", "right"], results_of),
    "errors_found.csv": (
        ["identity_id", "row_part", "column_key", "broken_by", "broken_if_raised", "broken_if_lowered"],
        errors_found_by,
    ),
    "gaps.csv": (["identity_id", "missing", "not_evaluable"], gaps_of),
    "shipped.csv": (["identity_id", "row_part", "column_key", "status", "residual_or_count"], shipped_results_of),
}


def read_golden(name: str) -> dict[str, set[Record]]:
    """A golden file by identity."""
    found = defaultdict(set)
    for row in oracle.read_csv(GOLDEN / name):
        found[row["identity_id"]].add(tuple(cell or "" for cell in row.values()))
    return dict(found)


def write_golden(identities: Iterable[Identity], golden: Golden) -> None:
    """Writes the golden files anew."""
    identities = list(identities)
    GOLDEN.mkdir(exist_ok=True)
    for name, (columns, records_of) in FILES.items():
        with (GOLDEN / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            for identity in identities:
                writer.writerows(sorted(records_of(identity, golden)))


if __name__ == "__main__":
    FORMS = Forms.read(SEEDS / "classification")
    write_golden(oracle.read_registry(SEEDS / "identities", FORMS), Golden.make(FORMS))
