"""Reads what stands beside the narrative: the terms and their definitions, and the units of the department."""

import re
from collections.abc import Iterator

from final_accounts.ingest.document.pages import Document, Grid, Line, joined
from final_accounts.ingest.narrative.finding import TERMS
from final_accounts.ingest.narrative.words import CHINESE, PART

# «一、财政拨款收入：指…», «1.财政拨款收入——…», «【财政拨款收入】…»
_TERM = re.compile(
    rf"^(?:(?:[{CHINESE}]+、|[（(][{CHINESE}]+[）)]|\d+[、.．])(?P<term>[^。]{{2,40}}?)(?:[：:]|[—─]{{1,2}})"
    r"|【(?P<set_off>[^】]{2,40})】[：:]?)(?P<definition>.*)$"
)


def glossary_of(lines: list[Line]) -> list[tuple[str, str]]:
    """Terms and their definitions, below the last heading that announces them: a table of contents has it, too."""
    headings = [number for number, line in enumerate(lines) if TERMS.match(joined(line.text))]
    terms: list[list[str]] = []
    for line in lines[headings[-1] + 1 :] if headings else []:
        text = joined(line.text)
        if PART.match(text):
            break
        if match := _TERM.match(text):
            terms.append([match["set_off"] or match["term"], match["definition"]])
        elif terms and text != "无":
            terms[-1][1] += text
    return [(term, text) for term, text in terms]


def institutions_of(document: Document, lines: list[Line]) -> list[tuple[str, str]]:
    """Units of the department: its own offices, and those below it, which may be listed in a table."""
    text = "".join(joined(line.text) for line in lines)
    result = [("internal", name) for name in _offices(text)]
    result += [("subordinate", name) for name in _units_below(text)]
    return result or [("subordinate", name) for name in _units_in_tables(document)]


def _offices(text: str) -> list[str]:
    """The names of its own offices that a text lists."""
    inner = re.search(r"内设机构\d*个?(?:，?包括|，?分别(?:为|是)|：)+[：:]?(.+?)。", text)
    return inner.group(1).split("、") if inner else []


def _units_below(text: str) -> list[str]:
    """The names of the units below it that a text lists."""
    below = re.search(r"下属(?:事业)?单位\d*个?[，：:](?:包括|分别为|为)?[：:]?(.+?)(?:。|$|一、收入)", text)
    names = re.split(rf"[{CHINESE}]、|第[{CHINESE}]部分", below.group(1))[0] if below else ""
    return [name for name in names.split("、") if name]


def _units_in_tables(document: Document) -> Iterator[str]:
    """The names in the columns of units of tables, without the department itself."""
    for part in document.parts():
        heads = part.slots[0] if isinstance(part, Grid) and part.slots else []
        column = next((n for n, cell in enumerate(heads) if cell and joined(cell.text) == "单位名称"), None)
        if column is not None:
            names = (joined(row[column].text) for row in part.slots[1:] if row[column])
            yield from (name for name in names if name and "本级" not in name)
