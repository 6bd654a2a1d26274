"""The three public expenses where they stand below each other, beside a column of budgets and one of final amounts."""

import re
from collections.abc import Iterable

from final_accounts.ingest.document.pages import CJK, Cell, Grid, figure, is_value, key, label_key, undoubled
from final_accounts.ingest.layouts import VEHICLES, Table, column_of, is_beside
from final_accounts.ingest.tables.find.vocabulary import is_numbering
from final_accounts.ingest.tables.others import OtherCell
from final_accounts.ingest.tables.ruled.table import NOTE, ReadTable, Row, amount_of, keep_apart, rows_below

_OF_VEHICLES = re.compile("公务用车(?:购|运)")
# amounts of the year before, and what was more or less than they
_COMPARED = re.compile("上年|去年|增减|比")
# a number of trips, people or cars stands below the expenses in some forms
_COUNT = re.compile(r"\((?:个|人|辆|批次?|次|人次|台)\)|(?:团组|批次|人次|人|辆)数|保有量|^相关统计数$")


def read_items_below_each_other(result: ReadTable, table: Table, grid: Grid) -> bool:
    """The three public expenses as rows, beside columns of budgets and final amounts; False for another form."""
    stages, strangers, first = _stage_columns(table, grid)
    if not stages or _labelled_rows(grid, first) < len(table.items) - 1:
        return False
    row: Row = {}
    for _, own, texts in rows_below(result, grid, first):
        if is_numbering(texts):
            continue
        item = _item_of(own, table)
        if item is None or any(f"{stage}_{item}" in row for stage in table.stages):
            keep_figures_apart(result, table, own, stages)
            continue
        for c, text in strangers.items():
            if c < len(own) and own[c] and own[c].text:
                keep_apart(result, own, c, f"?{text}")
        for c, stage in stages.items():
            row.setdefault(f"{stage}_{item}", amount_of(own[c]) if c < len(own) and own[c] else Cell("", grid.page))
    result.rows.append(row)
    return True


def _labelled_rows(grid: Grid, first: int) -> int:
    """How many rows of a grid, from one on, have one cell of words, and no note."""
    rows = range(first, len(grid.slots))
    words = ([c.text for k, c in enumerate(grid.slots[n]) if c and grid.own(n, k) and _is_words(c)] for n in rows)
    return sum(len(own) == 1 and not NOTE.match(own[0]) for own in words)


def _item_of(own: list[Cell | None], table: Table) -> str | None:
    """The expense that a row is of, by its first words; None for a number of trips, people or cars, or another row."""
    label = _bare_label(next((cell.text for cell in own if cell and _is_words(cell)), ""))
    bare = label.replace('"', "")
    if _COUNT.search(label):
        return None
    return next((name for name, words in table.items.items() if any(bare.startswith(key(w)) for w in words)), None)


def _bare_label(text: str) -> str:
    """What a label says without its number, and without the word that calls it a part."""
    return re.sub(r"^(?:\(\d+\)|其中:|\d+[.、])+", "", key(label_key(text)))


def _is_words(cell: Cell) -> bool:
    """Whether a cell has words; an amount below zero may stand in brackets as wide as they."""
    return bool(re.search(rf"[{CJK}]", cell.text)) and not is_value(figure(cell.text.strip()))


def named_subtotals(headings: list[list[str]]) -> list[list[str]]:
    """The headings, each subtotal with what it is the total of, where no heading above it tells.

    What follows it does: the first part of the vehicles, or of all expenses. A group over all of them, which stands
    above the middle of an unruled table, says nothing of those that it happens to stand above.
    """
    whole = [key("".join(texts)) for texts in headings]
    named = []
    for c, texts in enumerate(headings):
        kind = next((kind for kind in ("小计", "合计") if kind in whole[c]), None)
        is_open = kind is not None and not _OF_VEHICLES.search(whole[c])
        beside = next((text for text in whole[c + 1 :] if kind not in text), "") if is_open else ""
        named.append(_named(texts, beside) if is_open else texts)
    return named


def _named(texts: list[str], beside: str) -> list[str]:
    """The headings of a subtotal with what it is the total of; `beside` it stands the first heading of another kind."""
    if "小计" in beside:
        # with meetings and training
        return ["会议费等", *texts]
    if _OF_VEHICLES.search(beside):
        return [VEHICLES, *(text for text in texts if "三公" not in text)]
    return ["三公经费", *texts] if "因公出国" in beside else texts


def read_stages_below_each_other(
    result: ReadTable, table: Table, grid: Grid, headings: list[list[str]], first: int
) -> bool:
    """The three public expenses as columns, above a row of budgets and one of final amounts; False for another form."""
    labels = {number: _stage_of(table, slots) for number, slots in enumerate(grid.slots[first:], first)}
    whole = ["".join(texts) for texts in headings]
    columns = _final_columns(table, whole)
    if not set(table.stages) <= set(labels.values()) or len(columns) < len(table.items) - 1:
        return False
    row: Row = {}
    for number, own, texts in rows_below(result, grid, first):
        if is_numbering(texts):
            continue
        stage = labels[number]
        for c, cell in enumerate(own):
            if cell and is_value(cell.text.strip()) and not (stage and c in columns):
                # what is beside the three expenses, or how far a budget was missed
                keep_apart(result, own, c, f"?{whole[c] if stage else key(texts[0])}")
        if stage:
            row |= _amounts_of_stage(own, columns, stage, grid.page)
    result.rows.append(row)
    return True


def _amounts_of_stage(own: list[Cell | None], columns: dict[int, str], stage: str, page: int) -> Row:
    """The amounts of a row of one stage; `columns` have the names of final amounts."""
    return {
        name.replace("final", stage): amount_of(cell) if (cell := own[c]) else Cell("", page)
        for c, name in columns.items()
    }


def _final_columns(table: Table, headings: list[str]) -> dict[int, str]:
    """The columns of the expenses by their headings, each with the name of its final amount."""
    final = {name: ways for name, ways in table.columns.items() if name.startswith("final_")}
    return column_of([f"决算数{text}" if text else "" for text in headings], final)


def _stage_of(table: Table, slots: list[Cell | None]) -> str:
    """The stage that a row is called by; nothing where it is called otherwise."""
    label = next((key(cell.text) for cell in slots if cell and re.search(rf"[{CJK}]", cell.text)), "")
    return next((stage for stage, words in table.stages.items() if any(label.startswith(w) for w in words)), "")


def _stage_columns(table: Table, grid: Grid) -> tuple[dict[int, str], dict[int, str], int]:
    """Columns of budgets and of final amounts, columns of other such amounts, and the row below their headings.

    Nothing where no row of headings has both, or has something else beside them.
    """
    for number, slots in enumerate(grid.slots):
        texts = {c: key(undoubled(cell.text)) for c, cell in enumerate(slots) if cell and grid.own(number, c)}
        stages = _stages_in(texts, table)
        if stages:
            others = {c: text for c, text in texts.items() if text and c not in stages}
            others = {c: text for c, text in others.items() if not re.match(r"^(项目|行次|栏次|序号)", text)}
            is_of_stages = all(_is_of_a_stage(text, table) or is_beside(text) for text in others.values())
            return (stages, others, number + 1) if is_of_stages else ({}, {}, 0)
    return {}, {}, 0


def _stages_in(texts: dict[int, str], table: Table) -> dict[int, str]:
    """The stage of each column where a row of headings has one column for every stage; nothing for any other row."""
    own = {c: text for c, text in texts.items() if not _COMPARED.search(text)}
    found = {c: stage for stage, words in table.stages.items() if (c := _stage(own, words)) is not None}
    return found if len(found) == len(table.stages) else {}


def _is_of_a_stage(text: str, table: Table) -> bool:
    """Whether a heading has a word of a stage."""
    return any(word in text for words in table.stages.values() for word in words)


def keep_figures_apart(result: ReadTable, table: Table, own: list[Cell | None], columns: Iterable[int]) -> None:
    """Keeps the figures of a row that are none of the expenses; says so where no form is known to have such a row."""
    label = ""
    for column, cell in enumerate(own):
        text = cell.text.strip() if cell else ""
        if re.search(rf"[{CJK}]", text):
            label = _bare_label(text)
        elif column in columns and re.search(r"\d", text) and is_value(text):
            result.apart.append(OtherCell(None, column + 1, cell, label, label))
            if not any(word in label for word in table.apart):
                result.problems.append(f"page {cell.page}: «{label}» is no expense that the raw table has a column for")


def begins_counts(texts: list[str]) -> bool:
    """Whether a row is of the numbers of trips, people and cars that stand below the expenses."""
    return any(_COUNT.search(key(text)) for text in texts)


def _stage(texts: dict[int, str], words: list[str]) -> int | None:
    """The one column whose heading has a word of the stage; the words are tried in their order."""
    for word in words:
        columns = [c for c, text in texts.items() if word in text and len(text) < 12]
        if columns:
            return columns[0] if len(columns) == 1 else None
    return None
