"""Reads what stands beside the narrative: the terms and their definitions, and the units of the department."""

import re

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
    """Units of the department: its own offices, and those below it."""
    text = "".join(joined(line.text) for line in lines)
    result: list[tuple[str, str]] = []
    inner = re.search(r"内设机构\d*个?(?:，?包括|，?分别(?:为|是)|：)+[：:]?(.+?)。", text)
    if inner:
        result += [("internal", name) for name in inner.group(1).split("、")]
    below = re.search(r"下属(?:事业)?单位\d*个?[，：:](?:包括|分别为|为)?[：:]?(.+?)(?:。|$|一、收入)", text)
    if below:
        names = re.split(rf"[{CHINESE}]、|第[{CHINESE}]部分", below.group(1))[0]
        result += [("subordinate", name) for name in names.split("、") if name]
    if result:
        return result
    for part in document.parts():
        if isinstance(part, Grid) and part.slots and any(c and joined(c.text) == "单位名称" for c in part.slots[0]):
            column = next(n for n, c in enumerate(part.slots[0]) if c and joined(c.text) == "单位名称")
            names = [joined(row[column].text) for row in part.slots[1:] if row[column]]
            result += [("subordinate", name) for name in names if name and "本级" not in name]
    return result
