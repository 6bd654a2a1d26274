"""Finds the narrative among the lines of a document: by what it says, because its headings differ from place to place.

The narrative states amounts of money in sentences about revenue and expenditure. Parts of a report (第三部分 …), lists
of terms and tables bound the stretches of lines among which the one with most of such statements is chosen.
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import Document, Grid, Line, joined, undoubled
from final_accounts.ingest.narrative.words import CHINESE, MONEY, NUMBER, PART, SECTION, SUBSECTION, is_heading
from final_accounts.ingest.tables.find.vocabulary import FOOT_OF_BROWSER

# How many lines a table of contents has at most above that of the terms.
LONGEST_CONTENTS = 15
PAGE_NUMBER = re.compile(r"^[-—–\s]*\d{1,4}[-—–\s]*$")
TERMS = re.compile(rf"^(第.{{1,3}}部分|[{CHINESE}]+、|[（(][{CHINESE}]+[）)])?[^，。；：]{{0,8}}名词解释.{{0,14}}$")
# «单价100万元（含）以上设备» is the name of a line, no statement
_STATED = re.compile(rf"{NUMBER}(?:{MONEY})(?!（?\(?含?[）)]?以上)")
_ACCOUNTS = re.compile(
    r"(?:收入|支出)(?:合计|总计|总额|决算)|收、?支|总支出|总收入|财政拨款|公共预算|政府性基金|三公|公务接待费|公务用车|因公出国|机关运行|政府采购|(?:基本|项目)支出"
)
_NOTE = re.compile(r"^(?:注|备注|说明|单位|部门|编制单位)[:：]")


@dataclass
class Stretch:
    """Lines between two bounds: the title of the part they begin, where they begin one, and how many state accounts."""

    lines: list[Line] = field(default_factory=list)
    title: list[Line] = field(default_factory=list)
    is_terms: bool = False

    @property
    def statements(self) -> list[int]:
        """Numbers of the lines that state an amount of money about the accounts."""
        return [n for n in range(len(self.lines)) if _states(self.lines, n)]


def text_lines(document: Document) -> list[Line]:
    """Lines of text without page numbers and running titles."""
    return [part for part in _parts(document) if isinstance(part, Line)]


def narrative_lines(document: Document, in_tables: Collection[int] = ()) -> tuple[list[Line], list[Line], list[Line]]:
    """The lines above the narrative, those of the title of its part, and its own: none where there is no narrative.

    `in_tables` are the lines, by `id`, that are tables without rules.
    """
    stretches = _stretches(document, in_tables)
    counts = [0 if stretch.is_terms else len(stretch.statements) for stretch in stretches]
    if not any(counts):
        return _lines_of(stretches), [], []
    first, last = _extent(stretches, counts)
    own = stretches[first]
    begin = 0 if own.title else _beginning(own.lines, own.statements[0])
    lines = own.lines[begin:]
    for stretch in stretches[first + 1 : last + 1]:
        lines += stretch.lines
    return _lines_of(stretches[:first]) + own.lines[:begin], own.title, lines


def _lines_of(stretches: list[Stretch]) -> list[Line]:
    """The lines of stretches with the titles above them."""
    return [line for stretch in stretches for line in [*stretch.title, *stretch.lines]]


def _extent(stretches: list[Stretch], counts: list[int]) -> tuple[int, int]:
    """The first and the last stretch of the narrative: around the one with most statements, of which some has one."""
    first = last = counts.index(max(counts))
    # a table, or the next part, may stand in the midst of it
    while last + 1 < len(stretches) and not stretches[last + 1].is_terms:
        last += 1
    while not counts[last]:
        last -= 1
    # … so may the tables that its sections explain, one after the other
    while first and counts[first - 1] and not stretches[first].title:
        first -= 1
    return first, last


def _parts(document: Document, in_tables: Collection[int] = ()) -> list[Line | Grid]:
    """Grids and lines of text in their order, without page numbers and running titles; a line of a table is a grid."""
    running = _running_titles(document)
    result: list[Line | Grid] = []
    for part in document.parts():
        if isinstance(part, Grid):
            result.append(part)
        elif id(part) in in_tables:
            result.append(Grid(part.page, part.box, []))
        elif part.text.strip():
            text = undoubled(part.text.strip())
            if joined(text) not in running and not PAGE_NUMBER.match(text) and not FOOT_OF_BROWSER.match(text):
                result.append(Line(text, part.page, part.box, part.words))
    return result


def _running_titles(document: Document) -> set[str]:
    """What stands first or last on more than three pages and is no sentence, and what the file says runs along."""
    margins: Counter[str] = Counter()
    for page in document.pages:
        own = [part for part in page.parts if isinstance(part, Line) and part.text.strip()]
        margins.update({joined(part.text) for part in own[:1] + own[-1:]})
    running = {text for text, count in margins.items() if count > 3 and not re.search(r"[，。；：]$", text)}
    return running | {joined(text) for text in document.running}


def _stretches(document: Document, in_tables: Collection[int]) -> list[Stretch]:
    result = [Stretch()]
    parts = _parts(document, in_tables)
    contents = _of_contents(parts)
    for number, part in enumerate(parts):
        text = joined(part.text) if isinstance(part, Line) else ""
        if isinstance(part, Grid):
            if result[-1].lines:
                result.append(Stretch())
        elif PART.match(text) or (TERMS.match(text) and number not in contents):
            result.append(Stretch(title=[part], is_terms=bool(TERMS.match(text)) and number not in contents))
        elif 0 < len(result[-1].title) < 3 and not result[-1].lines and _goes_on(text):
            result[-1].title.append(part)
        else:
            result[-1].lines.append(part)
    return result


def _of_contents(parts: list[Line | Grid]) -> set[int]:
    """Which headings of terms are lines of a table of contents: a heading stands below them, and no term.

    Another heading of terms follows further on, or the word for contents stands above.
    """
    texts = [joined(part.text) if isinstance(part, Line) else "" for part in parts]
    terms = [number for number, text in enumerate(texts) if TERMS.match(text)]
    return {
        number
        for number in terms
        if is_heading("".join(texts[number + 1 : number + 2]))
        and (number != terms[-1] or "目录" in texts[max(number - LONGEST_CONTENTS, 0) : number])
    }


def _goes_on(text: str) -> bool:
    """Whether a line below a title is more of it."""
    return not SECTION.match(text) and not SUBSECTION.match(text) and is_heading(text)


def _states(lines: list[Line], number: int) -> bool:
    text = joined(lines[number].text)
    if not _STATED.search(text) or _NOTE.match(text):
        return False
    before = joined(lines[number - 1].text) if number else ""
    return bool(_ACCOUNTS.search(before + text))


def _beginning(lines: list[Line], first: int) -> int:
    """Where the narrative begins that states an amount first in a line: at the headings above it.

    What stands above a first section (一、) is none of it where sections are numbered from there on.
    """
    begin = first
    is_first = False
    for number in range(first - 1, -1, -1):
        text = joined(lines[number].text)
        if (SECTION.match(text) or SUBSECTION.match(text)) and is_heading(text):
            if is_first:
                break
            begin = number
            is_first = text.startswith("一、")
        elif not re.search(r"[，。；：]", text) or _NOTE.match(text):
            break
    return begin
