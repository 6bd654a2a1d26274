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
    if not stages:
        return False
    labelled = 0
    for number in range(first, len(grid.slots)):
        words = [c.text for k, c in enumerate(grid.slots[number]) if c and grid.own(number, k) and _is_words(c)]
        labelled += len(words) == 1 and not NOTE.match(words[0])
    if labelled < len(table.items) - 1:
        return False
    row: Row = {}
    for _, own, texts in rows_below(result, grid, first):
        if is_numbering(texts):
            continue
        label = next((key(label_key(c.text)) for c in own if c and _is_words(c)), "")
        label = re.sub(r"^(?:\(\d+\)|其中:|\d+[.、])+", "", label)
        bare = label.replace('"', "")
        item = next((name for name, words in table.items.items() if any(bare.startswith(key(w)) for w in words)), None)
        if item is None or _COUNT.search(label) or any(f"{stage}_{item}" in row for stage in table.stages):
            keep_figures_apart(result, table, own, stages)
            continue
        for c, text in strangers.items():
            if c < len(own) and own[c] and own[c].text:
                keep_apart(result, own, c, f"?{text}")
        for c, stage in stages.items():
            row.setdefault(f"{stage}_{item}", amount_of(own[c]) if c < len(own) and own[c] else Cell("", grid.page))
    result.rows.append(row)
    return True


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
        beside = next((text for text in whole[c + 1 :] if kind and kind not in text), "")
        if not kind or _OF_VEHICLES.search(whole[c]):
            named.append(texts)
        elif _OF_VEHICLES.search(beside) and "小计" not in beside:
            named.append([VEHICLES, *(text for text in texts if "三公" not in text)])
        elif "小计" in beside:
            # with meetings and training
            named.append(["会议费等", *texts])
        else:
            named.append(["三公经费", *texts] if "因公出国" in beside else texts)
    return named


def read_stages_below_each_other(
    result: ReadTable, table: Table, grid: Grid, headings: list[list[str]], first: int
) -> bool:
    """The three public expenses as columns, above a row of budgets and one of final amounts; False for another form."""
    labels = {number: _stage_of(table, slots) for number, slots in enumerate(grid.slots[first:], first)}
    if not set(table.stages) <= set(labels.values()):
        return False
    whole = ["".join(texts) for texts in headings]
    final = {name: ways for name, ways in table.columns.items() if name.startswith("final_")}
    columns = column_of([f"决算数{text}" if text else "" for text in whole], final)
    if len(columns) < len(table.items) - 1:
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
            row |= {
                name.replace("final", stage): amount_of(cell) if (cell := own[c]) else Cell("", grid.page)
                for c, name in columns.items()
            }
    result.rows.append(row)
    return True


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
        own = {c: text for c, text in texts.items() if not _COMPARED.search(text)}
        found = {stage: c for stage, words in table.stages.items() if (c := _stage(own, words)) is not None}
        if len(found) == len(table.stages) == len(set(found.values())):
            others = {c: text for c, text in texts.items() if text and c not in found.values()}
            others = {c: text for c, text in others.items() if not re.match(r"^(项目|行次|栏次|序号)", text)}
            words = [word for own in table.stages.values() for word in own]
            if not all(any(word in text for word in words) or is_beside(text) for text in others.values()):
                break
            return {c: stage for stage, c in found.items()}, others, number + 1
    return {}, {}, 0


def keep_figures_apart(result: ReadTable, table: Table, own: list[Cell | None], columns: Iterable[int]) -> None:
    """Keeps the figures of a row that are none of the expenses; says so where no form is known to have such a row."""
    label = ""
    for column, cell in enumerate(own):
        text = cell.text.strip() if cell else ""
        if re.search(rf"[{CJK}]", text):
            label = re.sub(r"^(?:\(\d+\)|其中:|\d+[.、])+", "", key(label_key(text)))
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
