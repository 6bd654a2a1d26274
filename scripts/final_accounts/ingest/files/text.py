"""Opens a text file as PDF readers write it: pages, and lines.

Where a reader program has lined up the columns with spaces (`pdftotext -layout`), each run of characters gets the
columns it stands in for coordinates. `pdftotext` counts characters; other programs count a Chinese character as the two
columns that it takes on a screen. Under the right count, amounts below each other end in the same place.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from final_accounts.ingest.document.pages import Box, Document, Line, Page, Refused, Word, plain

MOST_BYTES = 20_000_000
# Of pages with nothing but a number at their end: how many there are at least, and how many lines one has at most.
FEWEST_PAGES, MOST_LINES = 5, 120
PAGE_NUMBER = re.compile(r"^\s*(?:[-—–]\s*\d{1,4}\s*[-—–]|第\s*\d{1,4}\s*页.*)\s*$")

# What programs write for a space, and digits of fonts whose digits are as wide as their characters.
_PLAIN = str.maketrans("\t\u00a0０１２３４５６７８９", "  0123456789")


def read_text(path: Path) -> Document:
    """The pages of a text file; raises Refused where it is no text."""
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        raise Refused(f"{len(content):,} bytes of text; expected at most {MOST_BYTES:,}")
    text = _decoded(content).translate(_PLAIN)
    if not text.strip():
        raise Refused("the file is empty")
    pages, known, running = _pages(text.replace("\r\n", "\n").replace("\r", "\n"))
    lined_up = sum(1 for page in pages for line in page if re.search(r"\S {3,}\S", line))
    every = sum(1 for page in pages for line in page if line.strip())
    has_columns = "\f" in text and lined_up > every / 8
    width = min((_characters, _width), key=lambda width: _places_of_ends(pages, width)) if has_columns else None
    return Document(
        path.name,
        "text",
        hashlib.sha256(content).hexdigest(),
        [_page(number, lines, width) for number, lines in enumerate(pages, 1)],
        known,
        sorted(running),
    )


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused("the file is neither text in UTF-8 or GB18030, nor a PDF, nor a workbook")


def _pages(text: str) -> tuple[list[list[str]], bool, set[str]]:
    """Pages as lists of lines, whether the file says where they end, and titles that run along."""
    if "\f" in text:
        parts = text.split("\f")
        return [plain(part).split("\n") for part in (parts[:-1] if not parts[-1].strip() else parts)], True, set()
    lines = plain(text).split("\n")
    running = _running_titles(lines)
    pages = _pages_by_numbers(lines, running)
    return pages, len(pages) > 1, running


def _running_titles(lines: list[str]) -> set[str]:
    """What follows the page numbers more than once."""
    after: Counter[str] = Counter()
    for number, line in enumerate(lines):
        if PAGE_NUMBER.match(line):
            following = [other.strip() for other in lines[number + 1 : number + 4] if other.strip()]
            after.update(following[:1])
    return {line for line, count in after.items() if count > 1}


def _pages_by_numbers(lines: list[str], running: set[str]) -> list[list[str]]:
    """Pages that end with their number, and begin with a space where the reader wrote one."""
    numbers = _page_numbers(lines)
    pages: list[list[str]] = [[]]
    anchor = 0
    ends = False
    for number, line in enumerate(lines):
        starts = _starts_page(line, lines[number - 1] if number else "")
        if starts or (ends and line.strip() and line.strip() not in running):
            pages.append([])
            ends = False
            line = line[1:] if starts else line
        elif ends:
            continue
        if PAGE_NUMBER.match(line) or number in numbers:
            anchor = _agree_with_number(pages, anchor, int(re.search(r"\d+", line).group()))
            ends = True
        else:
            pages[-1].append(line)
    return pages


def _starts_page(line: str, before: str) -> bool:
    """Whether a line has the space that such readers begin a page with, behind the last line of the page before."""
    return bool(before.strip()) and re.match(r"^ (?:\S| \d+ *$)", line) is not None


def _page_numbers(lines: list[str]) -> set[int]:
    """Which lines are numbers of pages without a mark: the longest run in which each is one more than the one before.

    One that is not the only such number between its neighbours may be the number of a line: it is left where it is.
    """
    alone = [(n, int(line)) for n, line in enumerate(lines) if re.fullmatch(r"\d{1,3}", line)]
    # the longest run that ends with each of them: its length, and the one before it
    runs: dict[int, tuple[int, int | None]] = {}
    values: dict[int, list[int]] = {}
    for n, value in alone:
        before = max(values.get(value - 1, []), key=lambda m: (runs[m][0], m), default=None)
        runs[n] = (1 + (runs[before][0] if before is not None else 0), before)
        values.setdefault(value, []).append(n)
    end = max(runs, key=lambda n: runs[n][0], default=None)
    if end is None or runs[end][0] < FEWEST_PAGES or runs[end][0] * MOST_LINES < sum(map(bool, map(str.strip, lines))):
        return set()
    run: list[int] = []
    while end is not None:
        run.append(end)
        end = runs[end][1]
    run = [-1, *run[::-1], len(lines)]
    return {
        n
        for before, n, after in zip(run, run[1:], run[2:], strict=False)
        if sum(before < other < after for other in values[int(lines[n])]) == 1
    }


def _agree_with_number(pages: list[list[str]], anchor: int, printed: int) -> int:
    """Finds the page start that left no trace, a part's title page, when a printed number is one above the count."""
    if printed == len(pages) + 1:
        for page in range(anchor, len(pages)):
            for row, line in enumerate(pages[page]):
                if (
                    row > 2
                    and re.match(r"^\s*第[一二三四五六七八九十]+部分", line)
                    and not _has_amounts(pages[page][row + 1 :])
                ):
                    pages[page : page + 1] = [pages[page][:row], pages[page][row:]]
                    return len(pages)
    return len(pages)


def _has_amounts(lines: list[str]) -> bool:
    return any(re.search(r"\d\.\d\d", line) for line in lines)


def _page(number: int, lines: list[str], width: Callable[[str], float] | None) -> Page:
    """A page whose words have places where a width of texts is given."""
    page = Page(number)
    for row, text in enumerate(lines):
        if width is None:
            page.parts.append(Line(text, number))
        elif text.strip():
            words = [
                Word(
                    match.group(),
                    Box(width(text[: match.start()]), row * 10, width(text[: match.end()]), row * 10 + 9),
                )
                for match in re.finditer(r"\S+", text)
            ]
            box = words[0].box.joined(words[-1].box)
            page.parts.append(Line(text.strip(), number, box, words))
    page.width, page.height = 200.0, len(lines) * 10.0
    return page


def _characters(text: str) -> float:
    """How many characters a text has."""
    return float(len(text))


def _places_of_ends(pages: list[list[str]], width: Callable[[str], float]) -> int:
    """In how many places of their pages amounts end."""
    return sum(
        len({width(line[: match.end()]) for line in lines for match in re.finditer(r"\d\.\d\d(?!\d)", line)})
        for lines in pages
    )


def _width(text: str) -> float:
    """How many columns of a terminal a text takes."""
    return float(sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text))
