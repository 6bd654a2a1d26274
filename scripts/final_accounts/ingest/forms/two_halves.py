"""Project self-evaluation forms as they are printed over two half pages: their halves together.

A form begins with its project name. Where it is printed over two half pages side by side, the right half begins with
the budget unit; rows of the halves belong together in their order, and a text that both halves show in part is joined
where they overlap.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from final_accounts.ingest.document.pages import Document, Grid, Line, joined
from final_accounts.ingest.forms.form import Form
from final_accounts.ingest.forms.headings import SECTIONS

NUMBER = r"-?\d[\d,]*(?:\.\d+)?"
LEVEL_1 = ("产出指标", "效益指标", "满意度指标")
LEVEL_2 = (
    "数量指标",
    "质量指标",
    "时效指标",
    "成本指标",
    "经济效益指标",
    "社会效益指标",
    "生态效益指标",
    "可持续影响指标",
    "服务对象满意度指标",
)
FUNDING = ("target_declared", "initial_budget", "annual_budget", "executed", "carried_over", "execution_rate", "score")
_SIGN = "＝=≥≤＞＜<>"
_GRADE = re.compile(rf"^(?:总\s*分\s*)?({NUMBER})\s*(优|良|中|差)$")


def read_two_halves(document: Document) -> list[Form]:
    """The forms of a document in printed order."""
    pages = [(page.number, "\n".join(_texts(page.parts)).split("\n")) for page in document.pages]
    starts = [n for n, (_, lines) in enumerate(pages) if _begins_form(lines)]
    forms = []
    for number, (start, end) in enumerate(pairwise([*starts, len(pages)]), 1):
        own = pages[start:end]
        right = next((n for n, (_, lines) in enumerate(own) if n and _at(lines, r"^预算单位\s") is not None), len(own))
        form = Form(number, [page for page, _ in own])
        _read(form, _lines_of(own[:right]), _lines_of(own[right:]))
        known = document.pages_known
        form.head |= {"page_from": str(own[0][0]) if known else "", "page_to": str(own[-1][0]) if known else ""}
        forms.append(form)
    return forms


def _begins_form(lines: list[str]) -> bool:
    """Whether a page has the head of a form."""
    return _at(lines, r"^项目名称\s") is not None and _at(lines, r"^主管部门") is not None


def _lines_of(pages: list[tuple[int, list[str]]]) -> list[str]:
    """The lines of some pages, with a blank one below each page."""
    return [line for _, lines in pages for line in [*lines, ""]]


def _texts(parts: list[Line | Grid]) -> Iterator[str]:
    """Lines of a page; the rows of a drawn table as lines of their own with a blank line between them.

    What was to be done and what was done stand side by side below their headings: each is a line of its own.
    """
    is_side_by_side = False
    for part in parts:
        if isinstance(part, Line):
            yield part.text.strip()
        else:
            for number, slots in enumerate(part.slots):
                own = [part.own(number, c) for c in range(len(slots))]
                cells = [cell.text.strip() for cell in own if cell and cell.text.strip()]
                # white space within a label sets it apart, within a sentence it is printed
                texts = [text if len(text) > 20 else joined(text) for text in cells]
                yield from ("", ("\n\n" if is_side_by_side else " ").join(texts), "")
                row = "".join(texts)
                is_side_by_side = "年度" in row and "目标" in row and "实际完成情况" in row and len(row) < 30


def _at(lines: list[str], pattern: str, start: int = 0) -> int | None:
    return next((n for n in range(start, len(lines)) if re.search(pattern, lines[n])), None)


def together(left: str, right: str) -> tuple[str, bool]:
    """Two parts of one text, each cut at the page edge, as one; and whether they overlap."""
    if not left or not right:
        return left or right, True
    if right in left:
        return left, True
    for length in range(min(len(left), len(right)), 0, -1):
        if left.endswith(right[:length]):
            return left + right[length:], True
    return left + right, False


def _blocks(lines: list[str]) -> list[str]:
    """Lines that stand together without a blank line between them, joined."""
    blocks, current = [], ""
    for line in lines:
        if line:
            current += line
        elif current:
            blocks.append(current)
            current = ""
    return [*blocks, current] if current else blocks


def _read(form: Form, left: list[str], right: list[str]) -> None:
    _read_head(form, left, right)
    _read_funding(form, left, right)
    _read_targets(form, left, right)
    _read_indicators(form, left, right)
    _read_analyses(form, left, right)
    cut = [name for name in ("annual_target", "actual_completion") if _seems_cut(form.head[name], 100)]
    form.head["cut_columns"] = ";".join(cut)


def _seems_cut(text: str, length: int) -> bool:
    """Whether a text that fills its cell ends in the middle of a sentence. A judgement: print shows no more."""
    return len(text) >= length and not re.search(r"[。；！？]$", text)


def _read_head(form: Form, left: list[str], right: list[str]) -> None:
    at = _at(left, r"^项目名称\s")
    name = re.sub(r"^项目名称\s+", "", left[at])
    unit_at = _at(right, r"^预算单位\s")
    if unit_at is not None:
        before = [line for line in right[:unit_at] if line]
        name, fits = together(name, before[-1] if before else "")
        if not fits:
            form.problems.append(f"the halves of the project name «{name}» do not overlap")
    department = next((line for line in left if line.startswith("主管部门及代码")), "")
    department = re.sub(r"^主管部门及代码\s*", "", department)
    department, _, unit = department.partition("预算单位")
    if unit_at is not None:
        unit = re.sub(r"^预算单位\s*", "", right[unit_at])
    drawn = "".join(line for line in left[:at] if line)
    year = re.search(r"（(20\d\d)年度）", drawn) or re.search(r"（(20\d\d)年度", "".join(right[:6]))
    title = f"{name}项目支出绩效自评表" + (f"（{year.group(1)}年度）" if year else "")
    amount = re.search(r"（(亿元|百万元|万元|千元|元)）", "".join(left))
    form.head |= {
        "form_title": title,
        "project_name": name,
        "department": department.strip(),
        "budget_unit": unit.strip(),
        "amount_unit": amount.group(1) if amount else "万元",
    }


def _read_funding(form: Form, left: list[str], right: list[str]) -> None:
    row = re.compile(rf"^(\S*资金\S*|\S*资金总额[：:]?)\s+((?:{NUMBER}\s*)+)(\D.*)?$")
    end = _at(left, r"年度目标") or len(left)
    rows = [match for line in left[:end] if (match := row.match(line))]
    stop = _at(right, r"实际完成情况") or 0
    others = [m for line in right[:stop] if (m := re.match(rf"^((?:{NUMBER}\s+){{3}}{NUMBER})\s*(\D.*)?$", line))]
    if others and len(others) != len(rows):
        form.problems.append(f"{len(rows)} funding rows on the left half, {len(others)} on the right")
    for number, match in enumerate(rows):
        figures, reason = match.group(2).split(), match.group(3) or ""
        if number < len(others):
            figures += others[number].group(1).split()
            reason = others[number].group(2) or ""
        if len(figures) != len(FUNDING):
            form.problems.append(f"funding row «{match.group(1)}» has {len(figures)} figures; expected {len(FUNDING)}")
        figures = (figures + [""] * len(FUNDING))[: len(FUNDING)]
        form.funding.append(
            {"funding_source": match.group(1)}
            | dict(zip(FUNDING, figures, strict=True))
            | {"deviation_reason": reason.strip()}
        )


def _read_targets(form: Form, left: list[str], right: list[str]) -> None:
    start, end = _at(left, r"年度目标"), _at(left, r"^(?:绩|绩效指标.*|一级指标\s.*)$")
    blocks = _blocks(left[start + 1 : end]) if start is not None and end is not None else []
    reached = _at(right, r"^实际完成情况")
    if reached is not None:
        target = "".join(blocks)
        actual = "".join(_blocks(right[reached + 1 : _at(right, r"^得分", reached)]))
    else:
        target, actual = (
            "".join(blocks[:-1]) if len(blocks) > 1 else "".join(blocks),
            blocks[-1] if len(blocks) > 1 else "",
        )
        if len(blocks) > 2:
            form.problems.append("it is not clear where the annual target ends and what was reached begins")
    form.head |= {"annual_target": target, "actual_completion": actual}


def _read_indicators(form: Form, left: list[str], right: list[str]) -> None:
    start = _at(left, r"实际完成值")
    total = _at(left, r"^总\s*分", start or 0)
    if start is None or total is None:
        form.problems.append("no indicators were found")
        return
    _read_grade(form, [*left[total:], *right])
    begin = _at(right, r"^得分\s")
    scores = _scores(right[begin + 1 :]) if begin is not None else []
    level_1 = level_2 = ""
    for block in _blocks(left[start + 1 : total]):
        level_1, level_2, text = _levels(block, level_1, level_2)
        row = _indicator(text, begin is not None) if text else None
        if row is None:
            if text and not re.fullmatch(r"[绩效指标]{1,4}", text):
                form.problems.append(f"«{text}» among the indicators was not understood")
            continue
        if begin is not None:
            number = len(form.indicators)
            row["score"], row["deviation_reason"] = scores[number] if number < len(scores) else ("", "")
        row |= {"level_1": level_1, "level_2": level_2}
        form.indicators.append(row | {"cut_columns": ";".join(_cut_columns(row))})
    if begin is not None and len(scores) != len(form.indicators):
        form.problems.append(f"{len(form.indicators)} indicators on the left half, {len(scores)} scores on the right")


def _read_grade(form: Form, lines: list[str]) -> None:
    """The total score and the grade below the indicators."""
    grade = next((match for line in lines if (match := _GRADE.match(line))), None)
    form.head |= {"total_score": grade.group(1) if grade else "", "grade": grade.group(2) if grade else ""}
    if not grade:
        form.problems.append("no total score and grade were found")


def _scores(lines: list[str]) -> list[tuple[str, str]]:
    """The score of each indicator and the reason of its deviation, which the right half prints down to the grade."""
    scores: list[tuple[str, str]] = []
    for line in lines:
        if _GRADE.match(line):
            break
        if match := re.match(rf"^({NUMBER})(?:\s+(.+))?$", line):
            scores.append((match.group(1), match.group(2) or ""))
    return scores


def _cut_columns(row: dict[str, str]) -> list[str]:
    """The cells of an indicator whose text the print cuts where their width ends."""
    # a cell of the third level has room for eight characters
    fills = sum(2 if ord(c) > 0x2000 else 1 for c in row["level_3"]) >= 15
    initial, adjusted = row["initial_target"], row["adjusted_target"]
    is_cut = {
        "level_2": row["level_2"].endswith("度指"),
        "level_3": fills,
        "initial_target": bool(initial) and initial != adjusted and adjusted.startswith(initial),
    }
    return [column for column, cut in is_cut.items() if cut]


def _levels(block: str, level_1: str, level_2: str) -> tuple[str, str, str]:
    """The levels that a block begins with, and the rest of it."""
    text = block
    if re.fullmatch(r"[绩效指标]{1,3}", text):
        # «标» of 服务对象满意度指标 at the top of a page belongs to the heading beside the rows
        return level_1, level_2, ""
    text = re.sub(r"^[绩效指标]*(?=产出指|效益指标|满意度指标)", "", text)
    for name in LEVEL_1:
        if re.match(rf"^{name}(?!\s*\S*{NUMBER}$)", text) or text == name:
            level_1, text = name, text[len(name) :].strip()
            break
    for name in sorted(LEVEL_2, key=len, reverse=True):
        for form in (name, name[:-1]) if name.startswith("服务对象") else (name,):
            if text.startswith(form):
                return level_1, form, text[len(form) :].strip()
    return level_1, level_2, text


def _indicator(text: str, is_half: bool) -> dict[str, str] | None:
    """The cells of an indicator row; cells that fill their width touch the next one."""
    reason = ""
    if is_half:
        match = re.match(r"^(.*?)\s*(\d{1,3})$", text)
        weight, score = (match.group(2), "") if match else ("", "")
    else:
        match = re.match(rf"^(.*?)\s*(\d{{1,3}})\s+({NUMBER})(?:\s+(\D.*))?$", text)
        weight, score, reason = (match.group(2), match.group(3), match.group(4) or "") if match else ("", "", "")
    if not match:
        return None
    rest = match.group(1)
    values = [value.strip() for value in re.findall(rf"[{_SIGN}][^{_SIGN}]*", rest)]
    if len(values) == 3:
        name = re.split(rf"[{_SIGN}]", rest)[0].strip()
        initial, adjusted, actual = values
    elif unfilled := re.match(r"^(.*?)\s*未填报\s*(.*)$", rest):
        name, initial, adjusted, actual = unfilled.group(1), "", "未填报", unfilled.group(2)
    else:
        words = rest.split(" ")
        if len(words) >= 4:
            name, initial, adjusted, actual = " ".join(words[:-3]), *words[-3:]
        elif len(words) == 3 and words[0].endswith(words[1]):
            name, initial, adjusted, actual = words[0][: -len(words[1])], words[1], words[1], words[2]
        else:
            return None
    return {
        "level_3": name,
        "initial_target": initial,
        "adjusted_target": adjusted,
        "actual_value": actual,
        "weight": weight,
        "score": score,
        "deviation_reason": reason,
    }


def _read_analyses(form: Form, left: list[str], right: list[str]) -> None:
    start = _at(left, r"^总\s*分") or 0
    text = "\n".join(left[start:])
    text = text[: text.find("备注：")] if "备注：" in text else text
    places = []
    for section in SECTIONS:
        match = re.search(r"\s*".join(map(re.escape, section)), text)
        if match:
            places.append((match.start(), match.end(), section))
    places.sort()
    grade = _at(right, _GRADE.pattern)
    others = [line for line in right[grade + 1 :] if line] if grade is not None else []
    for number, (_, end, section) in enumerate(places):
        following = places[number + 1][0] if number + 1 < len(places) else len(text)
        own = "".join(line.strip() for line in text[end:following].split("\n"))
        if others:
            if number >= len(others):
                form.problems.append(f"the right half has no text for «{section}»")
                continue
            own, fits = together(own, others[number])
            if not fits:
                form.problems.append(f"the halves of the text «{section}» do not overlap")
        form.analyses.append(
            {"section": section, "analysis_text": own, "cut_columns": "analysis_text" if _seems_cut(own, 50) else ""}
        )
