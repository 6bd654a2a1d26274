"""Opens a PDF with a text layer: lines with their words, and ruled grids, page by page.

Nothing in the file is executed: scripts, links, attachments and forms are not looked at. What is drawn twice (bold) is
read once.
"""

import hashlib
import io
import logging
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from final_accounts.ingest.document.pages import Box, Cell, Document, Grid, Line, Page, Refused, Word, plain

# It complains of every font that has an odd description.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

MOST_PAGES = 600
MOST_CHARACTERS_OF_A_PAGE = 60_000
MOST_RULES_OF_A_PAGE = 20_000
TOO_LARGE = "the file needs more memory or deeper nesting than a report does"


def read_pdf(path: Path) -> Document:
    """The pages of a PDF; raises Refused with the reason where there are none to read."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        with pdfplumber.open(path) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise Refused(f"{len(pdf.pages):,} pages; expected a report of at most {MOST_PAGES}")
            turned = {page.page_number: quarter for page in pdf.pages if (quarter := _quarter_turn(page))}
            pages = [_read_page(page) for page in pdf.pages] if not turned else []
        if turned:
            with pdfplumber.open(_upright(path, turned)) as pdf:
                pages = [_read_page(page) for page in pdf.pages]
    except Refused:
        raise
    except PDFPasswordIncorrect:
        raise Refused("the file is encrypted and asks for a password; expected a PDF that opens without one") from None
    except PdfminerException as error:
        if isinstance(error.args[0] if error.args else None, PDFPasswordIncorrect):
            raise Refused(
                "the file is encrypted and asks for a password; expected a PDF that opens without one"
            ) from None
        # pdfplumber wraps whatever pdfminer meets
        if isinstance(error.args[0] if error.args else None, (MemoryError, RecursionError)):
            raise Refused(TOO_LARGE) from None
        raise Refused(_damaged(type(error.args[0]).__name__ if error.args else "unreadable")) from None
    except (MemoryError, RecursionError):
        raise Refused(TOO_LARGE) from None
    except Exception as error:  # pdfminer raises whatever it stumbles over
        raise Refused(_damaged(type(error).__name__)) from None
    if not pages:
        raise Refused("the file has no page")
    document = Document(path.name, "pdf", digest, pages, turned=turned)
    if document.characters < 20 * len(pages) and document.characters < 400:
        raise Refused("no text layer: its pages are pictures (a scan); expected a PDF whose text can be selected")
    return document


def _damaged(what: str) -> str:
    return f"the file is damaged, or was not downloaded to its end ({what}); expected a PDF that opens"


def _quarter_turn(page: pdfplumber.page.Page) -> int:
    """By how many degrees a page must be turned for its text to be upright: tables are often set sideways."""
    sideways = [c for c in page.chars if not c["upright"]]
    if len(sideways) <= len(page.chars) / 2:
        return 0
    upwards = sum(1 for c in sideways if c["matrix"][1] > 0)
    return 90 if upwards > len(sideways) / 2 else 270


def upright(path: Path, turned: dict[int, int]) -> pypdfium2.PdfDocument:
    """A file with some of its pages turned, as they are read and shown."""
    document = pypdfium2.PdfDocument(path)
    for number, quarter in turned.items():
        page = document[number - 1]
        page.set_rotation((page.get_rotation() + quarter) % 360)
    return document


def _upright(path: Path, turned: dict[int, int]) -> io.BytesIO:
    """A copy of a file with some of its pages turned, in memory."""
    document = upright(path, turned)
    copy = io.BytesIO()
    document.save(copy)
    document.close()
    copy.seek(0)
    return copy


def _read_page(page: pdfplumber.page.Page) -> Page:
    if len(page.chars) > MOST_CHARACTERS_OF_A_PAGE:
        raise Refused(f"page {page.page_number} has {len(page.chars):,} characters, more than a printed page holds")
    if len(page.edges) > MOST_RULES_OF_A_PAGE:
        raise Refused(f"page {page.page_number} has {len(page.edges):,} rules, more than a printed page holds")
    width, height = float(page.width), float(page.height)
    chars = [c for c in page.dedupe_chars(tolerance=1.2, extra_attrs=("size",)).chars if c["upright"]]
    # what lies outside of the part of the page that is shown nobody sees
    x0, top, x1, bottom = map(float, page.cropbox)
    chars = [c for c in chars if x0 <= c["x0"] <= x1 and top <= c["top"] <= bottom]
    struck = list(_struck(chars, page.edges))
    result = Page(page.page_number, [], width, height, struck, (x0, top))
    used: set[int] = set()
    for table in page.find_tables({"explicit_vertical_lines": _open_sides(page.edges)}) if page.edges else []:
        grid = _grid(table, chars, used, page.page_number, page.edges)
        if grid:
            result.parts.append(grid)
    rest = [c for number, c in enumerate(chars) if number not in used]
    result.parts += _lines(rest, page.page_number)
    result.parts.sort(key=lambda part: part.box.top)
    page.close()
    return result


def _struck(chars: list[dict], rules: list[dict]) -> Iterator[Box]:
    """Figures that a level rule runs through: struck out by whoever printed them."""
    digits = sorted((c for c in chars if c["text"].isdigit()), key=lambda c: c["top"] + c["bottom"])
    middles = [(c["top"] + c["bottom"]) / 2 for c in digits]
    for rule in rules:
        if rule["orientation"] == "h":
            for char in digits[bisect_left(middles, rule["top"] - 2) : bisect_right(middles, rule["top"] + 2)]:
                height = char["bottom"] - char["top"]
                is_through = abs((char["top"] + char["bottom"]) / 2 - rule["top"]) < 0.25 * height
                if is_through and rule["x0"] <= char["x0"] + 1 and rule["x1"] >= char["x1"] - 1:
                    yield Box(*(float(char[name]) for name in ("x0", "top", "x1", "bottom")))


def _open_sides(rules: list[dict]) -> list[dict]:
    """Left and right end of tables whose rows are ruled and whose sides are not, as rules of their own.

    Without rules between the columns either, nothing is closed: the words tell the columns of such a table.
    """
    found: list[dict] = []
    across: list[list[dict]] = []
    for rule in rules:
        if rule["orientation"] == "h" and rule["x1"] - rule["x0"] > 100:
            like = (own for own in across if max(abs(own[0][end] - rule[end]) for end in ("x0", "x1")) < 3)
            own = next(like, None)
            if own is None:
                across.append([rule])
            else:
                own.append(rule)
    upright = [rule for rule in rules if rule["orientation"] == "v"]
    for own in across:
        top, bottom = min(rule["top"] for rule in own), max(rule["top"] for rule in own)
        left, right = min(rule["x0"] for rule in own), max(rule["x1"] for rule in own)
        beside = [rule for rule in upright if rule["top"] < bottom - 1 and rule["bottom"] > top + 1]
        inside = [rule for rule in beside if left + 5 < rule["x0"] < right - 5]
        if len(own) < 4 or not inside:
            continue
        for x in (left, right):
            # the same rule may be drawn twice
            there = {(round(r["top"]), round(r["bottom"])) for r in beside if abs(r["x0"] - x) < 5}
            if sum(low - high for high, low in there) < 0.9 * (bottom - top):
                found.append(
                    {"object_type": "line", "x0": x, "x1": x, "top": top, "bottom": bottom}
                    | {"height": bottom - top, "width": 0, "orientation": "v"}
                )
    return found


def _edges(values: list[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > 2:
            edges.append(value)
    return edges


def _grid(
    table: pdfplumber.table.Table, chars: list[dict], used: set[int], page: int, rules: list[dict]
) -> Grid | None:
    boxes = [Box(*map(float, cell)) for cell in table.cells]
    columns = _edges([x for box in boxes for x in (box.x0, box.x1)])
    rows = _edges([y for box in boxes for y in (box.top, box.bottom)])
    if len(columns) < 3 or len(rows) < 2:
        return None
    boxes += _open_rows(columns, rows, rules)
    slots: list[list[Cell | None]] = [[None] * (len(columns) - 1) for _ in rows[1:]]
    covered: dict[int, Cell] = {}
    for box in boxes:
        cell = Cell("", page, box)
        for r in range(len(rows) - 1):
            if box.top <= (rows[r] + rows[r + 1]) / 2 <= box.bottom:
                for c in range(len(columns) - 1):
                    if box.x0 <= (columns[c] + columns[c + 1]) / 2 <= box.x1:
                        slots[r][c] = cell
                        covered[r * 1000 + c] = cell
    inside: dict[int, list[dict]] = {}
    for number, char in enumerate(chars):
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        c = sum(edge <= x for edge in columns) - 1
        r = sum(edge <= y for edge in rows) - 1
        cell = covered.get(r * 1000 + c) if 0 <= c < len(columns) - 1 else None
        if cell is not None:
            used.add(number)
            inside.setdefault(id(cell), []).append(char)
    for cell in {id(cell): cell for cell in covered.values()}.values():
        cell.text = "".join(line.text for line in _lines(inside.get(id(cell), []), page, gap=1.0)).strip()
    return Grid(page, Box(*map(float, table.bbox)), slots, columns)


def _open_rows(columns: list[float], rows: list[float], rules: list[dict]) -> list[Box]:
    """Cells of a row that the page end cuts: rules between its columns go on, the one that closes it is missing."""
    upright = [
        rule
        for rule in rules
        if rule["orientation"] == "v"
        and any(abs(rule["x0"] - x) < 2 for x in columns)
        and rule["top"] <= rows[-1] + 2
        and rule["bottom"] >= rows[0] - 2
    ]
    found: list[Box] = []
    if upright and max(rule["bottom"] for rule in upright) > rows[-1] + 5:
        rows.append(float(max(rule["bottom"] for rule in upright)))
        found += [Box(left, rows[-2], right, rows[-1]) for left, right in pairwise(columns)]
    if upright and min(rule["top"] for rule in upright) < rows[0] - 5:
        rows.insert(0, float(min(rule["top"] for rule in upright)))
        found += [Box(left, rows[0], right, rows[1]) for left, right in pairwise(columns)]
    return found


def _lines(chars: list[dict], page: int, gap: float = 0.55) -> Iterator[Line]:
    """Characters as lines of words; a gap wider than `gap` of a character parts two words."""
    chars = sorted((c for c in chars if c["text"]), key=lambda c: (c["top"] + c["bottom"]) / 2)
    rows: list[list[dict]] = []
    for char in chars:
        middle = (char["top"] + char["bottom"]) / 2
        if rows and middle <= rows[-1][0]["bottom"] - 0.35 * (rows[-1][0]["bottom"] - rows[-1][0]["top"]):
            rows[-1].append(char)
        else:
            rows.append([char])
    for row in rows:
        row.sort(key=lambda c: c["x0"])
        words: list[Word] = []
        text = ""
        for is_space, run in groupby(row, key=lambda c: not c["text"].strip()):
            run = list(run)
            if is_space:
                text += " " if text and not text.endswith(" ") else ""
                continue
            current: list[dict] = []
            for char in run:
                if (
                    current
                    and char["x0"] - current[-1]["x1"] > _gap(current[-1]["text"], char["text"], gap) * char["size"]
                ):
                    words.append(_word(current))
                    text += words[-1].text + " "
                    current = []
                current.append(char)
            words.append(_word(current))
            text += words[-1].text
        if words:
            box = words[0].box
            for word in words[1:]:
                box = box.joined(word.box)
            yield Line(text.strip(), page, box, words)


def _gap(left: str, right: str, gap: float) -> float:
    """Which part of a character's size parts two words: beside a figure less does, its digits stand close together."""
    if left[-1:] in ("，", "．") and right[:1].isdigit():
        # within a figure in full-width characters
        return 1.2
    return (
        min(gap, 0.22)
        if (left[-1:].isdigit() or left[-1:] in "─—–-－")
        and (right[:1].isdigit() or (ord(right[0]) > 0x2E80 and right[0] not in "，．"))
        else gap
    )


def _word(chars: list[dict]) -> Word:
    texts = [plain(c["text"]) for c in chars]
    box = Box(
        float(chars[0]["x0"]),
        float(min(c["top"] for c in chars)),
        float(max(c["x1"] for c in chars)),
        float(max(c["bottom"] for c in chars)),
    )
    edges = tuple((float(c["x0"]), float(c["x1"])) for c, text in zip(chars, texts, strict=True) for _ in text)
    return Word("".join(texts), box, edges)
