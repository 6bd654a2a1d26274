"""What a report says about itself: department, year, unit; and which administrative division it belongs to.

Divisions (seeds/classification/divisions.csv) are provinces, prefectures and counties as the National Bureau of
Statistics codes them (统计用区划代码, edition of 2023): those of GB/T 2260 with its changes up to April 2023, and
development zones, whose codes end in 71 and more; Hong Kong, Macau and Taiwan are not among them. A division that was
dissolved before is not either (芜湖市三山区, 2020): a name that holds one is a point to look at. A department is found
in the division whose names its own name holds; one without a code in print gets one that is made from its name, so that
its years belong together.
"""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from final_accounts.ingest.document.pages import Document, Line, Page, joined, undoubled
from final_accounts.ingest.layouts import tables as known_tables
from final_accounts.ingest.tables.infer.agreement import same_department
from final_accounts.ingest.tables.ruled.table import ReadTable
from final_accounts.warehouse.paths import TOP

DIVISIONS = TOP / "seeds/classification/divisions.csv"
UNKNOWN = "000000"
# of a report whose department or year was not found
NO_NAME, NO_YEAR = "(unknown)", "0000"
# bodies of the central government belong to no division; the code is that of the country
CENTRAL = "000000"
_CENTRAL = re.compile(r"^(?:中华人民共和国|国务院|国家.{2,12}(?:局|委员会|署)$)")
# how a title goes on behind the word for final accounts: «和“三公”经费决算的公开», «公开情况的说明»
_GOES_ON = (
    r"(?:和|及|以及|与|的|[“\"]?三公[”\"]?经费|支出|决算|收支"
    r"|公开|公示|公告|报告|说明|情况|信息|报表|表|文本|材料|批复)*$"
)
_TITLE = re.compile(
    r"^(?P<name>[^，。；：]{2,50}?)(?P<year>20\d\d|[二〇○零一三四五六七八九]{4})年度?(?:部门|单位)?(?:收支)?决算"
    + _GOES_ON
)
# the year may come first
_YEAR_FIRST = re.compile(
    r"^(?P<year>20\d\d|[二〇○零一三四五六七八九]{4})年度?(?P<name>[^，。；：]{4,50}?)(?:部门|单位)?(?:收支)?决算"
    + _GOES_ON
)
# … and how a budget calls itself; what compares it with final accounts is a sentence
_BUDGET = re.compile(
    r"(?P<year>20\d\d|[二〇○零一三四五六七八九]{4})年度?[^，。；：]{0,50}?预算(?:草案|编制)?"
    + _GOES_ON.replace("决算", "预算")
)
_FINAL_ACCOUNTS = re.compile(r"^[^，。；：]{0,50}年度?[^，。；：]{0,50}(?<!预)决算(?!数|相)[^，。；：]{0,20}$")
# A title may be a sentence about a department, and go on on the next line.
_ABOUT = re.compile(r"^关于(?:公开|公布|公示|批复)?|关于(?:公开|公布|公示|批复)?$|的$")
# … as the heading of a part of the report does not: «二、2021年度部门决算公开表»
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.．]")
# «附件2：», «1.», «02_» before the name of a file
_ANNEX = re.compile(r"^(?:附件?\s*[\d一二三四五六七八九十]*|[A-Za-z]?\d{1,2})[._、:：\-\s]+")
_REST_OF_TITLE = re.compile(r"^(?:和|及|以及|与|的|公开|公示|公告|说明|[“\"]?三公)")
# What a division is called, and what only sounds so: 社区矫正管理局, 市区管理处, 林区法院.
_DIVISION = re.compile(r"^[\u4e00-\u9fff]{1,6}?(?:自治县|自治旗|自治州|[区县市旗盟])(?![\u4e00-\u9fff]?[区县市]域)")
_NO_DIVISION = re.compile(
    r"(?:社|小|地|灾|林|矿|景|校|库|牧|辖|片|城|市|厂|病|军|战|防|护|老|园)区$|^(?:城|超|上|菜|房|都)市$|[局委办厅院会]"
)
_CHINESE = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True))


@dataclass
class Report:
    """The row of `reports` that a document makes, and what is not sure of it."""

    row: dict[str, str]
    problems: list[str]


@cache
def divisions() -> dict[str, str]:
    """Names of the administrative divisions by code."""
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        return {
            row["division_code"]: row["division_name"]
            for row in csv.DictReader(file)
            if row["is_listed_in_2023"] == "true"
        }


def _above(code: str) -> list[str]:
    """Codes of a division and of those that it belongs to, largest first."""
    codes = [code[:2] + "0000", code[:4] + "00", code]
    return list(dict.fromkeys(codes))


def full_name(code: str) -> str:
    """Name of a division with those above it, as in 山西省长治市屯留区."""
    names = [divisions().get(part, "") for part in _above(code)]
    return "".join(
        name for name in names if name not in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
    )


def level_of(code: str) -> str:
    """Level of government of a division."""
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def division_of(text: str) -> str | None:
    """The smallest division that a department's name points to, None where it is not clear which."""
    text = joined(text)
    scored = _not_within_another(list(_divisions_in(text)), text)
    if not scored:
        return None
    level, above, code = max(scored)
    own = _above(code)
    is_alone = sum(other[:2] == (level, above) for other in scored) == 1
    # a county of another prefecture than the one that is named: «杭州市下城区» holds «城区»
    has_strangers = any(len(_above(other)) < len(own) and other not in own for _, _, other in scored)
    return code if is_alone and not (has_strangers and above == 0) else None


def _divisions_in(text: str) -> Iterator[tuple[int, int, str]]:
    """The divisions that a text names: how small each is, how many of those above it are named too, and its code.

    A province that is named without what its name has beside 省 counts less than any.
    """
    for code, name in divisions().items():
        if name in ("市辖区", "县") or len(name) < 2:
            continue
        is_province = len(name) > 2 and code.endswith("0000") and name.rstrip("省市") + "省" in text
        if name in text or is_province:
            above = sum(1 for part in _above(code)[:-1] if divisions().get(part, "—") in text)
            yield len(_above(code)) if name in text else 0, above, code


def _not_within_another(scored: list[tuple[int, int, str]], text: str) -> list[tuple[int, int, str]]:
    """The divisions without those whose names are a part of another's, and stand nowhere else: 祥云县 is no 云县."""
    names = {divisions()[code] for _, _, code in scored}
    return [
        each
        for each in scored
        if (name := divisions()[each[2]]) not in text
        or all(name not in other or name == other or name in text.replace(other, " ") for other in names)
    ]


def unknown_division(text: str, division: str) -> str:
    """The division that a name goes on with behind the one that was found in it, and that is not in the list."""
    text = joined(text)
    rest = text[max(text.rfind(name) + len(name) for code in _above(division) if (name := divisions().get(code, ""))) :]
    match = _DIVISION.match(rest)
    return match.group() if match and not _NO_DIVISION.search(match.group()) else ""


def made_up_code(department: str) -> str:
    """A code for a department whose report prints none: the same for each of its years."""
    return "n" + hashlib.sha256(joined(department).encode()).hexdigest()[:8]


def _settled_division(name: str, title: str, level: str, given: dict[str, str]) -> tuple[str, list[str]]:
    """The code of the division that a department belongs to, and what speaks against it."""
    division = given.get("division_code") or division_of(name) or division_of(title)
    if division is None and level == "central":
        return CENTRAL, []
    if division is None:
        return UNKNOWN, [f"«{name}» does not tell its administrative division: give its six digits with --division"]
    if "division_code" not in given and (unknown := unknown_division(name, division)):
        return division, [
            f"«{unknown}» in «{name}» is not among the administrative divisions (state of 2023): "
            f"{division} is a guess, give its six digits with --division"
        ]
    if division not in divisions():
        return division, [f"division {division} is not among the administrative divisions (state of 2023)"]
    return division, []


@dataclass(frozen=True)
class _Named:
    """What a report names: in its title, and above its tables, how often."""

    title: str
    title_name: str
    title_year: str
    names: Counter[str]
    years: Counter[str]
    units: Counter[str]


def _named(document: Document, found: list[ReadTable]) -> _Named:
    return _Named(
        *_title(document),
        Counter(table.department_name for table in found if table.department_name),
        Counter(re.sub(r"\D", "", table.fiscal_year) for table in found if table.fiscal_year),
        Counter(table.amount_unit for table in found if table.amount_unit),
    )


def _commonest(counts: Counter[str]) -> str:
    """What was counted most often, nothing where nothing was counted."""
    return counts.most_common(1)[0][0] if counts else ""


def _doubts(named: _Named, name: str, year: str, document: Document, given: dict[str, str]) -> Iterator[str]:
    """What is not sure of name, year and unit: what was given is, whatever the report says."""
    if not given.get("department_name") and named.title_name and named.names:
        yield from _of_another_department(named.title_name, name)
    if not given.get("fiscal_year"):
        yield from _of_another_year(document, year)
    if not name:
        yield "no name of a department was found: give it with --department"
    if not year:
        yield "no fiscal year was found: give it with --year"
    if len(named.years) > 1:
        yield f"the tables name different years: {', '.join(sorted(named.years))}"
    elif named.title_year and (year or NO_YEAR) != named.title_year and not given.get("fiscal_year"):
        yield f"the title says {named.title_year}, the tables say {year or NO_YEAR}"
    if not named.units:
        yield "no amount unit was found above the tables; 万元 is a guess"


def _seat(name: str, title: str, level: str, given: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The columns of `reports` about the division of a department and its government, and what is not sure of them."""
    level = given.get("government_level") or level or ("central" if _CENTRAL.match(name) else "")
    division, doubts = _settled_division(name, title, level, given)
    seat = {
        "division_code": division,
        "division_name": full_name(division) or ("中央" if level == "central" else "(unknown)"),
        "government_level": level or level_of(division),
    }
    return seat, doubts


def describe(
    document: Document, found: list[ReadTable], department_codes: list[str], given: dict[str, str], level: str = ""
) -> Report:
    """The row of `reports`; `given` are values from the command line, which come first.

    `level` is the level of government whose bodies alone print the layout, where there is one.
    """
    named = _named(document, found)
    name = given.get("department_name") or _commonest(named.names) or named.title_name
    year = given.get("fiscal_year") or _commonest(named.years) or named.title_year or _year_in_text(document)
    problems = list(_doubts(named, name, year, document, given))
    name, year = name or NO_NAME, year or NO_YEAR
    seat, doubts = _seat(name, named.title, level, given)
    code = given.get("department_code") or _commonest(Counter(department_codes)) or made_up_code(name)
    row = {
        "report_id": f"{seat['division_code']}-{code}-{year}",
        "title": named.title or f"{name}{year}年度部门决算",
        "department_code": code,
        "department_name": name,
        **seat,
        "fiscal_year": year,
        "amount_unit": _commonest(named.units) or "万元",
        "amount_decimals": decimals(found),
        "page_count": str(len(document.pages)) if document.pages_known else "",
        "source_sha256": document.sha256,
        "origin": "published",
        "source_url": given.get("source_url", ""),
    }
    return Report(row, problems + doubts)


_SPOKEN_OF = re.compile(r"(?<![与较比同和从由])(20\d\d)年度(?![^,，。;；]{0,16}?(?:相比|比较|比[,，]))")


def _of_another_department(title_name: str, name: str) -> Iterator[str]:
    """The title is of a department, the tables are of the one above it, or of another one."""
    one, other = division_of(title_name), division_of(name)
    if not same_department(title_name, name) or (one and other and one != other):
        yield f"the title is of «{title_name}», the tables are of «{name}»"


def _of_another_year(document: Document, year: str) -> Iterator[str]:
    """A year that the report speaks of more often than of its own."""
    years = _years_in_text(document)
    if years and years.most_common(1)[0][1] > years[year]:
        yield f"the year is {year}, and the text speaks more often of {years.most_common(1)[0][0]}"


def decimals(found: list[ReadTable]) -> str:
    """How many decimals most amounts of tables show; a cell that two amounts stand in shows none."""
    counts: Counter = Counter()
    for table in found:
        if table.table_no == "10":
            continue
        for row in table.rows:
            for name in known_tables()[table.table_no].amounts:
                text = row[name].text if name in row else ""
                if re.search(r"\d", text) and not re.search(r"\s|\..*\.", text):
                    counts[len(text.partition(".")[2])] += 1
    return str(counts.most_common(1)[0][0]) if counts else "2"


def _title(document: Document) -> tuple[str, str, str]:
    """Title, department and year of the title page or the running title."""
    return _title_among(_first_lines(document))


def told_by_title(document: Document, file_name: str) -> tuple[str, str]:
    """Department and year that a document names in its title, or else in the name of its file."""
    _, name, year = _title_among([*_first_lines(document), joined(_ANNEX.sub("", file_name))])
    return name, year


def _title_among(lines: Iterable[str]) -> tuple[str, str, str]:
    """The first of some lines that is a title, its department and year."""
    for line in lines:
        line = re.sub(r"\d{4}年\d{1,2}月(\d{1,2}日)?$", "", line)
        sentence = _ABOUT.sub("", _NUMBERED.sub("", line), count=1)
        match = _TITLE.match(sentence) or (_YEAR_FIRST.match(sentence) if division_of(line) else None)
        name = _ABOUT.sub("", match.group("name")) if match else ""
        if len(name) > 1 and not re.match(r"^(?:第.{1,3}部分|目录|附件)", name):
            return line, name, _in_figures(match.group("year"))
    return "", "", ""


def _in_figures(year: str) -> str:
    return "".join(_CHINESE.get(character, character) for character in year)


def budget_year(document: Document) -> str | None:
    """The year of the budget that a document calls itself, or speaks of most; None where it is none."""
    lines = _first_lines(document)
    if any(map(_FINAL_ACCOUNTS.match, lines)):
        return None
    if match := next(filter(None, map(_BUDGET.search, lines)), None):
        return _in_figures(match.group("year"))
    text = joined("".join(text for page in document.pages for text in _texts(page)))
    if text.count("预算") < 3 or re.search("(?<!预)决算", text):
        return None
    years = Counter(re.findall(r"20\d\d(?=年)", text))
    return years.most_common(1)[0][0] if years else ""


def _first_lines(document: Document) -> list[str]:
    """The lines that a title may stand on, those of the first pages by themselves and with those they go on in."""
    lines = [joined(undoubled(line)) for line in document.running]
    for page in document.pages[:3]:
        texts = [joined(undoubled(text)) for text in _texts(page) if text.strip()]
        lines += _titles_of_lines(texts)
        if page.number == 1 and len("".join(texts)) < 80:
            lines.insert(0, "".join(texts))
        # department and year, or the year and what it is the year of, on two lines
        lines += [
            above + below
            for above, below in pairwise(texts)
            if re.match(r"^20\d\d年.*决算", below) or re.search(r"年度?$", above)
        ]
    return lines


def _titles_of_lines(texts: list[str]) -> Iterator[str]:
    """The lines of a page, and before each what it makes together with those it goes on in."""
    for number, text in enumerate(texts):
        if text.startswith("关于"):
            yield from ("".join(texts[number : number + count]) for count in (3, 2))
        elif _REST_OF_TITLE.match("".join(texts[number + 1 : number + 2])):
            yield text + texts[number + 1]
        yield text


def _texts(page: Page) -> Iterator[str]:
    """The lines of a page, and the rows of what is drawn on it."""
    for part in page.parts:
        if isinstance(part, Line):
            yield part.text
        else:
            yield from ("".join(cell.text for cell in row if cell) for row in part.slots)


def _year_in_text(document: Document) -> str:
    years = _years_in_text(document)
    return years.most_common(1)[0][0] if years else ""


def _years_in_text(document: Document) -> Counter:
    """How often the text speaks of each fiscal year; not of those that it compares its own with."""
    return Counter(
        match for page in document.pages for text in _texts(page) for match in _SPOKEN_OF.findall(joined(text))
    )
