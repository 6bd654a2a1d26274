"""From sentences of a narrative to what is said against them: each kind of true and of false accusation.

The tables are those of the shipped report, the sentences are our own. All cases are proved in one build.
"""

from dataclasses import dataclass

import pytest
from final_accounts.ingest.document.pages import Document, Line, Page
from final_accounts.ingest.narrative.claims import read_narrative
from final_accounts.ingest.proof import Verdict, prove
from final_accounts.registry import TABLE_NAMES
from projects import SHIPPED
from test_ingest_tables import report

ALL, GENERAL, PERSONS = "三、支出决算情况说明", "五、一般公共预算财政拨款支出决算情况说明", "九、财政拨款“三公”经费情况"
AMOUNT = "An amount or count in the narrative is the one that the table prints"
RATE = "A change rate is the change divided by the year before"
SHARE = "A share is the part divided by the whole"
WORDS = "The words that compare a final amount with its budget agree with the amounts"
YEAR = "The narrative speaks of the year of the report"
FINISHED = "Every figure of the narrative is finished"
OVER_ZERO = "A rate over zero is left out"
ACCOUNTS = "An account that the narrative names has an amount in table 06"
TWICE = "990000-twice-2023"
# an item that no table prints: its amounts are its own
ITEM = "1、资源勘探工业信息等支出（类）制造业（款）民用爆炸品支出（项）。"
PRINTED_ITEM = "1、资源勘探工业信息等支出（类）制造业（款）其他制造业支出（项）。"


@dataclass(frozen=True)
class Case:
    """Lines of a narrative; titles of the contradictions and of the remarks that they deserve."""

    lines: tuple[str, ...]
    contradictions: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def said(*lines: str, contradictions: tuple[str, ...] = (), remarks: tuple[str, ...] = ()) -> Case:
    """A case in short."""
    return Case(lines, contradictions, remarks)


CASES = {
    # totals of both sides
    "one total for both sides": said("一、总体情况", "2023年收、支总计均为145,618.14万元。"),
    "another total for both sides": said("一、总体情况", "2023年收支总计145,681.14万元。", contradictions=(AMOUNT,)),
    "one fiscal total for both sides": said("四、财政拨款情况", "财政拨款收入、支出总计145,599.25万元。"),
    "another fiscal total": said("四、财政拨款情况", "全年财政拨款收支总计0.30万元。", contradictions=(AMOUNT,)),
    "revenue of the year called the total": said("二、收入情况", "2023年收入总计145,616.75万元。"),
    "neither of the totals": said("二、收入情况", "2023年收入总计145,661.75万元。", contradictions=(AMOUNT,)),
    # the same name for other figures
    "amounts of groups of contracts": said(
        "十、其他情况",
        "政府采购支出总额0.96万元。在货物类项目中，由小微企业承接的，合同金额3.00万元；"
        "在服务类项目中，由小微企业承接的，合同金额4.00万元。",
    ),
    "budgets of projects at each stage": said(
        "十、绩效",
        "机关运行经费9.87万元。设定目标的2023年度项目4个，涉及资金3.00万元；自评的2023年度项目2个，涉及资金1.00万元。",
    ),
    "basic expenditure of one fund": said(GENERAL, "财政拨款支出144,826.18万元，其中：基本支出192.21万元。"),
    "basic expenditure of all money": said(ALL, "本年支出合计145,600.64万元，其中：基本支出193.60万元。"),
    "basic expenditure of the other fund": said(
        ALL, "本年支出合计145,600.64万元，基本支出192.21万元。", contradictions=(AMOUNT,)
    ),
    "a class of all money": said(ALL, "本年支出合计145,600.64万元，包括：一般公共服务支出1,420.45万元。"),
    "a class of one fund": said(GENERAL, "一般公共服务支出1,419.06万元。"),
    "a class of all money as one of a fund": said(GENERAL, "一般公共服务支出1,420.45万元。", contradictions=(AMOUNT,)),
    # shares
    "a whole named before the list": said(
        ALL, "2023年本年支出合计中，基本支出193.60万元，占0.13%；项目支出145,407.04万元，占99.87%。"
    ),
    "a wrong share of a whole named before": said(
        ALL, "本年支出合计中，基本支出193.60万元，占0.13%；项目支出145,407.04万元，占98.87%。", contradictions=(SHARE,)
    ),
    "shares of a whole that is not named": said(
        "三、情况", "基本支出193.60万元，占12.00%；项目支出145,407.04万元，占88.00%。"
    ),
    "a share of a class of what the section is about": said(GENERAL, "●一般公共服务支出1,419.06万元，占0.98%；"),
    "a wrong share of a class": said(GENERAL, "●一般公共服务支出1,419.06万元，占1.98%；", contradictions=(SHARE,)),
    "a small share printed as zero": said(
        "二、收入", "收入合计145,616.75万元，其中：其他收入17.50万元，占0.0%；其他收入合0.00亿元。"
    ),
    "a plain zero for what is not nothing": said(
        "二、收入",
        "收入合计145,616.75万元，其中：财政拨款收入145,599.25万元，占99.99%；其他收入17.50万元，占0%。",
        contradictions=(SHARE,),
    ),
    # accounts
    "accounts with a word behind": said(
        GENERAL, "人员经费182.34万元，主要包括：基本工资支出、津贴补贴、住房公积金支出。"
    ),
    "accounts without an amount": said(
        GENERAL, "公用经费9.87万元，主要包括：电费、印刷费、咨询费、差旅费。", remarks=(ACCOUNTS,)
    ),
    # rates over nothing
    "growth of what was not there": said(
        "十、其他", "机关运行经费9.87万元，比2022年增加9.87万元，增长100.00%。", remarks=(OVER_ZERO,)
    ),
    "growth without end": said(
        "十、其他", "机关运行经费9.87万元，比2022年增加9.87万元，增长∞%。", remarks=(OVER_ZERO,)
    ),
    "a budget of nothing": said(PERSONS, "公务接待费支出决算为0.00万元，完成预算的0.00%。", remarks=(OVER_ZERO,)),
    "no rate where there is none": said(GENERAL, "卫生健康支出年初预算0万元，支出决算7.31万元，完成年初预算的%。"),
    # items, and rates whose figures stand beside them
    "an item as table 05 prints it": said(GENERAL, PRINTED_ITEM + "支出决算为141,487.04万元。"),
    "an item that is not printed so": said(
        GENERAL, PRINTED_ITEM + "支出决算为141,478.04万元。", contradictions=(AMOUNT,)
    ),
    "an item of the year before": said(
        GENERAL, PRINTED_ITEM + "支出决算141,487.04万元，同2022年度的100,000.00万元比多支41,487.04万元。"
    ),
    "a rate of figures beside it": said(
        "十、其他", "预算37.70万元，比2022年度的51.03万元减少18.60万元，支出决算32.43万元，下降36.4%。"
    ),
    "a decline that is a rise": said(
        "一、总体",
        "收、支总计145,618.14万元，与2022年度的100,000.00万元相比减少45,618.14万元，下降45.62%。",
        contradictions=(RATE,),
    ),
    "what is left of a total": said(
        "一、总体情况", "2023年收、支总计均为145,618.14万元；剔除专项债券后，收、支总计为45,618.14万元。"
    ),
    # the same word for other figures of the tables
    "basic expenditure of an item": said(GENERAL, "事业单位医疗（项）支出3.20万元，其中：基本支出3.20万元。"),
    "another basic expenditure of an item": said(
        GENERAL, "事业单位医疗（项）支出3.20万元，其中：基本支出3.02万元。", contradictions=(AMOUNT,)
    ),
    "parts that are the printed figure together": said(
        "十、其他", "机关运行经费9.87万元，其中机关运行经费4.00万元由本级负担，机关运行经费5.87万元由下属负担。"
    ),
    "a decrease that is signed": said(
        "一、总体",
        "收、支总计145,618.14万元，较上年减少-45,618.14万元，下降-23.85%。",
    ),
    "a wrong decrease that is signed": said(
        "一、总体",
        "收、支总计145,618.14万元，较上年减少-45,618.14万元，下降-45.62%。",
        contradictions=(RATE,),
    ),
    # words beside amounts
    "words that fit": said(
        GENERAL, ITEM + "年初预算为9.00万元，支出决算为8.00万元。决算数小于预算数的主要原因：节约。"
    ),
    "greater than what is more": said(
        GENERAL,
        ITEM + "年初预算9.00万元，支出决算8.00万元。决算数超过年初预算的主要原因：追加。",
        contradictions=(WORDS,),
    ),
    "less than what is less": said(
        GENERAL,
        ITEM + "年初预算为8.00万元，支出决算为9.00万元。决算数低于预算数的主要原因：节约。",
        contradictions=(WORDS,),
    ),
    "equal to what differs": said(
        GENERAL, ITEM + "全年预算8.00万元，支出决算9.00万元。决算数与全年预算数一致。", contradictions=(WORDS,)
    ),
    "about equal": said(GENERAL, ITEM + "年初预算为8.00万元，支出决算为8.01万元。决算数与预算数基本持平。"),
    "greater by what rounding hides": said(GENERAL, ITEM + "年初预算8.00万元，支出决算8.00万元。决算数大于预算数。"),
    "words about the whole list": said(
        PERSONS,
        "“三公”经费财政拨款支出年初预算5.00万元，支出决算0万元，其中：公务接待费支出0万元。决算数小于预算数的主要原因：节约。",
    ),
    # the year
    "the year before to compare with": said("一、总体", "与2022年度相比，收入总计增加1.00万元。"),
    "the same year to compare with": said("一、总体", "与2023年度相比，收入总计增加1.00万元。", contradictions=(YEAR,)),
    "the end of another year": said(
        "十、其他", "截至2021年末，本部门共有车辆0辆，机关运行经费9.87万元。", contradictions=(YEAR,)
    ),
    "another year in a heading": said("二、2022年度收入决算情况", "收入合计145,616.75万元。", contradictions=(YEAR,)),
    "amounts of another year": said("二、收入", "2022年度收入合计145,616.75万元。", contradictions=(YEAR,)),
    "a year in a reason": said("二、收入", "收入合计145,616.75万元，主要原因是2021年起实施的项目已经完成。"),
    # the form of figures
    "a rate without its sign": said("一、总体", "收入总计比上年增加1.00万元，提高3.02。", contradictions=(FINISHED,)),
    "two directions": said("一、总体", "收入总计比上年增加（减少）1.00万元，增长3.02%。", contradictions=(FINISHED,)),
    "two directions of a rate": said(
        "一、总体", "收入总计比上年增加1.00万元，上升/下降0.00%。", contradictions=(FINISHED,)
    ),
    "a blank that nobody filled": said(
        "一、总体", "收入总计145,618.14万元，其中：捐赠收入XX万元。", contradictions=(FINISHED,)
    ),
}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    """What is said of each case, and of the shipped report as it is."""
    tables = {name: rows for name, rows in report().items() if name in TABLE_NAMES.values()}
    tables |= {name: rows for name, rows in report().items() if name in ("reports", "report_tables", "table_notes")}
    batch = {}
    for number, case in enumerate(CASES.values()):
        report_id = f"990000-c{number:02}-2023"
        lines = [Line(line, 1) for line in ("第三部分 部门决算情况说明", *case.lines)]
        told = read_narrative(Document("case", "text", "", [Page(1, lines)]))
        assert told.problems == [], case
        assert told.claims, case
        rows = {name: [{**row, "report_id": report_id} for row in own] for name, own in tables.items()}
        rows["reports"][0] |= {"department_code": f"c{number:02}", "division_code": "990000"}
        rows |= {name: [{"report_id": report_id} | row for row in own] for name, own in told.rows().items()}
        batch[report_id] = rows
    batch[SHIPPED] = report()
    batch[TWICE] = _with_a_total_printed_twice(next(iter(batch.values())))
    return dict(zip([*CASES, SHIPPED, TWICE], prove(batch).values(), strict=True))


def _with_a_total_printed_twice(rows: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """A report whose table 01 has its total of revenue twice, with another amount the second time."""
    copy = {name: [row | {"report_id": TWICE} for row in own] for name, own in rows.items()}
    copy["reports"][0]["department_code"] = "twice"
    total = next(row for row in copy["revenue_expenditure_summary"] if row["item"].endswith("总计"))
    copy["revenue_expenditure_summary"].append(total | {"row_no": "999", "amount": "999.00"})
    return copy


@pytest.mark.parametrize("name", CASES)
def test_a_sentence_is_accused_of_what_it_does_and_of_nothing_else(name: str, verdicts: dict[str, Verdict]) -> None:
    """One cause is one finding; what is a habit of print is a remark."""
    case, verdict = CASES[name], verdicts[name]
    habits = [text for text in verdict.remarks if "Medical insurance" not in text]
    # the numbers of table 10 jump in the print of the shipped report, and an empty table is to be told in words
    own = [text for text in verdict.contradictions if "Line numbers" not in text and "is empty" not in text]
    assert [text.split(" (")[0].split(":")[0] for text in own] == list(case.contradictions), own
    assert [text.split(" (")[0].split(":")[0] for text in habits] == list(case.remarks), habits
    assert verdict.contract == []
    assert verdict.broken == []


def test_a_form_row_that_spends_more_than_its_budget_is_told_once(verdicts: dict[str, Verdict]) -> None:
    """Executed 10.505 of 5: the rate of 210 % and the score above 10 follow from it."""
    assert [text for text in verdicts[SHIPPED].contradictions if "form 2/funding" in text] == [
        "No source executes more than its budget (page 25: form 2/funding/3): "
        "105050.00 is more than 50000.00: rounding explains 10.00 at most"
    ]


def test_a_list_that_leaves_out_a_class_is_told_once() -> None:
    """The total that it does not reach is the same cause."""
    (verdict,) = prove({"140405-031-2023": report()}).values()
    assert (
        len([text for text in verdict.contradictions if "that a section lists" in text or "is named where" in text])
        == 1
    )


def test_no_text_is_held_to_a_line_that_is_printed_twice(verdicts: dict[str, Verdict]) -> None:
    """Which of both it repeats nobody can know, and a reader may have joined two tables."""
    assert [text for text in verdicts[TWICE].contradictions if text.startswith(AMOUNT)] == []
