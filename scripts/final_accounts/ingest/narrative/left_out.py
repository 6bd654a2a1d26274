"""Tables that a report leaves out and says so: «《政府性基金预算…决算表》均无数据，不再附表»."""

import re

from final_accounts.ingest.document.pages import Line, joined
from final_accounts.ingest.layouts import title_of
from final_accounts.ingest.narrative.words import PART, SECTION, SUBSECTION, is_heading

# Titles, and that there is nothing in their tables, or that they are not printed again.
_LEFT_OUT = re.compile(
    r"(?P<titles>(?:《[^《》]{4,40}》[、和及与]?)+)[^《》，。；]{0,8}?"
    r"(?:无(?:相关)?数据|没有(?:相关)?数据|为空|空表|空白|无内容|不再(?:单独)?(?:附|列|公开))"
)


def tables_left_out(lines: list[Line]) -> dict[str, str]:
    """The sentence that says of a table that there is nothing to print in it, by its number."""
    text = ""
    for line in lines:
        own = joined(line.text)
        is_bound = any(pattern.match(own) for pattern in (PART, SECTION, SUBSECTION)) and is_heading(own)
        text += "\n" if is_bound else own
    found: dict[str, str] = {}
    for sentence in re.split(r"(?<=。)|\n", text):
        for match in _LEFT_OUT.finditer(sentence):
            for title in filter(None, map(title_of, re.findall(r"《(.+?)》", match["titles"]))):
                found.setdefault(title[0], sentence)
    return found
