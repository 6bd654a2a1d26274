"""The headings of a grid: how many rows they take, what stands above each column, and which column that is."""

import re

from final_accounts.ingest.document.pages import Grid, is_value, joined, key, label_key, undoubled
from final_accounts.ingest.layouts import Table, column_of, form_labels
from final_accounts.ingest.tables.find.vocabulary import CODE, NUMBERED, is_heading_row, is_numbering
from final_accounts.ingest.tables.ruled.table import ECONOMIC_TOTAL


def labels_of_rows(table: Table) -> set[str]:
    """The labels of the form that begin the rows of a table; none where its rows are subjects or amounts alone."""
    return set(form_labels(table.table_no)) if table.rows in ("lines", "sections") else set()


def split_header(grid: Grid, table: Table) -> int:
    """How many rows at the top of a grid are headings."""
    if grid.heading_rows is not None:
        return grid.heading_rows
    labels = labels_of_rows(table)
    end = 0
    for number in range(len(grid.slots)):
        filled = list(map(undoubled, grid.texts(number)))
        if is_numbering(filled) or is_heading_row(filled):
            end = number + 1
        elif _is_body(filled, table, labels):
            break
        elif (end == number and _names_columns(filled, table)) or _names_expenses(filled, table):
            end = number + 1
    # a heading cell that reaches into the next rows takes them along, but not the rows of the table: 类, 款 and 项 may
    # stand beside the numbers of the columns and the total
    while 0 < end < len(grid.slots) and _reaches_down(grid, end) and not _begins_body(grid, end):
        end += 1
    return end


def _names_columns(texts: list[str], table: Table) -> bool:
    """Whether the texts of a row, none of them an amount, name columns of a table, or what stands below such names."""
    if any(map(is_value, texts)):
        return False
    return len(column_of(list(dict.fromkeys(texts)), table.columns | _BELOW)) > 1


def _names_expenses(texts: list[str], table: Table) -> bool:
    """Whether a row of the table of the three public expenses names one of them, or their total."""
    return table.rows == "one" and any(re.search(r"合计|因公出国|公务", text) for text in texts)


def _reaches_down(grid: Grid, row: int) -> bool:
    """Whether a cell with a text goes on from the row above."""
    return any(
        cell is not None and cell.text.strip() and c < len(grid.slots[row]) and grid.slots[row][c] is cell
        for c, cell in enumerate(grid.slots[row - 1])
    )


def _begins_body(grid: Grid, row: int) -> bool:
    """Whether a row has amounts, or stands below the numbers of the columns."""
    above, here = grid.texts(row - 1), grid.texts(row)
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
        if role := _role_of_label(texts, has_codes="subject_code" in roles.values()):
            roles[c] = role
    rest = {c: "".join(texts) for c, texts in enumerate(headings) if c not in roles}
    roles |= column_of([rest.get(c, "") for c in range(len(headings))], names)
    if table.rows == "subjects":
        roles |= _parts_of_code([c for c, role in roles.items() if role == "subject_code"])
    strangers = {c: text for c, text in rest.items() if c not in roles}
    return roles, strangers


def _role_of_label(texts: list[str], *, has_codes: bool) -> str:
    """The role of a column of codes, names or line numbers by its headings; nothing for any other column.

    `has_codes` says that a column before it is one of codes.
    """
    leaf = key(texts[-1]) if texts else ""
    whole = key("".join(texts))
    if role := _role_of_code(leaf, whole):
        return role
    if re.search(r"科目名称|名称$", whole) or (leaf == "科目" and has_codes):
        return "subject_name"
    if leaf == "行次" or whole.endswith("行次"):
        return "line_no"
    return "item" if re.match(r"^项目(\(.*\))?$", leaf) else ""


def _role_of_code(leaf: str, whole: str) -> str:
    """The role of a column that has the code of a subject, or a part of it, by its lowest heading and all of them."""
    if leaf in _PARTS_OF_CODE and re.search(rf"^(项目)?{leaf}$|编码|代码|分类", whole):
        return _PARTS_OF_CODE[leaf]
    is_named = "名称" in whole
    if re.search(r"科目编码|科目代码|编码$", whole) and not is_named:
        return "subject_code"
    if re.search(r"(?<!按)(功能|经济)分类$", whole):
        # the page end cuts «科目编码» off: «项目» above «支出功能分类» is no project expenditure
        return "subject_code"
    # code and name in one column
    return "item" if is_named and re.search(r"编码|代码", whole) else ""


_PARTS_OF_CODE = {"类": "class", "款": "section", "项": "item_code"}


def _parts_of_code(columns: list[int]) -> dict[int, str]:
    """The roles of columns below one heading of the code: class, section and item, or class with section, and item."""
    if len(columns) not in (2, 3) or columns[-1] - columns[0] != len(columns) - 1:
        return {}
    parts = ("class", "section", "item_code") if len(columns) == 3 else ("class", "item_code")
    return dict(zip(columns, parts, strict=True))
