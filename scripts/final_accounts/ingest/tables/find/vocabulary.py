"""The words by which the parts of a table are told: headings, codes, totals, numbered labels."""

import re
from itertools import pairwise

from final_accounts.ingest.document.pages import key, undoubled

HEADING = re.compile(
    r"^(项目(\(.*\))?|类|款|项|科目编码|科目代码|.*分类科目编码|.*科目编码|科目名称|栏次|行次|金额|决算数|预算数|统计数|小计|收入|支出"
    r"|本年收入|本年支出|人员经费|公用经费|经济分类|功能分类)$"
)
CODE = re.compile(r"^(\d{3}|\d{5}|\d{7})$")
NUMBERED = re.compile(
    r"^([一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\([一二三四五六七八九十]+\)|\d{1,2}[.．、]\D|[（(]\d{1,2}[）)]\D)"
)
# What a browser prints at the foot of a saved page: its address and number; some fonts set «fi» as one character.
FOOT_OF_BROWSER = re.compile(r"^(?:https?|file|ﬁle)://\S+\s*\d{1,4}\s*/\s*\d{1,4}$")
TOTALS = {"合计", "总计", "人员经费合计", "公用经费合计", "本年收入合计", "本年支出合计"}

UNIT = re.compile(r"(?:金额)?单\s*位\s*[：:]\s*(人民币)?\s*(百[万萬]元|千元|[万萬]元|[亿億]元|元)")
# Who signed stands behind it on some prints (制表人：…), and is no part of the name.
_SIGNED = (
    r"[（(]?(?:单位|部门|财务)?(?:制表|填表|填报|编制|编报|经办|审核|复核|负责|联系|主管|分管)"
    r"(?:[^：:\s]{0,4}[：:]|人)"
)
DEPARTMENT = re.compile(
    r"(?:部门|单位|编制单位|公开部门|填报单位|编报单位)(?:名称)?(?:[（(][^）)]*[）)])?[：:]"
    rf"(.+?)(?=20\d\d\s*年|金额单位|单位[：:]|公开\d+表|{_SIGNED}|$)",
    re.MULTILINE,
)

# «公开01表»; of forms of a place of its own «表1», «附表1-1»
FORM_NO = re.compile(r"^(?:公开\d+表|附?表\d{1,2}(?:-\d)?)$", re.MULTILINE)


def is_heading(text: str) -> bool:
    """Whether a text is one that only the heading of a table has."""
    return bool(HEADING.match(key(undoubled(text))))


def is_numbering(texts: list[str]) -> bool:
    """Whether a row only numbers the columns (栏次 1 2 3)."""
    texts = [text.strip() for text in texts if text.strip()]
    return _numbers(texts) or _numbers([undoubled(text, figures=True) for text in texts])


def _numbers(texts: list[str]) -> bool:
    if not texts:
        return False
    numbers = [int(text) for text in texts if re.fullmatch(r"\d{1,2}", text)]
    others = [text for text in texts if not re.fullmatch(r"\d{1,2}", text)]
    return all(key(text) == "栏次" for text in others) and (
        (len(others) > 0 and len(numbers) > 0)
        or (len(numbers) > 2 and all(right - left == 1 for left, right in pairwise(numbers)))
    )


# A number that is neither a year nor the number of a column.
_AMOUNT = re.compile(r"^[-－−]?(?:[\d,，]+[.．]\d+|(?!(?:19|20)\d\d$)\d[\d,，]{2,})$")


def is_heading_row(texts: list[str]) -> bool:
    """Whether texts that stand side by side are headings; one alone (支出) may be the end of a wrapped name.

    What stands beside an amount is none: «本年收入» is a line of some forms.
    """
    if any(_AMOUNT.match(text.strip()) for text in texts):
        return False
    found = [key(undoubled(text)) for text in texts if is_heading(text)]
    return len(found) > 1 or any(re.search(r"科目|栏次|行次|项目|统计数|预算数", text) for text in found)


def is_info(text: str) -> bool:
    """Whether a line is what stands above a table: its unit, the department, the number of the form."""
    return bool(UNIT.search(text) or DEPARTMENT.search(text) or FORM_NO.match(key(text)))
