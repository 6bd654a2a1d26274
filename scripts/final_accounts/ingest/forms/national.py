"""The national form of project self-evaluation (财预〔2020〕10号) by the headings of its columns.

Provinces leave columns out, add some, and name them a little otherwise; each figure belongs to the raw column that its
heading means. What the raw tables have no column for is kept apart. A form that is not understood wholly is kept apart
as a whole, because nobody is to be held to a figure that was put into the wrong column.
"""

import re
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import IS_AMOUNT, IS_DASH, Cell, Line, amount_in, figure, joined, key
from final_accounts.ingest.forms.finding import Found, Row, flat
from final_accounts.ingest.forms.form import Form
from final_accounts.ingest.forms.headings import (
    FUNDING,
    HEAD,
    INDICATORS,
    SECTIONS,
    Columns,
    MisreadError,
    bare,
    columns_of,
    meaning,
)
from final_accounts.ingest.tables.others import OtherCell

_FIGURES = ("weight", "score")
_MONEY = ("target_declared", "initial_budget", "annual_budget", "executed", "carried_over")
_TEXTS = ("initial_target", "adjusted_target", "actual_value", "deviation_reason")
_TOTAL = re.compile(r"^(?:年度|项目)*资金(?:总额|总计|合计|总量)(?:[(（].*[)）])?[:：]?$|^(?:合计|总计)[:：]?$")
_TOTAL_SCORE = re.compile(r"^(?:总得?分|自评总分|合计得?分?|总计)")
_TARGET = re.compile(rf"^(?:{HEAD['annual_target']})")
_REACHED = re.compile(rf"^(?:{HEAD['actual_completion']})")
# labels beside the parts of the form
_SIDE = re.compile(r"^(?:项目资金.*|资金情况.*|预算执行情况.*|绩效指标|(?:年度|年初)?(?:总体|绩效)*目标(?:完成情况)?)$")
_UNIT = re.compile(r"[(（](?:单位[:：])?(亿元|百万元|万元|千元|元)[)）]|单位[:：](亿元|百万元|万元|千元|元)")
_GRADE = re.compile(r"^[(（]?(优|良|中|差)[)）]?$")
_SCORE_AND_GRADE = re.compile(r"^(?:总得?分[:：]?)?(\d[\d.]*)分?[(（]?(优|良|中|差)?[)）]?$")
_EXECUTION = re.compile(r"^(?:项目)?(?:预算|资金)?执行(?:率|情况|进度)")
# the points that the form gives to the execution rate
_POINTS = 10


def read_form(found: Found) -> Form:
    """A form with its rows, or with a sentence why it is not understood and all its cells apart."""
    pages = sorted({part.page for part in [*found.rows, *found.lines]})
    form = Form(0, pages, title=found.title or "项目支出绩效自评表")
    form.cells = {id(cell) for row in found.rows for cell in row.slots if cell}
    try:
        _Reader(form, found).read()
    except MisreadError as why:
        form = Form(0, pages, title=form.title, cells=form.cells, misread=str(why))
        rows = [row.printed for row in found.rows] or [_words(line) for line in found.lines]
        form.apart = [OtherCell(number, at + 1, cell) for number, row in enumerate(rows, 1) for at, cell in row]
    return form


def _words(line: Line) -> list[tuple[int, Cell]]:
    """The words of a line as cells."""
    words = [(word.text, word.box) for word in line.words] or [(text, None) for text in line.text.split()]
    return [(number, Cell(text, line.page, box)) for number, (text, box) in enumerate(words)]


@dataclass
class _Reader:
    """Reads the rows of a form one after the other; `part` is where it is in the form."""

    form: Form
    found: Found
    part: str = "head"
    columns: Columns | None = None
    used: set[int] = field(default_factory=set)
    # the headings below which a cell stands that is not used
    headings: dict[int, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    # the points that the execution can score, and the cells of what it did
    points: str = ""
    scores: set[int] = field(default_factory=set)

    def read(self) -> None:
        """The whole form; what is not used of it is kept apart."""
        if not self.found.rows:
            raise MisreadError("no lines are drawn around its cells, which say what stands below which heading")
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
        elif self.part == "tail" and len(row.printed) == 2 and joined(row.printed[0][1].text) in SECTIONS:
            self._read_analysis(*(cell for _, cell in row.printed))
        else:
            self._read_labels(row)

    def _part_begun(self, row: Row) -> str:
        """The part of the form whose headings a row is, blank where it is none."""
        funding, indicators = columns_of(row, FUNDING), columns_of(row, INDICATORS)
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
        targets = [cell for _, cell in cells if _TARGET.match(bare(cell.text))]
        reached = [cell for _, cell in cells if _REACHED.match(bare(cell.text))]
        if not targets or not reached or len(cells) < len(row.printed):
            return False
        names = [""] * len(row.slots)
        for cell, name in ((targets[-1], "annual_target"), (reached[-1], "actual_completion")):
            for covered in row.covers(cell):
                names[covered] = name
        self.columns = Columns(names, names, row.edges)
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
                raise MisreadError(f"«{flat(cell.text)}» stands below several headings")
            name = columns.names[column] if columns.names[column] else next(iter(names), "")
            if name in cells:
                raise MisreadError(f"«{flat(cell.text)}» shares its column with «{flat(cells[name].text)}»")
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
            raise MisreadError(f"«{flat(cells[name].text)}» is no figure")
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
            name = meaning(label, HEAD) if len(label) < 20 else ""
            if not name or (self.part == "tail" and name not in ("total_score", "grade")):
                continue
            beside = cells[number + 1] if number + 1 < len(cells) else None
            if colon and rest:
                self._set_head(name, rest.strip(), cell)
            elif beside is not None and not meaning(beside.text, HEAD):
                self._set_head(name, flat(beside.text), cell, beside)
            else:
                self.used.add(id(cell))

    def _set_head(self, name: str, text: str, *cells: Cell) -> None:
        """Keeps a text of the head; a second one stays apart, and so does what is no score or grade."""
        is_other = name == "total_score" and not IS_AMOUNT.match(text.removesuffix("分"))
        if self.form.head[name] or is_other or (name == "grade" and not _GRADE.match(text)):
            return
        self.form.head[name] = text.removesuffix("分") if name == "total_score" else text
        self.used |= {id(cell) for cell in cells}

    def _read_funding(self, row: Row) -> bool:
        """A row of money; False where it is none, and what follows is no part of the funding."""
        if row.printed and meaning(row.printed[0][1].text, HEAD):
            return False
        columns = self.columns.below(row)
        first = next(column for column, name in enumerate(columns.names) if name)
        labels = [cell for column, cell in row.printed if column < first and not _SIDE.match(key(cell.text))]
        cells = self._by_column(row)
        if not labels and not cells:
            return True
        label = "".join(joined(cell.text) for cell in labels)
        if not re.search(r"[一-龥]", label) or meaning(label, HEAD):
            return self._ends_funding(cells)
        figures = {name: self._figure(cells, name) for name in _MONEY}
        figures |= {"execution_rate": self._rate(cells, figures), "score": self._figure(cells, "score", "分")}
        self.used |= {id(cell) for cell in labels}
        self._keep_points(row, columns, cells, is_total=bool(_TOTAL.match(label)))
        reason = self._text(cells, "deviation_reason")
        self.form.funding.append({"funding_source": label} | figures | {"deviation_reason": reason})
        return True

    def _keep_points(self, row: Row, columns: Columns, cells: dict[str, Cell], *, is_total: bool) -> None:
        """The score of what was executed, and of how many points it is."""
        self.scores |= {id(cells["score"])} if "score" in cells else set()
        points = [cell for column, cell in row.printed if columns.headings[column] in ("分值", "权重")]
        if is_total and points:
            self.points = joined(points[0].text)

    def _ends_funding(self, cells: dict[str, Cell]) -> bool:
        """Says that a row is none of the funding; figures below its headings speak against that."""
        if any(name in cells and amount_in(figure(joined(cells[name].text))) is not None for name in _MONEY):
            raise MisreadError("a row of its funding has no label")
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
        """An indicator, or the levels of those that follow."""
        columns = self.columns.below(row)
        cells = self._by_column(row)
        self._set_levels(row, columns)
        if self._is_none(cells):
            return
        own = {name: self._figure(cells, name, "分", "%") for name in _FIGURES}
        own |= {name: self._text(cells, name) for name in ("level_3", *_TEXTS)}
        own["level_3"] = joined(own["level_3"])
        last = self.form.indicators[-1] if self.form.indicators else None
        if row.is_first_of_page and last and self._is_one_with(last, own):
            for name, text in own.items():
                last[name] += text
        elif any(own[name] for name in (*_FIGURES, "initial_target", "adjusted_target", "actual_value")):
            self._add_indicator(own)
        else:
            self.used -= {id(cell) for cell in cells.values()}

    def _add_indicator(self, own: dict[str, str]) -> None:
        """Keeps an indicator below its levels."""
        if not self.levels.get("level_1"):
            raise MisreadError(f"the indicator «{own['level_3']}» stands below no first level")
        levels = {name: self.levels.get(name, "") for name in ("level_1", "level_2")}
        self.form.indicators.append(levels | own | {"cut_columns": ""})

    def _is_one_with(self, last: dict[str, str], own: dict[str, str]) -> bool:
        """Whether two rows at the break of a page are one: one of them alone has figures."""
        has = [any(row[name] for name in _FIGURES) for row in (last, own)]
        is_other = bool(own["initial_target"] and last["initial_target"] and own["level_3"] and last["level_3"])
        return has[0] != has[1] and not is_other

    def _set_levels(self, row: Row, columns: Columns) -> None:
        """The levels of a row: a merged cell counts for each row that it spans, a blank one for the last."""
        first = self._level(row, columns, "level_1")
        second = self._level(row, columns, "level_2")
        if first is not None and joined(first.text) != self.levels.get("level_1"):
            self.levels = {"level_1": joined(first.text)}
        if second is not None and second is not first:
            self.levels["level_2"] = joined(second.text)
        self.used |= {id(cell) for cell in (first, second) if cell is not None}

    @staticmethod
    def _level(row: Row, columns: Columns, level: str) -> Cell | None:
        """The cell that says a level of a row, None where nothing is printed."""
        slots = [row.slots[column] for column, name in enumerate(columns.names) if name == level]
        return next((slot for slot in slots if slot and slot.text.strip()), None)

    def _is_none(self, cells: dict[str, Cell]) -> bool:
        """Whether a row has nothing but levels, sums up those above it, or repeats the execution of the budget."""
        levels = [joined(cells[name].text) for name in ("level_1", "level_2", "level_3") if name in cells]
        is_sum = any(re.match(r"^(?:小计|合计)", text) for text in levels)
        is_execution = any(_EXECUTION.match(text) for text in [*levels, *self.levels.values()])
        return is_sum or is_execution or not any(name in cells for name in (*_FIGURES, *_TEXTS, "level_3"))

    def _read_total_score(self, row: Row) -> None:
        """The total score: below its heading, or the one figure of its row; and the grade beside it."""
        label = next(cell for _, cell in row.printed if _TOTAL_SCORE.match(joined(cell.text)))
        columns = self.columns.below(row)
        figures, exact = [], []
        for column, cell in row.printed:
            names = {columns.names[covered] for covered in row.covers(cell)}
            self.headings[id(cell)] = columns.headings[column]
            match = _SCORE_AND_GRADE.match(joined(cell.text))
            if _GRADE.match(joined(cell.text)):
                self._set_head("grade", _GRADE.match(joined(cell.text)).group(1), cell)
            elif match and names != {"weight"}:
                figures.append((cell, match))
                exact += [(cell, match)] if names == {"score"} else []
        if len(figures := exact or figures) == 1:
            ((cell, match),) = figures
            self._set_head("total_score", match.group(1), cell)
            self._set_head("grade", match.group(2) or "", cell)
        self.headings.pop(id(label), None)
        self.used.add(id(label))
        self.part = "tail"

    def _read_analysis(self, section: Cell, analysis: Cell) -> None:
        """A text about what was done, below the total score."""
        text = {"section": joined(section.text), "analysis_text": flat(analysis.text)}
        self.form.analyses.append(text | {"cut_columns": ""})
        self.used |= {id(section), id(analysis)}

    def _check(self) -> None:
        """A form without a name, a total or indicators is not understood."""
        if not self.form.head["project_name"]:
            raise MisreadError("its project has no name")
        totals = [n for n, row in enumerate(self.form.funding) if _TOTAL.match(row["funding_source"])]
        if totals != [0]:
            raise MisreadError("its funding does not begin with one total")
        if not self.form.indicators:
            raise MisreadError("no indicators were found below their headings")

    def _unit(self) -> str:
        """The unit of its money as printed."""
        # a label may be drawn over the columns of another row, which part it
        texts = self.found.above + ["".join(cell.text for _, cell in row.printed) for row in self.found.rows]
        units = {match.group(1) or match.group(2) for text in texts if (match := _UNIT.search(joined(text)))}
        if len(units) != 1:
            raise MisreadError("it does not say in which unit its money is" if not units else "its money has two units")
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
