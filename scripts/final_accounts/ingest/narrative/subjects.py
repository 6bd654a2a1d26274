"""What a figure of the narrative is about: the words of its clause, without those that introduce them."""

import re

from final_accounts.ingest.document.pages import joined
from final_accounts.ingest.narrative.words import CHINESE, YEAR

# Names that say nothing alone: what is meant stands in the clauses before.
GENERIC = re.compile(r"^(?:资金|金额|预算金额|采购金额|合同金额|中标金额|成交金额)$")
# What a whole is called where everything is meant, or everything of what the section is about.
ALL_OF_IT = re.compile(r"^(?:总支出|总收入|支出总额|收入总额|支出总计|收入总计|全部支出|全部收入)$")
# Names that mean another figure in the sections about fiscal money.
_OF_A_FUND = re.compile(
    r"^(?:基本支出|项目支出|本年收入|本年支出|本年支出合计|支出合计|支出决算|本年收入合计|收入合计|收入决算"
    r"|收入总计|支出总计|收入支出总计|收、支总计|收支总计|年[初末]结转和结余)$"
)
_FUNDS = {
    "政府性基金预算财政拨款": re.compile("政府性?基金"),
    "国有资本经营预算财政拨款": re.compile("国有资(?:本|金)经营"),
    "一般公共预算财政拨款": re.compile("一般公共预算"),
    "财政拨款": re.compile("(?<!非)财政拨款"),
}
# what funds are the whole of
_IS_MONEY_OF_FUNDS = re.compile(
    r"(?:财政拨款|本年)(?:收入|支出)?(?:合计|总计|决算)?$|收入支出|收、?支|总(?:收入|支出|计)$"
)
_PERSONNEL = re.compile(r"^(?:人员经费|人员支出|公用经费|日常公用经费|公用支出)$")


# whose account it is, before a name that says by itself what it is: «XX局国内公务接待», «我镇“三公”经费»
_WHOSE = re.compile(
    r"^[^，。；（）]{2,40}?(?=(?:国内公务接待|公务用车保有量)$)|^(?![^，]*(?:参加|其他))[^，。；]{2,40}?(?=因公出国[（(]境[）)]团组$)"
    r"|^(?:[全我本]?[省市州县区旗镇乡局院校](?:本级)?|我(?:单位|部门)|部门决算公开)(?=“三公”|公务|因公)"
    r"|^我(?:单位|部门|[省市州县区旗镇乡局院校社会委办厅所站园馆])(?=机关运行|政府采购|基本支出|项目支出|财政拨款|公务|因公)"
    r"|^我(?:单位|部门|局|院|校|镇)支出(?=公务|因公)|^[^，。；]{2,40}等(?=公务接待费)"
)


def subject_of(words: str) -> str:
    """What a clause is about, without the words that introduce it."""
    text = re.sub(r"^[、，：:；]+", "", joined(words))
    text = re.sub(rf"^(?:\d{{1,2}}[、.．]|[（(](?:\d{{1,2}}|[{CHINESE}]{{1,3}})[）)]|[①-⑳]|[●○■□◆◇▪•·★※➤-])+", "", text)
    text = _without_years(text)
    text = re.sub(r"^(其中|涉及|本年度?|全年)[：:]?(?=[^收支])", "", text)
    text = re.sub(r"^(?:其中[：:]?|即(?=[\u4e00-\u9fff]{3})|(?:主要)?包括[：:]?|主要用于|分别[为是])", "", text)
    text = re.sub(r"[“\"]?三公[”\"]?经费[”\"]?", "“三公”经费", text)
    # «公车运行费（“三公”经费）决算总额»: what a list adds up to is called what the brackets say
    text = re.sub(r"^.*[（(](?:简称)?“三公”经费[）)](?:支出|决算)*(?:总额|合计|总计)$", "“三公”经费", text)
    text = re.sub(
        r"^的(?=“三公”)|^主要是(?=[\u4e00-\u9fff]{3})|^而(?=公务|因公|“三公”)|^[由和及与](?=人员经费|公用经费|基本支出|项目支出)|[：:]+$",
        "",
        text,
    )
    text = re.sub(r"^含(?=外[宾事])|^(?:按(?:可比|同)口径)(?=$|[\u4e00-\u9fff])", "", text)
    text = re.sub(r"^(?=购置及运行(?:维护)?费)", "公务用车", text)
    if "共有" in text or re.match(r"^本(部门|单位)", text):
        text = re.sub(r"^(?:本部门|本单位)?(?:（单位）)?(?:共有|共计|共)?", "", text)
    text = re.sub(r"^.*共有(?=车辆)", "", text)
    text = re.sub(r"^使用财政拨款(?:共|负担的)?", "", text)
    text = re.sub(r"^政府采购(?=授予)", "", text)
    text = _WHOSE.sub("", text)
    text = re.sub(r"(?:共计|共|(?<!^收入)(?<!^支出)(?<!收支)(?<!、支)总计为|合计为|均为|为|是|达|约|各)$", "", text)
    text = re.sub(r"(?<=[费支出])(?:支出)?决算(?:数|总额)?$", "", text) if len(text) > 4 else text
    return re.sub(r"(?<=[费])支出$", "", text)


def subject_of_item(words: str) -> str:
    """What an item of a list by subject is called, without its number and without the codes before its names."""
    text = re.sub(r"^\d{1,2}(?=[\u4e00-\u9fff])", "", subject_of(words))
    return re.sub(r"(?<![\d.])(?:\d{3}|\d{5}|\d{7})(?=[\u4e00-\u9fff])", "", text)


def _without_years(text: str) -> str:
    """The text without the year and who it is the year of; what a year stands in the midst of is kept."""
    if not re.match(r"^[比较与]", text):
        text = re.sub(r"^.*?(?:截[至止]20\d\d年(?:\d{1,2}月)?[末底]|20\d\d年(?:\d{1,2}月)?底)(?=.)", "", text)
        # the end of a year is part of a name, its number is none
        text = re.sub(r"^.*?20\d\d(?=年[末初])", "", text)
    dated = re.search(rf"{YEAR}(?=.)", text)
    if dated and not re.match(r"^[比较与]", text):
        before = text[: dated.start()]
        text = (before if before.endswith("的") else "") + text[dated.start() :]
    return re.sub(r"^(.*的)?(?:截至)?20\d\d年(?:度|\d+月\d+日)?", r"\1", text)


def in_context(subject: str, section: str, subsection: str, whole: str) -> str:
    """The subject with the fund that its sentence or its headings speak of, where the name alone means all money."""
    fund = next((f for text in (whole, subsection, section) if (f := _fund_in(text))), "")
    if _OF_A_FUND.match(subject) or ALL_OF_IT.match(subject):
        return fund + subject
    if _PERSONNEL.match(subject) and not fund and "基本支出" not in section + subsection:
        return f"基本支出中{subject}"
    return subject


def _fund_in(text: str) -> str:
    return "" if "三公" in text else next((fund for fund, named in _FUNDS.items() if named.search(text)), "")


def within(outer: str, inner: str) -> str:
    """What brackets behind a figure name: a fund alone is a part of it (“三公”经费22万元（一般公共预算20万元）)."""
    is_fund = re.match(r"^(?:一般公共预算|政府性?基金|国有资[本金]经营)", inner)
    return f"{outer}其中{inner}" if is_fund and outer and not _IS_MONEY_OF_FUNDS.search(outer) else inner


def of_headings(section: str) -> str:
    """The subject that a section's heading names."""
    text = re.sub(rf"^(?:[{CHINESE}]+、|[（(][{CHINESE}]+[）)])", "", section)
    return re.sub(r"(?:收入支出|收支|支出|收入)?(?:决算)?(?:总体)?(?:情况)?(?:的)?(?:说明)?$", "", text) or text
