"""What the headings and labels of a self-evaluation form mean, and which column of its rows stands below which."""

import re
from dataclasses import dataclass

from final_accounts.ingest.document.pages import joined, key
from final_accounts.ingest.forms.finding import Row


class MisreadError(Exception):
    """The form is not understood; the text says why."""


# Headings without what stands in brackets; the first that fits is it.
FUNDING = {
    "target_declared": r"(?:目标)?申报数?$",
    "initial_budget": r"年初(?:部门)?预算",
    "annual_budget": r"(?:全年|年度|调整后?(?:全年)?)?预算(?:调整)?(?:数|金额|资金|安排数?|总额)?$",
    "executed": r"(?:全年|年度|实际|本年)*(?:预算|资金)?(?:执行|支出)(?:数|金额|额|资金)$|全年(?:预算)?执行$",
    "carried_over": r"(?:年末|资金)*结(?:转|余)",
    "execution_rate": r"(?:全年|预算|资金)*执行率",
    "score": r"(?:自评|执行率)?得分",
    "deviation_reason": r".*(?:偏差|原因)",
}
INDICATORS = {
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
HEAD = {
    "project_name": r"项目名称",
    "department": r"(?:主管|预算)部门",
    "budget_unit": r"(?:项目)?(?:预算|实施|使用|执行)单位|项目单位|资金使用单位",
    "annual_target": r"(?:年度|年初)?(?:总体|预期|设定|绩效)*目标$",
    "actual_completion": r"(?:年度|全年)?(?:总体)?(?:目标)?(?:实际)?完成情况",
    "total_score": r"自评(?:总分|得分)|评价得分|总得?分",
    "grade": r"(?:自评|评价|绩效)*(?:等级|等次)",
}

# what is written about the project below its scores
SECTIONS = (
    "项目实施和预算执行情况及分析",
    "产出情况及分析",
    "效益情况及分析",
    "满意度情况及分析",
    "主要经验做法",
    "项目管理中存在的主要问题及原因分析",
    "下一步改进措施及管理建议",
)


def bare(text: str) -> str:
    """A heading without what stands in brackets, and without the letter that numbers its column."""
    return re.sub(r"[A-Z/÷×*]+$", "", re.sub(r"\([^()]*\)", "", key(text)))


def meaning(text: str, names: dict[str, str]) -> str:
    """The raw column that a heading or label means; blank where there is none."""
    return next((name for name, pattern in names.items() if re.match(pattern, bare(text))), "")


@dataclass
class Columns:
    """The headings of a part of the form: what each column means, and what it is called."""

    names: list[str]
    headings: list[str]
    edges: list[float]

    def below(self, row: Row) -> "Columns":
        """The same for a row, which on another page may be drawn in other columns."""
        if len(row.slots) == len(self.names):
            return self
        if len(self.edges) != len(self.names) + 1 or len(row.edges) != len(row.slots) + 1:
            raise MisreadError("it goes on in columns that are not those of its headings")
        middles = [(left + right) / 2 for left, right in zip(row.edges, row.edges[1:], strict=False)]
        at = [max((n for n, edge in enumerate(self.edges[:-1]) if edge <= middle), default=0) for middle in middles]
        return Columns([self.names[n] for n in at], [self.headings[n] for n in at], row.edges)


def columns_of(row: Row, names: dict[str, str]) -> Columns:
    """What the headings of a row mean; a second column of the same meaning has none."""
    meanings, headings = [""] * len(row.slots), [""] * len(row.slots)
    for column, cell in row.printed:
        name = meaning(cell.text, names)
        name = "" if name in meanings else name
        for covered in row.covers(cell) or [column]:
            meanings[covered], headings[covered] = name, joined(cell.text)
    return Columns(meanings, headings, row.edges)
