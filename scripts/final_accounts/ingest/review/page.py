"""The page on which a person checks a report: each page's picture beside the table read from it.

Cells are coloured by what the identities say; doubtful ones come first, with the value that would mend a broken
identity. The page needs nothing from the web and runs no text of the report as code.
"""

import base64
import io
import secrets
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from final_accounts.ingest.batch import Result
from final_accounts.ingest.document.pages import Refused, is_value
from final_accounts.ingest.document.reading import safe_name
from final_accounts.ingest.files.upright import upright
from final_accounts.ingest.limits import Task
from final_accounts.ingest.read_cells import ReadCell
from final_accounts.ingest.review.words import by_cause, sentence, verdict, word
from final_accounts.terminal import printable

TEMPLATE = Path(__file__).with_name("page.html.j2")
WIDTH = 1100
NO_AMOUNT = "this is no amount"
LABELS = ("panel", "panel_no", "section", "line_no", "subject_code", "item", "subject_name")


def pictures(path: Path, pages: list[int], turned: dict[int, int]) -> dict[int, tuple[str, float, float]]:
    """Pages of a PDF as PNG in base64, with width and height in points; nothing for other files."""
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(1024):
            return {}
    result = {}
    document = upright(path, turned)
    for number in pages:
        page = document[number - 1]
        width, height = page.get_size()
        image = page.render(scale=WIDTH / width, grayscale=True).to_pil()
        buffer = io.BytesIO()
        image.quantize(16).save(buffer, "PNG", optimize=True)
        result[number] = (base64.b64encode(buffer.getvalue()).decode(), width, height)
    document.close()
    return result


def _style(cell: ReadCell) -> tuple[str, str, str | None]:
    """Class of a cell, why it has it, and the proposed value."""
    style, why, proposed = ("a" if cell.is_amount else ""), "", None
    verdict = cell.verdict
    if cell.is_amount and verdict:
        proposed = verdict.proposed
        if cell.text and not is_value(cell.text):
            style, why = "a broken", NO_AMOUNT
        elif verdict.broken:
            style, why = "a broken", f"{verdict.broken} identities of the tables break over this cell"
        elif verdict.contradicted:
            style, why = "a contradicted", f"{verdict.contradicted} figures of the text or the forms contradict it"
        elif cell.has_digits and not verdict.holding:
            style, why = "a alone", "no identity holds this amount"
        elif cell.has_digits and verdict.is_proved:
            style, why = "a proved", f"{verdict.holding} identities hold this amount"
        if verdict.suspects:
            count = verdict.suspects
            blame = "nothing else explains what breaks" if count == 1 else f"one of {count} that may be wrong"
            why = f"{why}; {blame}" if why else blame
    if cell.again is not None:
        why = f"{why}; seen twice alike on the picture" if cell.is_twice else f"{why}; read again as «{cell.again}»"
    if cell.doubt:
        style, why = f"{style} doubt", f"{cell.doubt}. {why}"
    return style, why, proposed


def write_review(result: Result, folder: Path, suffix: str = "", language: str = "en") -> Path:
    """Writes the review page of a result; returns its path.

    `suffix` tells it from the page of another file that is the same report.
    """
    numbers = sorted({cell.page for cell in result.read_cells})
    try:
        drawn = Task(pictures, (Path(result.file), numbers, dict(map(tuple, result.turned))), 120).result()
    except Refused:
        drawn = {}
    cells: dict[str, dict] = {}
    pages: dict[int, dict] = {
        n: {"number": n, "tables": {}, "marks": [], "picture": drawn.get(n, ("",))[0]} for n in numbers
    }
    titles = {table["table_no"]: f"{table['table_no']} {table['title']}" for table in result.tables}
    rows: dict[tuple[str, str], list[ReadCell]] = {}
    for cell in result.read_cells:
        rows.setdefault((cell.table_no, cell.row_no), []).append(cell)
    first = []
    for (table_no, row_no), of_row in rows.items():
        page = min(cell.page for cell in of_row)
        table = pages[page]["tables"].setdefault(table_no, {"title": titles[table_no], "columns": [], "rows": []})
        label = " ".join(
            c.text for c in sorted(of_row, key=_order) if c.column in ("subject_code", "subject_name", "item")
        )
        own = {}
        for cell in of_row:
            style, why, proposed = _style(cell)
            number = str(len(cells))
            cells[number] = {"table_no": table_no, "row_no": row_no, "column": cell.column, "text": cell.text}
            shown = {"id": number, "text": cell.text, "style": style, "why": why, "proposed": proposed}
            own[cell.column] = shown
            if cell.box and cell.page in drawn:
                pages[cell.page]["marks"].append(_mark(number, cell.box, *drawn[cell.page][1:]))
            if proposed or any(word in style for word in ("doubt", "alone")) or why == NO_AMOUNT:
                first.append(shown | {"table_no": table_no, "row_no": row_no, "label": label, "column": cell.column})
        for column in sorted(own, key=lambda name: LABELS.index(name) if name in LABELS else 99):
            if column not in table["columns"]:
                table["columns"].append(column)
        table["rows"].append({"number": row_no, "own": own})
    for page in pages.values():
        page["tables"] = list(page["tables"].values())
        for table in page["tables"]:
            table["columns"].sort(key=lambda name: LABELS.index(name) if name in LABELS else 99)
            for row in table["rows"]:
                row["cells"] = [
                    row["own"].get(c, {"text": "", "style": "", "why": "", "id": ""}) for c in table["columns"]
                ]
    first.sort(key=lambda cell: ("doubt" not in cell["style"], "broken" not in cell["style"], cell["table_no"]))
    environment = Environment(loader=FileSystemLoader(TEMPLATE.parent), autoescape=True)
    html = environment.get_template(TEMPLATE.name).render(
        result=result,
        pages=[page for page in pages.values() if page["tables"]],
        first=first,
        has_pictures=bool(drawn),
        file=printable(Path(result.file).name),
        cells=cells,
        nonce=secrets.token_hex(8),
        language=language,
        word=lambda text: word(text, language),
        sentence=lambda text: sentence(text, language),
        verdict=verdict(result, language),
        causes=by_cause(result.points, language),
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{safe_name(result.report_id)}{suffix}.html"
    path.write_text(html, encoding="utf-8")
    return path


def _order(cell: ReadCell) -> int:
    return LABELS.index(cell.column) if cell.column in LABELS else 99


def _mark(number: str, box: list[float], width: float, height: float) -> dict:
    return {
        "id": number,
        "left": round(100 * box[0] / width, 2),
        "top": round(100 * box[1] / height, 2),
        "width": round(100 * (box[2] - box[0]) / width, 2),
        "height": round(100 * (box[3] - box[1]) / height, 2),
    }
