"""The headings of a grid: how many rows they take, what stands above each column, and which column that is."""

import re

from final_accounts.ingest.document.pages import Grid, is_value, joined, key, label_key, undoubled
from final_accounts.ingest.layouts import Table, column_of, form_labels
from final_accounts.ingest.tables.find.vocabulary import CODE, NUMBERED, is_heading_row, is_numbering
from final_accounts.ingest.tables.ruled.table import ECONOMIC_TOTAL


def split_header(grid: Grid, table: Table) -> int:
    """How many rows at the top of a grid are headings."""
    if grid.heading_rows is not None:
        return grid.heading_rows
    labels = set(form_labels(table.table_no)) if table.rows in ("lines", "sections") else set()
    end = 0
    for number, slots in enumerate(grid.slots):
        texts = [cell.text.strip() for c, cell in enumerate(slots) if cell and grid.own(number, c)]
        filled = [undoubled(t) for t in texts if t]
        if filled and all(is_numbering([t]) or True for t in filled) and is_numbering(filled):
            end = number + 1
            continue
        if is_heading_row(filled):
            end = number + 1
            continue
        if _is_body(filled, table, labels):
            break
        if (
            end == number
            and not any(is_value(t) for t in filled)
            and len(column_of(list(dict.fromkeys(filled)), table.columns | _BELOW)) > 1
        ):
            end = number + 1
            continue
        if table.rows in ("one",) and any(re.search(r"合计|因公出国|公务", t) for t in filled):
            end = number + 1
    # a heading cell that reaches into the next rows takes them along, but not the rows of the table: 类, 款 and 项 may
    # stand beside the numbers of the columns and the total
    while 0 < end < len(grid.slots) and _reaches_down(grid, end) and not _begins_body(grid, end):
        end += 1
    return end


def _reaches_down(grid: Grid, row: int) -> bool:
    """Whether a cell with a text goes on from the row above."""
    return any(
        cell is not None and cell.text.strip() and c < len(grid.slots[row]) and grid.slots[row][c] is cell
        for c, cell in enumerate(grid.slots[row - 1])
    )


def _begins_body(grid: Grid, row: int) -> bool:
    """Whether a row has amounts, or stands below the numbers of the columns."""
    above, here = (
        [cell.text.strip() for c in range(len(grid.slots[n])) if (cell := grid.own(n, c)) and cell.text.strip()]
        for n in (row - 1, row)
    )
    values = [text for text in here if is_value(text)]
    has_amounts = bool(values) and (not is_numbering(values) or any("." in text for text in values))
    return has_amounts or is_numbering([text for text in above if key(text) not in ("类", "款", "项")])


# headings that stand below another one
_BELOW = {
    "sum": [["合计"], ["小计"], ["金额"]],
    "part": [["其中"]],
    "basic": [["基本支出"]],
    "project": [["项目支出"]],
}


def _is_body(filled: list[str], table: Table, labels: set[str]) -> bool:
    if table.rows in ("subjects", "economic"):
        return any(CODE.match(joined(t)) or ECONOMIC_TOTAL.match(joined(t)) for t in filled[:3])
    if table.rows == "one":
        return bool(filled) and all(is_value(t) for t in filled)
    return any(label_key(t) in labels or NUMBERED.match(joined(t)) for t in filled)


def headings_of(grid: Grid, rows: int) -> list[list[str]]:
    """Texts above each column, from top to bottom."""
    result: list[list[str]] = []
    for c in range(grid.width):
        texts: list[str] = []
        last = None
        for number in range(rows):
            cell = grid.slots[number][c] if c < len(grid.slots[number]) else None
            if cell is not None and cell is not last:
                text = undoubled(joined(cell.text))
                if text and not re.fullmatch(r"\d{1,2}|栏次", text):
                    texts.append(text)
            last = cell
        result.append(texts)
    return result


def roles_of(
    headings: list[list[str]], table: Table, names: dict[str, list[list[str]]]
) -> tuple[dict[int, str], dict[int, str]]:
    """Role of each column, and headings that are none of them."""
    roles: dict[int, str] = {}
    for c, texts in enumerate(headings):
        leaf = key(texts[-1]) if texts else ""
        whole = key("".join(texts))
        if leaf in ("类", "款", "项") and re.search(rf"^(项目)?{leaf}$|编码|代码|分类", whole):
            roles[c] = {"类": "class", "款": "section", "项": "item_code"}[leaf]
        elif re.search(r"科目编码|科目代码|编码$", whole) and not re.search(r"名称", whole):
            roles[c] = "subject_code"
        elif re.search(r"(?<!按)(功能|经济)分类$", whole):
            # the page end cuts «科目编码» off: «项目» above «支出功能分类» is no project expenditure
            roles[c] = "subject_code"
        elif re.search(r"编码|代码", whole) and "名称" in whole:
            # code and name in one column
            roles[c] = "item"
        elif re.search(r"科目名称|名称$", whole) or (leaf == "科目" and "subject_code" in roles.values()):
            roles[c] = "subject_name"
        elif leaf == "行次" or whole.endswith("行次"):
            roles[c] = "line_no"
        elif re.match(r"^项目(\(.*\))?$", leaf):
            roles[c] = "item"
    rest = {c: "".join(texts) for c, texts in enumerate(headings) if c not in roles}
    found = column_of([rest.get(c, "") for c in range(len(headings))], names)
    roles |= found
    # columns below one heading of the code are class, section and item; of two the first is that of the section, too
    codes = [c for c, role in roles.items() if role == "subject_code"]
    if len(codes) in (2, 3) and codes[-1] - codes[0] == len(codes) - 1 and table.rows == "subjects":
        parts = ("class", "section", "item_code") if len(codes) == 3 else ("class", "item_code")
        roles |= dict(zip(codes, parts, strict=True))
    strangers = {c: text for c, text in rest.items() if c not in roles}
    return roles, strangers
