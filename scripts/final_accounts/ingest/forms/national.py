"""The national form of project self-evaluation (财预〔2020〕10号) by the headings of its columns.

Provinces leave columns out, add some, and name them a little otherwise; each figure belongs to the raw column that its
heading means. What the raw tables have no column for is kept apart. A form that is not understood wholly is kept apart
as a whole, because nobody is to be held to a figure that was put into the wrong column.
"""

import re
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import IS_AMOUNT, IS_DASH, Cell, amount_in, figure, joined, key
from final_accounts.ingest.forms.finding import Found, Row, flat
from final_accounts.ingest.forms.form import Form
from final_accounts.ingest.tables.others import OtherCell

# Headings without what stands in brackets; the first that fits is it.
_FUNDING = {
    "target_declared": r"目标申报数?$",
    "initial_budget": r"年初(?:部门)?预算",
    "annual_budget": r"(?:全年|年度|调整后?(?:全年)?)?预算(?:调整)?(?:数|金额|资金|安排数?|总额)?$",
    "executed": r"(?:全年|年度|实际|本年)*(?:预算|资金)?(?:执行|支出)(?:数|金额|额)$",
    "carried_over": r"(?:年末|资金)*结\(?转?\)?余",
    "execution_rate": r"(?:全年|预算|资金)*执行率",
    "score": r"(?:自评|执行率)?得分",
    "deviation_reason": r".*(?:偏差|原因)",
}
_INDICATORS = {
    "level_1": r"一级指标",
    "level_2": r"二级指标",
    "level_3": r"三级指标|指标名称|指标内容",
    "deviation_reason": r".*(?:偏差|原因)",
    "adjusted_target": r"调整后?(?:的)?(?:年度)?(?:指标|目标)值",
    "initial_target": r"(?:全年|年度|年初|预期|设定|计划)*(?:绩效)?(?:指标|目标)值",
    "actual_value": r"(?:全年|年度|本年)*(?:实际)?完成(?:值|情况)|(?:全年|年度)?实际(?:指标)?(?:完成)?值?$",
    "weight": r"(?:标准|指标)?分值|权重|标准分|满分",
    "score": r"(?:自评|实际|指标)*得分|自评分",
}
_HEAD = {
    "project_name": r"项目名称",
    "department": r"(?:主管|预算)部门",
    "budget_unit": r"(?:项目)?(?:预算|实施|使用|执行)单位|项目单位|资金使用单位",
    "annual_target": r"(?:年度|年初)?(?:总体|预期|设定|绩效)*目标$",
    "actual_completion": r"(?:年度|全年)?(?:总体)?(?:目标)?(?:实际)?完成情况",
    "total_score": r"自评(?:总分|得分)|评价得分|总得?分",
    "grade": r"(?:自评|评价|绩效)*(?:等级|等次)",
}
_FIGURES = ("weight", "score")
_MONEY = ("target_declared", "initial_budget", "annual_budget", "executed", "carried_over")
_TEXTS = ("initial_target", "adjusted_target", "actual_value", "deviation_reason")
_TOTAL = re.compile(r"^(?:年度|项目)*资金(?:总额|总计|合计|总量)(?:[(（].*[)）])?[:：]?$|^(?:合计|总计)[:：]?$")
_TOTAL_SCORE = re.compile(r"^(?:总得?分|自评总分|合计得?分?|总计)")
_TARGET = re.compile(rf"^(?:{_HEAD['annual_target']})")
_REACHED = re.compile(rf"^(?:{_HEAD['actual_completion']})")
# labels beside the parts of the form
_SIDE = re.compile(r"^(?:项目资金.*|资金情况.*|预算执行情况.*|绩效指标|(?:年度|年初)?(?:总体|绩效)*目标(?:完成情况)?)$")
_UNIT = re.compile(r"[(（](?:单位[:：])?(亿元|百万元|万元|千元|元)[)）]|单位[:：](亿元|百万元|万元|千元|元)")
_GRADE = re.compile(r"^[(（]?(优|良|中|差)[)）]?$")
_EXECUTION = re.compile(r"^(?:项目)?(?:预算|资金)?执行(?:率|情况|进度)")
# the points that the form gives to the execution rate
_POINTS = 10


class _MisreadError(Exception):
    """The form is not understood; the text says why."""


def read_form(found: Found) -> Form:
    """A form with its rows, or with a sentence why it is not understood and all its cells apart."""
    pages = sorted({row.page for row in found.rows})
    form = Form(0, pages, title=found.title or "项目支出绩效自评表")
    form.cells = {id(cell) for row in found.rows for cell in row.slots if cell}
    try:
        _Reader(form, found).read()
    except _MisreadError as why:
        form = Form(0, pages, title=form.title, cells=form.cells, misread=str(why))
        form.apart = [
            OtherCell(number, column + 1, cell)
            for number, row in enumerate(found.rows, 1)
            for column, cell in row.printed
        ]
    return form


def _bare(text: str) -> str:
    """A heading without what stands in brackets."""
    return re.sub(r"\([^()]*\)", "", key(text))


def _meaning(text: str, names: dict[str, str]) -> str:
    """The raw column that a heading or label means; blank where there is none."""
    return next((name for name, pattern in names.items() if re.match(pattern, _bare(text))), "")


@dataclass
class _Columns:
    """The headings of a part of the form: what each column means, and what it is called."""

    names: list[str]
    headings: list[str]
    edges: list[float]

    def below(self, row: Row) -> "_Columns":
        """The same for a row, which on another page may be drawn in other columns."""
        if len(row.slots) == len(self.names):
            return self
        if len(self.edges) != len(self.names) + 1 or len(row.edges) != len(row.slots) + 1:
            raise _MisreadError("it goes on in columns that are not those of its headings")
        middles = [(left + right) / 2 for left, right in zip(row.edges, row.edges[1:], strict=False)]
        at = [max((n for n, edge in enumerate(self.edges[:-1]) if edge <= middle), default=0) for middle in middles]
        return _Columns([self.names[n] for n in at], [self.headings[n] for n in at], row.edges)


def _columns(row: Row, names: dict[str, str]) -> _Columns:
    """What the headings of a row mean; a second column of the same meaning has none."""
    meanings, headings = [""] * len(row.slots), [""] * len(row.slots)
    for column, cell in row.printed:
        meaning = _meaning(cell.text, names)
        meaning = "" if meaning in meanings else meaning
        for covered in row.covers(cell) or [column]:
            meanings[covered], headings[covered] = meaning, joined(cell.text)
    return _Columns(meanings, headings, row.edges)


@dataclass
class _Reader:
    """Reads the rows of a form one after the other; `part` is where it is in the form."""

    form: Form
    found: Found
    part: str = "head"
    columns: _Columns | None = None
    used: set[int] = field(default_factory=set)
    # the headings below which a cell stands that is not used
    headings: dict[int, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    # the points that the execution can score, and the cells of what it did
    points: str = ""
    scores: set[int] = field(default_factory=set)

    def read(self) -> None:
        """The whole form; what is not used of it is kept apart."""
        self.form.head = dict.fromkeys(("project_name", "department", "budget_unit", "annual_target"), "")
        self.form.head |= dict.fromkeys(("actual_completion", "total_score", "grade", "cut_columns"), "")
        for row in self.found.rows:
            self._read_row(row)
        self._check()
        self.form.head |= {"form_title": self.found.title, "amount_unit": self._unit()}
        self._settle_execution()
        self._keep_apart()

    def _read_row(self, row: Row) -> None:
        part = self._part_begun(row)
        if part:
            self.part = part
        elif self.part == "indicators" and _TOTAL_SCORE.match(self._label(row)):
            self._read_total_score(row)
        elif self.part == "funding" and self._read_funding(row):
            pass
        elif self.part == "targets":
            self._read_targets(row)
        elif self.part == "indicators":
            self._read_indicator(row)
        else:
            self._read_labels(row)

    def _part_begun(self, row: Row) -> str:
        """The part of the form whose headings a row is, blank where it is none."""
        funding, indicators = _columns(row, _FUNDING), _columns(row, _INDICATORS)
        if "level_1" in indicators.names and {"level_2", "level_3"} & set(indicators.names):
            self.columns, part = indicators, "indicators"
        elif "executed" in funding.names and {"initial_budget", "annual_budget"} & set(funding.names):
            self.columns, part = funding, "funding"
        elif self.part in ("head", "funding") and self._begins_targets(row):
            part = "targets"
        else:
            return ""
        self.used |= {id(cell) for _, cell in row.printed}
        return part

    def _begins_targets(self, row: Row) -> bool:
        """Whether a row has the headings of what was to be reached and, beside it, of what was."""
        cells = [(column, cell) for column, cell in row.printed if len(joined(cell.text)) < 20]
        targets = [cell for _, cell in cells if _TARGET.match(_bare(cell.text))]
        reached = [cell for _, cell in cells if _REACHED.match(_bare(cell.text))]
        if not targets or not reached or len(cells) < len(row.printed):
            return False
        names = [""] * len(row.slots)
        for cell, name in ((targets[-1], "annual_target"), (reached[-1], "actual_completion")):
            for covered in row.covers(cell):
                names[covered] = name
        self.columns = _Columns(names, names, row.edges)
        return True

    def _label(self, row: Row) -> str:
        """The first text of a row that does not name a part of the form."""
        texts = [joined(cell.text) for _, cell in row.printed]
        return next((text for text in texts if not _SIDE.match(key(text))), "")

    def _by_column(self, row: Row) -> dict[str, Cell]:
        """The cells of a row by what their columns mean; each cell belongs to one."""
        columns = self.columns.below(row)
        cells: dict[str, Cell] = {}
        for column, cell in row.printed:
            names = {columns.names[covered] for covered in row.covers(cell)} - {""}
            self.headings[id(cell)] = columns.headings[column]
            figures = names & {*_FIGURES, *_MONEY, "execution_rate"}
            if len(figures) > 1 or (figures and len(names) > 1):
                raise _MisreadError(f"«{flat(cell.text)}» stands below several headings")
            name = columns.names[column] if columns.names[column] else next(iter(names), "")
            if name in cells:
                raise _MisreadError(f"«{flat(cell.text)}» shares its column with «{flat(cells[name].text)}»")
            if name:
                cells[name] = cell
        return cells

    def _figure(self, cells: dict[str, Cell], name: str, *units: str) -> str:
        """The figure or dash that is printed in a column; a text there means that the column is another."""
        if name not in cells:
            return ""
        text = figure(joined(cells[name].text).replace("％", "%"))
        for unit in units:
            text = text.removesuffix(unit)
        if not IS_AMOUNT.match(text) and not IS_DASH.match(text):
            raise _MisreadError(f"«{flat(cells[name].text)}» is no figure")
        self.used.add(id(cells[name]))
        return text

    def _text(self, cells: dict[str, Cell], name: str) -> str:
        """The text that is printed in a column."""
        if name not in cells:
            return ""
        self.used.add(id(cells[name]))
        return flat(cells[name].text)

    def _read_labels(self, row: Row) -> None:
        """Texts beside their labels, and within one cell with them."""
        cells = [cell for _, cell in row.printed]
        for number, cell in enumerate(cells):
            label, colon, rest = flat(cell.text).translate(str.maketrans(":", "：")).partition("：")
            name = _meaning(label, _HEAD) if len(label) < 20 else ""
            if not name or (self.part == "tail" and name not in ("total_score", "grade")):
                continue
            beside = cells[number + 1] if number + 1 < len(cells) else None
            if colon and rest:
                self._set_head(name, rest.strip(), cell)
            elif beside is not None and not _meaning(beside.text, _HEAD):
                self._set_head(name, flat(beside.text), cell, beside)
            else:
                self.used.add(id(cell))

    def _set_head(self, name: str, text: str, *cells: Cell) -> None:
        """Keeps a text of the head; a second one of the same name stays apart, and so does what is no score or grade."""
        is_other = name == "total_score" and not IS_AMOUNT.match(text.removesuffix("分"))
        if self.form.head[name] or is_other or (name == "grade" and not _GRADE.match(text)):
            return
        self.form.head[name] = text.removesuffix("分") if name == "total_score" else text
        self.used |= {id(cell) for cell in cells}

    def _read_funding(self, row: Row) -> bool:
        """A row of money; False where it is none, and what follows is no part of the funding."""
        columns = self.columns.below(row)
        first = next(column for column, name in enumerate(columns.names) if name)
        labels = [cell for column, cell in row.printed if column < first and not _SIDE.match(key(cell.text))]
        cells = self._by_column(row)
        if not labels and not cells:
            return True
        label = "".join(joined(cell.text) for cell in labels)
        if not re.search(r"[一-龥]", label) or _meaning(label, _HEAD):
            return self._ends_funding(cells)
        figures = {name: self._figure(cells, name) for name in _MONEY}
        figures |= {"execution_rate": self._rate(cells, figures), "score": self._figure(cells, "score", "分")}
        self.used |= {id(cell) for cell in labels}
        self.scores |= {id(cells["score"])} if "score" in cells else set()
        if _TOTAL.match(label):
            points = [cell for column, cell in row.printed if columns.headings[column] in ("分值", "权重")]
            self.points = joined(points[0].text) if points else ""
        reason = self._text(cells, "deviation_reason")
        self.form.funding.append({"funding_source": label} | figures | {"deviation_reason": reason})
        return True

    def _ends_funding(self, cells: dict[str, Cell]) -> bool:
        """Says that a row is none of the funding; figures below its headings speak against that."""
        if any(name in cells and amount_in(figure(joined(cells[name].text))) is not None for name in _MONEY):
            raise _MisreadError("a row of its funding has no label")
        return False

    def _rate(self, cells: dict[str, Cell], figures: dict[str, str]) -> str:
        """The execution rate in percent; blank where something else is printed, or the rate as a fraction."""
        cell = cells.get("execution_rate")
        text = joined(cell.text).replace("％", "%") if cell else ""
        rate = amount_in(text.removesuffix("%"))
        if rate is None and not IS_DASH.match(text):
            return ""
        if rate is not None and not text.endswith("%") and 0 < rate <= 1:
            executed, budget = (amount_in(figures[name]) for name in ("executed", "annual_budget"))
            if not budget or executed is None or executed * 20 > budget:
                return ""
        self.used.add(id(cell))
        return text.removesuffix("%")

    def _read_targets(self, row: Row) -> None:
        """What was to be reached and what was, below their headings."""
        columns = self.columns.below(row)
        for column, cell in row.printed:
            name = columns.names[column]
            if name:
                self.form.head[name] += flat(cell.text)
                self.used.add(id(cell))

    def _read_indicator(self, row: Row) -> None:
        """An indicator; what a page cuts in two is put together where one of its parts alone has figures."""
        columns = self.columns.below(row)
        cells = self._by_column(row)
        if not any(name in cells for name in (*_FIGURES, *_TEXTS, "level_3")):
            self._set_levels(row, columns)
            return
        self._set_levels(row, columns)
        if any(_EXECUTION.match(text) for text in self.levels.values()) or self._is_subtotal(cells):
            return
        own = {name: self._figure(cells, name, "分", "%") for name in _FIGURES}
        own |= {name: self._text(cells, name) for name in ("level_3", *_TEXTS)}
        own["level_3"] = joined(own["level_3"])
        last = self.form.indicators[-1] if self.form.indicators else None
        if row.is_first_of_page and last and self._is_one_with(last, own):
            for name, text in own.items():
                last[name] += text
            return
        if not any(own[name] for name in (*_FIGURES, "initial_target", "adjusted_target", "actual_value")):
            self.used -= {id(cell) for cell in cells.values()}
            return
        if not self.levels.get("level_1"):
            raise _MisreadError(f"the indicator «{own['level_3']}» stands below no first level")
        levels = {name: self.levels.get(name, "") for name in ("level_1", "level_2")}
        self.form.indicators.append(levels | own | {"cut_columns": ""})

    def _is_one_with(self, last: dict[str, str], own: dict[str, str]) -> bool:
        """Whether two rows at the break of a page are one: one of them alone has figures."""
        has = [any(row[name] for name in _FIGURES) for row in (last, own)]
        is_other = bool(own["initial_target"] and last["initial_target"] and own["level_3"] and last["level_3"])
        return has[0] != has[1] and not is_other

    def _set_levels(self, row: Row, columns: _Columns) -> None:
        """The levels that a row stands in: a merged cell counts for each row that it spans, a blank one for the last."""
        at = {name: [n for n, own in enumerate(columns.names) if own == name] for name in ("level_1", "level_2")}
        for name in at:
            slots = [row.slots[n] for n in at[name]]
            cell = next((slot for slot in slots if slot and slot.text.strip()), None)
            text = joined(cell.text) if cell else ""
            is_of_both = name == "level_2" and any(cell is row.slots[n] for n in at["level_1"])
            if text and not is_of_both:
                if name == "level_1" and text != self.levels.get(name):
                    self.levels.pop("level_2", None)
                self.levels[name] = text
                self.used.add(id(cell))

    @staticmethod
    def _is_subtotal(cells: dict[str, Cell]) -> bool:
        """Whether a row sums up those above it."""
        names = ("level_1", "level_2", "level_3")
        return any(re.match(r"^(?:小计|合计)", joined(cells[name].text)) for name in names if name in cells)

    def _read_total_score(self, row: Row) -> None:
        """The total score: below its heading, or the one figure of its row; and the grade beside it."""
        label = next(cell for _, cell in row.printed if _TOTAL_SCORE.match(joined(cell.text)))
        beside = [
            (column, cell) for column, cell in row.printed if cell is not label and not _SIDE.match(key(cell.text))
        ]
        columns = self.columns.below(row)
        figures = []
        for column, cell in beside:
            text = joined(cell.text)
            names = {columns.names[covered] for covered in row.covers(cell)}
            match = re.match(r"^([\d.]+)分?[(（]?(优|良|中|差)?[)）]?$", text)
            self.headings[id(cell)] = columns.headings[column]
            if match and "score" in names | ({"score"} if names != {"weight"} else set()):
                figures.append((names == {"score"}, cell, match))
            elif _GRADE.match(text):
                self._set_head("grade", _GRADE.match(text).group(1), cell)
        exact = [own for own in figures if own[0]] or figures
        if len(exact) == 1:
            _, cell, match = exact[0]
            self._set_head("total_score", match.group(1), cell)
            self._set_head("grade", match.group(2) or "", cell)
        inner = re.match(r"^总得?分[:：]?([\d.]+)分?$", joined(label.text))
        if inner:
            self._set_head("total_score", inner.group(1), label)
        self.used.add(id(label))
        self.part = "tail"

    def _check(self) -> None:
        """A form without a name, a total or indicators is not understood."""
        if not self.form.head["project_name"]:
            raise _MisreadError("its project has no name")
        totals = [n for n, row in enumerate(self.form.funding) if _TOTAL.match(row["funding_source"])]
        if totals != [0]:
            raise _MisreadError("its funding does not begin with one total")
        if not self.form.indicators:
            raise _MisreadError("no indicators were found below their headings")

    def _unit(self) -> str:
        """The unit of its money as printed."""
        texts = self.found.above + [cell.text for row in self.found.rows for _, cell in row.printed]
        units = {match.group(1) or match.group(2) for text in texts if (match := _UNIT.search(joined(text)))}
        if len(units) != 1:
            raise _MisreadError(
                "it does not say in which unit its money is" if not units else "its money has two units"
            )
        return units.pop()

    def _settle_execution(self) -> None:
        """The score of the execution is one of ten points: where it is of others, it is kept apart."""
        points = amount_in(self.points)
        if points is None or points == _POINTS:
            return
        for row in self.form.funding:
            row["score"] = ""
        self.used -= self.scores

    def _keep_apart(self) -> None:
        """The cells that are used nowhere, beside what their rows and columns are called."""
        for number, row in enumerate(self.found.rows, 1):
            label = self._label(row)
            for column, cell in row.printed:
                if id(cell) not in self.used and not _SIDE.match(key(cell.text)):
                    own = label if joined(cell.text) != label else ""
                    self.form.apart.append(OtherCell(number, column + 1, cell, own, self.headings.get(id(cell), "")))
