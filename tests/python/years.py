"""Made-up departments over five years, with the changes that befall them, and what really happened.

The tables are consistent: 01, 03 and 07 of each report. Names of bodies, codes and divisions change; some of it looks
like a change and is none. Nothing here knows how the warehouse links years: it says what is printed, and what is true.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

YEARS = range(2020, 2025)
REFORM = 2021
# A county that became a district under a new code, and one that went into its neighbour, both in 2021.
RECODED = ("350427", "福建省三明市沙县", "350405", "福建省三明市沙县区")
MERGED = ("330104", "浙江省杭州市江干区", "330102", "浙江省杭州市上城区")
QUIET = (
    ("140405", "山西省长治市屯留区"),
    ("330106", "浙江省杭州市西湖区"),
    ("320505", "江苏省苏州市虎丘区"),
    ("440305", "广东省深圳市南山区"),
    ("510107", "四川省成都市武侯区"),
    ("610113", "陕西省西安市雁塔区"),
    ("420106", "湖北省武汉市武昌区"),
    ("370202", "山东省青岛市市南区"),
)
BUREAUS = (
    "财政局",
    "教育局",
    "民政局",
    "司法局",
    "审计局",
    "统计局",
    "水利局",
    "交通运输局",
    "公安局",
    "信访局",
    "档案馆",
    "图书馆",
    "博物馆",
    "气象局",
    "总工会",
    "妇女联合会",
    "残疾人联合会",
    "红十字会",
    "科学技术协会",
    "党校",
    "史志办公室",
    "文学艺术界联合会",
    "工商业联合会",
    "供销合作社",
    "融媒体中心",
    "应急管理局",
    "医疗保障局",
    "退役军人事务局",
)
REFORMED = {"经济和信息化局": "工业和信息化局", "农业局": "农业农村局", "卫生和计划生育局": "卫生健康局"}

# The items that a report may spend on, with their names and those above; a pair is the name before and since REFORM.
NAMES: dict[str, str | tuple[str, str]] = {
    "201": "一般公共服务支出",
    "20103": "政府办公厅（室）及相关机构事务",
    "2010301": "行政运行",
    "2010302": "一般行政管理事务",
    "208": "社会保障和就业支出",
    "20805": "行政事业单位养老支出",
    "2080505": "机关事业单位基本养老保险缴费支出",
    "212": "城乡社区支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "2120801": "征地和拆迁补偿支出",
    "2120899": "其他国有土地使用权出让收入安排的支出",
    "21213": "城市基础设施配套费安排的支出",
    "2121399": "其他城市基础设施配套费安排的支出",
    "213": "农林水支出",
    "21301": "农业农村",
    "2130142": "农村道路建设",
    "2130146": "农村道路建设",
    "21305": ("扶贫", "巩固脱贫攻坚成果衔接乡村振兴"),
    "2130599": ("其他扶贫支出", "其他巩固脱贫攻坚成果衔接乡村振兴支出"),
    "215": "资源勘探工业信息等支出",
    "21505": "工业和信息产业监管",
    "2150510": "工业和信息产业支持",
    "2150517": "产业发展",
    "221": "住房保障支出",
    "22102": "住房改革支出",
    "2210201": "住房公积金",
}
# What one department in many prints for a name, and no body has decided
MISPRINTS = {"22102": "住房保障支出（款）", "2010302": "行政运行"}
RENAMED_SUBJECTS = sorted(code for code, name in NAMES.items() if isinstance(name, tuple))
# The fund's item under another code since REFORM: its closing balance is the new code's opening balance
MOVED_FUND_SUBJECT = ("2120899", "2121399")
# Items under another code since REFORM: one with its name, one with another
MOVED_SUBJECT = ("2130142", "2130146")
LOST_SUBJECT = ("2150510", "2150517")


@dataclass(frozen=True)
class Body:
    """A department as it is in one year; money in hundredths of 万元."""

    division: str
    division_name: str
    code: str
    bureau: str
    closing: int
    fund_closing: int | None = None

    @property
    def id(self) -> str:
        """Its division and code."""
        return f"{self.division}-{self.code}"

    @property
    def name(self) -> str:
        """As its reports print it."""
        return self.division_name + self.bureau


@dataclass(frozen=True)
class Change:
    """What became of a body: the ids before and after differ, or only the name does."""

    year: int
    before: str
    after: str
    kind: str


@dataclass
class World:
    """What was printed, by raw table, and what happened."""

    tables: dict[str, list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))
    changes: list[Change] = field(default_factory=list)
    ended: list[tuple[int, str]] = field(default_factory=list)
    founded: list[tuple[int, str]] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Writes a landing folder."""
        for table, rows in self.tables.items():
            (folder / table).mkdir(parents=True, exist_ok=True)
            with (folder / table / "years.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)


def world(departments: int, seed: int = 1) -> World:
    """A world of about as many departments, the same for the same seed."""
    dice, made = Random(seed), World()
    bodies = _first_year(departments, dice)
    bodies = [_print_report(made, body, YEARS[0], dice, opening=body.closing) for body in bodies]
    for year in YEARS[1:]:
        bodies = _next_year(made, bodies, year, dice)
    return made


def _first_year(departments: int, dice: Random) -> list[Body]:
    divisions = [RECODED[:2], MERGED[:2], MERGED[2:], *QUIET]
    bureaus = [*BUREAUS, *REFORMED]
    bodies: list[Body] = []
    for number in range(departments):
        division, division_name = divisions[number % len(divisions)]
        place = number // len(divisions)
        # more bodies than bureaus: the further ones are offices of numbered streets
        bureau = bureaus[place] if place < len(bureaus) else f"第{_chinese(place - len(bureaus) + 1)}街道办事处"
        fund = dice.randrange(100, 9_999_999) if dice.random() < 0.3 else None
        bodies.append(Body(division, division_name, f"{place + 101:03d}", bureau, _balance(dice), fund))
    return bodies


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones or not tens else "")


def _balance(dice: Random) -> int:
    """A closing balance: nothing, a small round one that others have, too, or one of its own."""
    return dice.choice([0, 1000, *(dice.randrange(1, 9_999_999) for _ in range(3))])


def _next_year(made: World, bodies: list[Body], year: int, dice: Random) -> list[Body]:
    """Each body as it is a year later; printed, but for those that are silent for a year."""
    after: list[Body] = []
    taken = {body.id for body in bodies}
    for before in bodies:
        body = _moved(before) if year == REFORM else before
        if body is None:
            continue
        kind = "division" if body.id != before.id else ""
        kind, body = _befallen(body, kind, year, dice, taken)
        if body is None:
            made.ended.append((year, before.id))
            continue
        if kind:
            made.changes.append(Change(year, before.id, body.id, kind))
        taken.add(body.id)
        opening = before.closing + (dice.randrange(1, 500) if dice.random() < 0.03 else 0)
        body = replace(body, closing=_balance(dice))
        # a year without a report is no end
        is_silent = dice.random() < 0.02 and year < YEARS[-1] and not kind
        after.append(body if is_silent else _print_report(made, body, year, dice, opening))
    if year == REFORM:
        after = _merged(made, bodies, after, year, dice)
    for body in _founded(after, taken, dice):
        made.founded.append((year, body.id))
        after.append(_print_report(made, body, year, dice, opening=0))
    return after


def _moved(body: Body) -> Body | None:
    """A body of the county that got a new code; none of the one that went into its neighbour."""
    if body.division == RECODED[0]:
        return replace(body, division=RECODED[2], division_name=RECODED[3])
    return None if body.division in (MERGED[0], MERGED[2]) else body


def _merged(made: World, before: list[Body], after: list[Body], year: int, dice: Random) -> list[Body]:
    """The bodies of two counties as bodies of the one that they became: each takes over both balances."""
    pairs: dict[str, list[Body]] = defaultdict(list)
    for body in before:
        if body.division in (MERGED[0], MERGED[2]):
            pairs[REFORMED.get(body.bureau, body.bureau)].append(body)
    used: set[str] = set()
    for bureau, sources in pairs.items():
        home = next((body for body in sources if body.division == MERGED[2]), sources[0])
        body = Body(MERGED[2], MERGED[3], home.code, bureau, _balance(dice))
        if body.id in used:
            body = replace(body, code=str(900 + len(used)))
        used.add(body.id)
        for source in sources:
            if (source.id, source.name) != (body.id, body.name):
                made.changes.append(Change(year, source.id, body.id, "merged"))
        funds = [source.fund_closing for source in sources if source.fund_closing is not None]
        body = replace(body, fund_closing=sum(funds) if funds else None)
        after.append(_print_report(made, body, year, dice, sum(source.closing for source in sources)))
    return after


def _befallen(body: Body, kind: str, year: int, dice: Random, taken: set[str]) -> tuple[str, Body | None]:
    """What happens to a body in a year: a new name, a new code, both, its end, or nothing."""
    if year == REFORM and body.bureau in REFORMED:
        kind, body = kind or "renamed", replace(body, bureau=REFORMED[body.bureau])
        # some get a new code by the same reform
        if dice.random() < 0.3:
            return "renamed and recoded", replace(body, code=_free_code(taken))
        return kind, body
    fate = dice.random()
    if fate < 0.01:
        return kind or "recoded", replace(body, code=_free_code(taken))
    if fate < 0.02 and not kind:
        return "", None
    return kind, body


def _free_code(taken: set[str]) -> str:
    """A code that no body has, in whatever county."""
    codes = {body.split("-")[1] for body in taken}
    return next(code for code in map(str, range(600, 900)) if code not in codes)


def _founded(bodies: list[Body], taken: set[str], dice: Random) -> list[Body]:
    """New bodies, one of them in ten under the code of a body that ended."""
    here = {body.id for body in bodies}
    free = sorted(taken - here)
    made = []
    for number, (division, division_name) in enumerate(QUIET):
        if dice.random() < 0.3:
            codes = [gone.split("-")[1] for gone in free if gone.startswith(division)]
            code = codes[0] if codes and dice.random() < 0.5 else str(950 + dice.randrange(50))
            name = dice.choice(["大数据中心", "乡村振兴局", "投资促进服务中心", "行政审批服务局"]) + f"（{number}）"
            if f"{division}-{code}" not in here and (code < "950" or f"{division}-{code}" not in taken):
                taken.add(f"{division}-{code}")
                made.append(Body(division, division_name, code, name, _balance(dice)))
    return made


def _money(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}" if hundredths else ""


def _print_report(made: World, body: Body, year: int, dice: Random, opening: int) -> Body:
    """Prints the report of a body and year; its fund goes on under the code of the year."""
    report = f"{body.id}-{year}"
    spent = {code: dice.randrange(100, 99_999) for code in _items(year) if dice.random() < 0.8} or {"2010301": 100}
    fund_opening, fund_spent = body.fund_closing, 0
    if fund_opening is not None:
        fund_spent = dice.randrange(1, fund_opening + 1)
        body = replace(body, fund_closing=fund_opening - fund_spent + dice.randrange(100, 9_999_999))
        code = MOVED_FUND_SUBJECT[year >= REFORM]
        spent[code] = fund_spent
        _print_fund(made, report, code, fund_opening, fund_spent, body.fund_closing or 0)
    total = sum(spent.values())
    made.tables["reports"].append(
        {
            "report_id": report,
            "title": f"{body.name}{year}年部门决算",
            "department_code": body.code,
            "department_name": body.name,
            "division_code": body.division,
            "division_name": body.division_name,
            "government_level": "county",
            "fiscal_year": str(year),
            "amount_unit": "万元",
            "amount_decimals": "2",
            "page_count": "",
            "source_sha256": f"{dice.getrandbits(256):064x}",
            "origin": "published",
            "published_on": "",
        }
    )
    _print_summary(made, report, opening, total, body.closing, spent)
    names = {code: _name(code, year, dice) for code in NAMES}
    _print_expenditure(made, report, spent, names)
    return body


def _items(year: int) -> list[str]:
    """The items of the general budget in a year: two have another code since the reform."""
    gone = {codes[year < REFORM] for codes in (MOVED_SUBJECT, LOST_SUBJECT)}
    return [code for code in NAMES if len(code) == 7 and code[:3] != "212" and code not in gone]


def _name(code: str, year: int, dice: Random) -> str:
    if code in MISPRINTS and dice.random() < 0.005:
        return MISPRINTS[code]
    name = NAMES[code]
    return name if isinstance(name, str) else name[year >= REFORM]


def _print_summary(made: World, report: str, opening: int, total: int, closing: int, spent: dict[str, int]) -> None:
    income = total + closing - opening
    classes: dict[str, int] = defaultdict(int)
    for code, amount in spent.items():
        classes[code[:3]] += amount
    lines = [("revenue", "其他收入", income), ("revenue", "本年收入合计", income)]
    lines += [("revenue", "年初结转和结余", opening), ("revenue", "总计", income + opening)]
    lines += [("expenditure", str(NAMES[code]), amount) for code, amount in sorted(classes.items())]
    lines += [("expenditure", "本年支出合计", total), ("expenditure", "年末结转和结余", closing)]
    lines += [("expenditure", "总计", total + closing)]
    for number, (panel, item, amount) in enumerate(lines, 1):
        sign = "-" if amount < 0 else ""
        made.tables["revenue_expenditure_summary"].append(
            {
                "report_id": report,
                "row_no": str(number),
                "panel": panel,
                "item": item,
                "line_no": str(number),
                "amount": sign + _money(abs(amount)),
            }
        )


def _print_expenditure(made: World, report: str, spent: dict[str, int], names: dict[str, str]) -> None:
    rows: dict[str, int] = defaultdict(int)
    for code, amount in spent.items():
        for length in (0, 3, 5, 7):
            rows[code[:length]] += amount
    for number, code in enumerate(sorted(rows), 1):
        made.tables["expenditure"].append(
            {
                "report_id": report,
                "row_no": str(number),
                "subject_code": code,
                "subject_name": names.get(code, "合计"),
                "total": _money(rows[code]),
                "basic": "",
                "project": _money(rows[code]),
                "superior_remittance": "",
                "business": "",
                "affiliate_subsidy": "",
            }
        )


def _print_fund(made: World, report: str, code: str, opening: int, spent: int, closing: int) -> None:
    revenue = closing + spent - opening
    for number, row in enumerate(["", code[:3], code[:5], code], 1):
        made.tables["government_fund"].append(
            {
                "report_id": report,
                "row_no": str(number),
                "subject_code": row,
                "subject_name": str(NAMES.get(row, "合计")),
                "opening_balance": _money(opening),
                "revenue": _money(revenue),
                "expenditure_total": _money(spent),
                "expenditure_basic": "",
                "expenditure_project": _money(spent),
                "closing_balance": _money(closing),
            }
        )
