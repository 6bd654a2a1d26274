"""Titles of tables as provinces, townships and universities print them, and what only looks like one."""

import pytest
from final_accounts.ingest.layouts import is_other_title, title_of

TITLES = {
    "01": ["收入支出决算总表", "收入支出决算表", "收支决算总表", "部门收支总体情况表", "高等学校收支决算总表"],
    "02": ["收入决算表", "部门收入总体情况表", "高等学校收入决算表"],
    "03": ["支出决算表", "支出决算总表", "高等学校支出决算表"],
    "04": ["财政拨款收入支出决算总表", "财政拨款收入支出决算表", "财政拨款收支预决算总表"],
    "05": [
        "一般公共预算财政拨款支出决算表",
        "一般公共预算财政拨款支出决算表（一）",
        "一般公共预算财政拨款收入支出决算表",
        "公共财政预算财政拨款支出决算表",
    ],
    "06": ["一般公共预算财政拨款基本支出决算表", "一般公共预算财政拨款决算表（二）", "一般公共预算基本支出情况表"],
    "07": [
        "政府性基金预算财政拨款收入支出决算表",
        "政府性基金收支决算表",
        "政府性基金预算财政拨款收入、支出及结余决算表",
    ],
    "08": ["国有资本经营预算财政拨款支出决算表", "国有资本经营预算财政拨款收入支出决算表"],
    "09": [
        "财政拨款安排的“三公”经费支出决算表",
        "一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表",
        "“三公”经费、行政参公单位机关运行经费情况表",
        "财政拨款三公经费情况表",
        "“三公”经费等相关信息统计表",
    ],
    "10": ["部门决算公开相关信息统计表", "单位决算公开相关信息统计表"],
}
BEFORE = [
    "",
    "表五 ",
    "表 5：",
    "附表5 ",
    "附件5-1：",
    "（五）",
    "公开05表 ",
    "财决公开05表",
    "公开五表",
    "2023年",
    "二〇二三年度",
]
BEFORE += ["长治市屯留区某局2023年度", "某县某镇人民政府", "某县第一中学", "某县某局（本级）2023年度", "某街道"]


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize(
    "behind",
    ["", "（公开05表）", "（续表）", " 单位：元", "单位名称：某某大学 单位：万元", "编制单位：某县某局金额单位：元"],
)
def test_a_title_is_known_by_its_words_and_not_by_what_stands_around_it(before: str, behind: str) -> None:
    """Numbers of forms and annexes, years in figures or characters, and names of units are no part of it."""
    titles = [(number, title) for number, own in TITLES.items() for title in own]
    assert [title_of(before + title + behind) for _, title in titles] == titles


@pytest.mark.parametrize(
    "title",
    [
        "一般公共预算财政拨款项目支出决算表",
        "财政拨款支出决算明细表",
        "高等学校财政拨款支出决算表",
        "政府性基金预算财政拨款“三公”经费支出决算表",
        "国有资产使用情况表",
        "机关运行经费支出决算表",
        "财政专户管理资金收入支出决算表",
    ],
)
def test_a_table_of_another_kind_goes_by_no_title_of_the_ten(title: str) -> None:
    """It ends with the words of one, and ends the table that stands before it."""
    assert (title_of(title), is_other_title(title)) == (None, True)


@pytest.mark.parametrize("text", ["详见收入支出决算表", "“三公”经费支出预算表", "收支预算总表", "本表为支出决算表。"])
def test_a_sentence_or_a_budget_is_no_title(text: str) -> None:
    """The word 决算 or 情况 stands in a title, and nothing but its unit and year before it."""
    assert title_of(text) is None
