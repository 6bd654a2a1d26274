"""How a report can be printed: layout, kind of file and every trap, by name or by chance."""

import random
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Style:
    """How a report is printed.

    `printer` is a name of printers.PRINTERS. `economic` is how table 06 is set: «panels» side by side, «one» panel of
    code, name and amount, or one with the amount again under 人员经费 and 公用经费 («split»). `titles` is what stands
    before a title, `words` which of the names that provinces use are above the columns, `empty` what stands in a cell
    without an amount, `separator` what parts thousands. `upright` headings have one character a line; `extra` columns
    are such that the raw tables do not have. A `narrated` print has a text beside its tables that repeats their totals.
    """

    printer: str = "pdf"
    layout: str = "national"
    economic: str = "panels"
    titles: str = "plain"
    words: str = "national"
    empty: str = ""
    separator: str = ""
    line_numbers: bool = True
    spaced: bool = False
    ruled: bool = True
    landscape: bool = False
    repeat_header: bool = True
    drawn_twice: bool = False
    split_rows: bool = False
    three_codes: bool = False
    total_last: bool = False
    halves: bool = False
    glued: bool = False
    wrapped: bool = False
    short_pages: bool = False
    upright: bool = False
    extra: bool = False
    narrated: bool = False
    size: float = 9.0

    @property
    def has_line_numbers(self) -> bool:
        """Whether lines are numbered, which the Shanghai form never does."""
        return self.line_numbers and self.layout == "national"


STYLES = {
    "plain": Style(),
    "no rules": Style(ruled=False),
    "several pages, headings repeated": Style(short_pages=True),
    "several pages, headings once": Style(short_pages=True, repeat_header=False),
    "no rules, several pages": Style(ruled=False, short_pages=True),
    "no rules, headings once": Style(ruled=False, short_pages=True, repeat_header=False),
    "wrapped names": Style(wrapped=True, size=10.5),
    "no rules, wrapped names": Style(ruled=False, wrapped=True, size=10.5),
    "headings drawn twice": Style(drawn_twice=True),
    "rows split over the page end": Style(
        wrapped=True, short_pages=True, split_rows=True, repeat_header=False, size=10.5
    ),
    "codes in three columns": Style(three_codes=True),
    "total last": Style(total_last=True),
    "landscape": Style(landscape=True),
    "half pages": Style(halves=True),
    "half pages of several pages": Style(halves=True, short_pages=True),
    "half pages, no rules": Style(halves=True, ruled=False),
    "half pages of several pages, no rules": Style(halves=True, ruled=False, short_pages=True, repeat_header=False),
    "headings of one character a line": Style(upright=True),
    "headings of one character a line, no rules": Style(upright=True, ruled=False),
    "headings of one character a line, shanghai": Style(layout="shanghai", upright=True, ruled=False, landscape=True),
    "amounts glued to labels": Style(layout="shanghai", glued=True, landscape=True),
    "shanghai": Style(layout="shanghai"),
    "shanghai, no rules": Style(layout="shanghai", ruled=False),
    "shanghai, no rules, narrow headings": Style(layout="shanghai", ruled=False, size=12.0),
    "shanghai, codes in three columns": Style(layout="shanghai", three_codes=True, landscape=True),
    "shanghai, several pages, total last": Style(layout="shanghai", short_pages=True, total_last=True, landscape=True),
    "table 06 as one panel": Style(economic="one"),
    "table 06 as one panel, no rules": Style(economic="one", ruled=False),
    "table 06 as one panel, split": Style(economic="split"),
    "table 06 as one panel, split, no rules": Style(layout="shanghai", economic="split", ruled=False),
    "no line numbers": Style(line_numbers=False),
    "no line numbers, no rules": Style(line_numbers=False, ruled=False),
    "spaces inside words": Style(spaced=True),
    "spaces inside words, no rules": Style(spaced=True, ruled=False),
    "year before the title": Style(titles="year"),
    "number before the title": Style(titles="numbered", layout="shanghai"),
    "headings of other provinces": Style(words="provincial"),
    "headings of other provinces, no rules": Style(words="provincial", ruled=False),
    "zeros in empty cells": Style(empty="0.00"),
    "dashes in empty cells": Style(empty="-"),
    "dashes in empty cells, no rules": Style(empty="—", ruled=False),
    "thousands parted": Style(separator=","),
    "thousands parted by full-width commas": Style(separator="，", ruled=False),
    "workbook": Style("workbook"),
    "workbook, shanghai": Style("workbook", "shanghai"),
    "workbook, one panel, thousands parted": Style("workbook", economic="split", separator=",", total_last=True),
    "lined-up text": Style("lined-up text"),
    "lined-up text, shanghai": Style("lined-up text", "shanghai"),
    "lined-up text, one panel": Style("lined-up text", economic="one", separator=","),
    "running text": Style("running text"),
    "running text, shanghai": Style("running text", "shanghai"),
    "running text, one panel": Style("running text", economic="one"),
    "running text, three codes, spaces": Style("running text", three_codes=True, spaced=True),
    "running text, shanghai, thousands": Style("running text", "shanghai", separator="，", spaced=True, empty="0.00"),
    "lined-up text, dashes": Style("lined-up text", empty="—", economic="panels"),
    "browser, full-width commas": Style("browser", "shanghai", separator="，", ruled=False),
    "running text, split panel": Style("running text", economic="split", total_last=True),
    "web page": Style("web page"),
    "web page, shanghai": Style("web page", "shanghai", separator=","),
    "office print": Style("office print"),
    "office print, shanghai": Style("office print", "shanghai", economic="one"),
    "office document": Style("office document"),
    "office document, shanghai": Style("office document", "shanghai", separator="，", empty="0.00"),
    "office document of 2003": Style("office document of 2003", economic="split"),
    "office document, open": Style("office document, open", words="provincial"),
    "office document, printed": Style("office document, printed"),
    "office workbook of 2003": Style("office workbook of 2003", titles="year"),
    "office workbook, open": Style("office workbook, open", economic="one"),
    "browser": Style("browser"),
    "browser, no rules": Style("browser", ruled=False),
    "browser, shanghai": Style("browser", "shanghai"),
    "browser, headings once": Style("browser", repeat_header=False, landscape=True),
    "browser, one panel, three codes": Style("browser", economic="split", three_codes=True, total_last=True),
}


def random_style(chance: random.Random, printers: tuple[str, ...] = ("pdf",)) -> Style:
    """Any combination of the traps that can stand together."""
    flip = lambda share=0.5: chance.random() < share  # noqa: E731
    style = Style(
        printer=chance.choice(printers),
        layout=chance.choice(["national", "shanghai"]),
        economic=chance.choice(["panels", "panels", "one", "split"]),
        titles=chance.choice(["plain", "plain", "year", "numbered"]),
        words=chance.choice(["national", "national", "provincial"]),
        empty=chance.choice(["", "", "", "0.00", "-", "—"]),
        separator=chance.choice(["", "", ",", "，"]),
        line_numbers=flip(0.7),
        spaced=flip(0.3),
        ruled=flip(0.7),
        landscape=flip(),
        repeat_header=flip(),
        drawn_twice=flip(0.3),
        three_codes=flip(0.3),
        total_last=flip(0.3),
        wrapped=flip(0.4),
        short_pages=flip(0.4),
        size=chance.choice([8.0, 9.0, 10.5]),
    )
    return replace(style, split_rows=flip(0.4), halves=flip(0.2), upright=flip(0.15))
