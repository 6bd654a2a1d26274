"""The page on which a person checks a report: each page's picture beside the table read from it.

Cells are coloured by what the identities say; doubtful ones come first, with the value that would mend a broken
identity. The page needs nothing from the web and runs no text of the report as code.
"""

import base64
import secrets
from itertools import zip_longest
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from final_accounts.ingest.batch import Result
from final_accounts.ingest.document.pages import Refused, is_value
from final_accounts.ingest.document.reading import safe_name
from final_accounts.ingest.files.pictured import Picture, pictures
from final_accounts.ingest.limits import Task
from final_accounts.ingest.proof import CellVerdict
from final_accounts.ingest.read_cells import ReadCell
from final_accounts.ingest.review.words import by_cause, by_title, heading, sentence, verdict, word
from final_accounts.terminal import printable

TEMPLATE = Path(__file__).with_name("page.html.j2")
NO_AMOUNT = "this is no amount"
PANELS = ("panel", "panel_no")
LABELS = (*PANELS, "section", "line_no", "subject_code", "item", "subject_name")
BLANK: dict[str, Any] = {"id": "", "text": "", "style": "", "why": "", "proposed": None}
Key = tuple[str, str, str]


def _style(cell: ReadCell) -> tuple[str, str, str | None]:
    """Class of a cell, why it has it, and the proposed value."""
    style, why, proposed = ("a" if cell.is_amount else ""), "", None
    if cell.is_amount and cell.verdict:
        style, why = _judged(cell, cell.verdict)
        proposed = cell.verdict.proposed
        if cell.verdict.suspects:
            count = cell.verdict.suspects
            blame = "nothing else explains what breaks" if count == 1 else f"one of {count} that may be wrong"
            why = f"{why}; {blame}" if why else blame
    if cell.again is not None:
        why = f"{why}; seen twice alike on the picture" if cell.is_twice else f"{why}; read again as «{cell.again}»"
    if cell.doubt:
        style, why = f"{style} doubt", f"{cell.doubt}. {why}"
    return style, why, proposed


def _judged(cell: ReadCell, verdict: CellVerdict) -> tuple[str, str]:
    """Class of an amount by what the identities say of it, and how many say so."""
    if cell.text and not is_value(cell.text):
        return "a broken", NO_AMOUNT
    if verdict.broken:
        return "a broken", f"{verdict.broken} identities of the tables break over this cell"
    if verdict.contradicted:
        return "a contradicted", f"{verdict.contradicted} figures of the text or the forms contradict it"
    if cell.has_digits and not verdict.holding:
        return "a alone", "no identity holds this amount"
    if cell.has_digits and verdict.is_proved:
        return "a proved", f"{verdict.holding} identities hold this amount"
    return "a", ""


def write_review(result: Result, folder: Path, suffix: str = "", language: str = "en") -> Path:
    """Writes the review page of a result; returns its path.

    `suffix` tells it from the page of another file that is the same report.
    """
    numbers = sorted({cell.page for cell in result.read_cells})
    try:
        drawn: dict[int, Picture] = Task(
            pictures, (Path(result.file), numbers, dict(map(tuple, result.turned))), 120
        ).result()
    except Refused:
        drawn = {}
    shown = {cell.key: _shown(str(number), cell) for number, cell in enumerate(result.read_cells)}
    environment = Environment(loader=FileSystemLoader(TEMPLATE.parent), autoescape=True)
    html = environment.get_template(TEMPLATE.name).render(
        result=result,
        pages=_pages(result, shown, drawn, language),
        first=_first(result, shown),
        explanations=_explanations(result, shown),
        has_pictures=bool(drawn),
        file=printable(Path(result.file).name),
        cells={
            cell["id"]: {"table_no": table_no, "row_no": row_no, "column": column, "text": cell["text"]}
            for (table_no, row_no, column), cell in shown.items()
        },
        nonce=secrets.token_hex(8),
        language=language,
        word=lambda text: word(text, language),
        sentence=lambda text: sentence(text, language),
        heading=lambda table_no, column: heading(table_no, column, language),
        verdict=verdict(result, language),
        causes=by_cause(result.points, language),
        contradictions=by_title(result.contradictions, language),
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{safe_name(result.report_id)}{suffix}.html"
    path.write_text(html, encoding="utf-8")
    return path


def _shown(number: str, cell: ReadCell) -> dict[str, Any]:
    """A cell as the page has it."""
    style, why, proposed = _style(cell)
    return {"id": number, "text": cell.text, "style": style, "why": why, "proposed": proposed}


def _rows(result: Result) -> dict[tuple[str, str], list[ReadCell]]:
    """The cells that were read by table and row, in the order of their columns."""
    rows: dict[tuple[str, str], list[ReadCell]] = {}
    for cell in result.read_cells:
        rows.setdefault((cell.table_no, cell.row_no), []).append(cell)
    return {key: sorted(cells, key=_order) for key, cells in rows.items()}


def _first(result: Result, shown: dict[Key, dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells to check first: what is doubtful to read, then what breaks."""
    first = []
    for (table_no, row_no), cells in _rows(result).items():
        label = " ".join(c.text for c in cells if c.column in ("subject_code", "subject_name", "item"))
        for cell in cells:
            own = shown[cell.key]
            is_odd = any(style in own["style"] for style in ("doubt", "alone")) or own["why"] == NO_AMOUNT
            if own["proposed"] or is_odd:
                first.append(own | {"table_no": table_no, "row_no": row_no, "label": label, "column": cell.column})
    return sorted(
        first, key=lambda cell: ("doubt" not in cell["style"], "broken" not in cell["style"], cell["table_no"])
    )


def _explanations(result: Result, shown: dict[Key, dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """What would mend everything that breaks, each as cells with what they should be."""
    return [
        [
            {"table_no": table_no, "row_no": row_no, "column": column, "proposed": proposed}
            | {name: shown[table_no, row_no, column][name] for name in ("id", "text")}
            for table_no, row_no, column, proposed in cells
        ]
        for cells in result.explanations
        if all((table_no, row_no, column) in shown for table_no, row_no, column, _ in cells)
    ]


def _pages(
    result: Result, shown: dict[Key, dict[str, Any]], drawn: dict[int, Picture], language: str
) -> list[dict[str, Any]]:
    """The pages that tables stand on: their pictures with the places of cells, and the tables."""
    titles = {table["table_no"]: f"{table['table_no']} {table['title']}" for table in result.tables}
    tables: dict[int, dict[str, list[list[ReadCell]]]] = {}
    for (table_no, _), cells in _rows(result).items():
        tables.setdefault(min(cell.page for cell in cells), {}).setdefault(table_no, []).append(cells)
    marks: dict[int, list[dict[str, Any]]] = {}
    for cell in result.read_cells:
        if cell.box and cell.page in drawn:
            marks.setdefault(cell.page, []).append({"id": shown[cell.key]["id"]} | drawn[cell.page].part(cell.box))
    return [
        {
            "number": number,
            "picture": _in_base64(drawn.get(number)),
            "marks": marks.get(number, []),
            "titles": [titles[table_no] for table_no in tables[number]],
            "tables": [_table(table_no, rows, shown, language) for table_no, rows in tables[number].items()],
        }
        for number in sorted(tables)
    ]


def _table(
    table_no: str, rows: list[list[ReadCell]], shown: dict[Key, dict[str, Any]], language: str
) -> dict[str, Any]:
    """A table as it is printed: headings, and lines of cells; panels stand side by side, what is in none below."""
    panels: dict[str, list[list[ReadCell]]] = {}
    for cells in rows:
        panels.setdefault(next((c.text for c in cells if c.column in PANELS), ""), []).append(cells)
    below = panels.pop("", []) if len(panels) > 1 else []
    heads: list[str] = []
    sides: list[list[list[dict[str, Any]]]] = []
    for own in [*panels.values()]:
        columns = _columns(own, with_blanks=len(panels) == 1)
        heads += [word("row", language), *(heading(table_no, column, language) for column in columns)]
        sides.append([_line(cells, columns, shown) for cells in own])
    lines = _abreast(sides) + [_line_below(cells, shown, len(heads)) for cells in below]
    return {"heads": heads, "lines": lines}


def _abreast(sides: list[list[list[dict[str, Any]]]]) -> list[list[dict[str, Any]]]:
    """The lines of panels side by side, the shorter ones filled up."""
    return [
        [cell for side, line in zip(sides, abreast, strict=True) for cell in line or [BLANK] * len(side[0])]
        for abreast in zip_longest(*sides)
    ]


def _line_below(cells: list[ReadCell], shown: dict[Key, dict[str, Any]], width: int) -> list[dict[str, Any]]:
    """A line that is in no panel: what is printed in it, from the left."""
    line = _line(cells, [cell.column for cell in cells if cell.text and cell.column not in PANELS], shown)
    return (line + [BLANK] * width)[: max(width, len(line))]


def _columns(rows: list[list[ReadCell]], *, with_blanks: bool) -> list[str]:
    """The columns of some rows, labels first; of a panel only those that say something."""
    columns = dict.fromkeys(cell.column for cells in rows for cell in cells if with_blanks or cell.text)
    return sorted((c for c in columns if c not in PANELS), key=lambda c: LABELS.index(c) if c in LABELS else 99)


def _line(cells: list[ReadCell], columns: list[str], shown: dict[Key, dict[str, Any]]) -> list[dict[str, Any]]:
    """The number of a row, and its cells in some columns."""
    own = {cell.column: shown[cell.key] for cell in cells}
    return [BLANK | {"text": cells[0].row_no}, *(own.get(column, BLANK) for column in columns)]


def _order(cell: ReadCell) -> int:
    return LABELS.index(cell.column) if cell.column in LABELS else 99


def _in_base64(picture: Picture | None) -> str:
    return base64.b64encode(picture.png).decode() if picture else ""
