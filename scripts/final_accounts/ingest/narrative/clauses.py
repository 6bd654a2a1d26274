"""Reads a paragraph of the narrative clause by clause: figures, and statements without a figure.

A figure is known by the pattern of its clause: an amount, a share, a change, a rate, a budget, a count. What a clause
does not name again (the subject, the year compared with, the whole of a share) it has from the clauses before it.
"""

import re
from collections.abc import Iterator

from final_accounts.ingest.document.pages import joined
from final_accounts.ingest.narrative.paragraphs import Paragraph
from final_accounts.ingest.narrative.subjects import (
    ALL_OF_IT,
    GENERIC,
    in_context,
    of_headings,
    subject_of,
    subject_of_item,
    within,
)
from final_accounts.ingest.narrative.words import CHINESE, COUNT, ITEM, MONEY, NUMBER, YEAR

_EQUIPMENT = re.compile(r"(?:单价|单位价值|(?<=设备[和、]))\s*\d+\s*万元(?:（含）|\(含\))?\s*(?:（含）)?以上")
_BUDGET = r"(?:年初|全年|年度|当年|调整后?|本年)?预算"
# «比上年多14.80万元», but not «至少3.00万元»
_UP = r"增加|增长|上升|提高|上涨|增幅|多支|(?<![至不])多(?=\d)"
_DOWN = r"减少|下降|降低|下滑|降幅|少支|缩减|(?<![至不])少(?=\d)"
_DIRECTIONS = (
    dict.fromkeys(("上升", "提高", "上涨", "增幅"), "增长")
    | dict.fromkeys(("降低", "下滑", "降幅"), "下降")
    | dict.fromkeys(("多支", "多"), "增加")
    | dict.fromkeys(("少支", "少", "缩减"), "减少")
)
_LAST_YEAR = rf"(?:上年度?|去年|{YEAR})"
# a year before a budget: that of «2018年初预算» is part of its name
_YEAR_OF_BUDGET = rf"(?:20\d\d(?=年初预算)|{YEAR})"
_BESIDE = r"(?:相比较?|相对比|对比|比较)"
# «与2020年度预算相比» compares with a budget, whatever year it names
_COMPARED = re.compile(
    rf"^(?:(?:与|同|和|较|比)(?P<base>(?:{_YEAR_OF_BUDGET}|上年度?)?{_BUDGET}|{_LAST_YEAR})"
    rf"|(?P<alone>{_YEAR_OF_BUDGET}{_BUDGET}))"
    rf"(?:[^增减下上]*)?{_BESIDE}"
)
# … or what stands before it: «收入支出总体与上年相比，增加…»
_NAMED_AND_COMPARED = re.compile(
    rf"^(?P<lead>(?:{YEAR})?[^\d，。；]{{2,40}}?(?P<money>支出|收入|收支|经费|费用?|拨款|结余|总体|总计|合计|总额|决算数?)?)"
    rf"(?:与|同|和|较|比)(?P<base>{_YEAR_OF_BUDGET}?{_BUDGET}|{_LAST_YEAR})[^增减下上，]*{_BESIDE}$"
)
# the figure of the year before, in a clause of its own: «较上年231.50万元，增加21.00万元»
_THE_YEAR_BEFORE = re.compile(
    rf"^(?:与|同|较|比)(?P<base>{_LAST_YEAR})(?:同期|支出|收入|决算|执行|数)*{NUMBER}(?:{MONEY})?(?:{_BESIDE})?$"
)
_UNCHANGED = re.compile(
    rf"(?:与({_LAST_YEAR})(.*?)(相同|持平)|(?:较|比)({_LAST_YEAR}|{_BUDGET})[^增减]{{0,4}}(无增减(?:变化)?|无变化|没有变化))$"
)
_NONE = re.compile(r"^(.*?)主要(?:用于|是)[：:]?(?:接待)?无$")
# «收、支总计» is one name, and a comma before three digits may belong to a number
# «支出56万元比上年增加…» is two clauses without one
_BETWEEN_CLAUSES = re.compile(
    rf"(?<=[，,：:、])(?!(?<=\d[，,])\d{{3}}(?!\d)|(?<=收、)支|(?<=收入、)支出|(?<=[：:])\s*{NUMBER}\s*(?:{MONEY}))"
    r"|(?<=其中)"
    rf"|(?<=元)(?=(?:比|较)(?:上年|去年|20\d\d年|{_BUDGET}))"
    # nor is there a comma behind a share: «占总收入0%其他收入70.04万元»
    rf"|(?<=[%％])(?=[\u4e00-\u9fff]{{2,20}}{NUMBER}\s*(?:{MONEY}))"
)
_REASON = re.compile(r"主要(?:原因(?:是|为)?|由于|是由于|因)[：:]?(?=[^，。；])")
_WHOLE = re.compile(r"^(?:在?((?!其中).+?)(?:总额|总量|合计)?中|(.+?)的?(?:具体)?构成(?:情况)?(?:为|是|如下)?)$")
# … with the budget in between: «完成预算27万元的63.2%»
_COMPLETION = re.compile(
    rf"^(?P<lead>.*?)(?:完成|达到?|为|占)(?P<budget>{_BUDGET})(?:批复|安排)?数?"
    rf"(?:(?P<value>{NUMBER})(?P<unit>{MONEY}))?的?(?P<rate>{NUMBER})?\s*[%％]"
)
# … and by a name of its own: «预算执行率为63.2%»
_EXECUTION = re.compile(
    rf"^(?P<lead>.*?)(?P<budget>{_BUDGET})(?:执行|完成)(?:率|比例|进度)(?:为|达到?)?(?P<rate>{NUMBER})[%％]"
)
# «实际支出8.00万元，预算执行率为80%»: of a project that an earlier sentence names, or its form
_SPENT = re.compile(r"^(?:实际|全年|累计|已)*(?:支出|支付|使用|执行|完成|收入)*(?:资金|金额|总额|数)?$")
_SHARE = re.compile(rf"^(.*?)占(?:比)?(?:(.*?)的?(?:比重|比例|比率|百分比)?(?:为)?)({NUMBER})\s*[%％]")
_SHARE_LEFT_EMPTY = re.compile(r"^占(?:比)?[%％]$")
_CHANGE = re.compile(
    rf"^(?P<lead>.*?)(?:(?P<either>(?:{_UP}|{_DOWN})(?:[（(]或|[（(/／或])(?:{_UP}|{_DOWN})[）)]?)|(?P<word>{_UP}|{_DOWN}))"
    rf"(?:了|[额率幅]?(?:为|达到?)?)(?P<value>{NUMBER}|∞)?\s*(?P<unit>{MONEY}|[%％]|个百分点|(?<=\d)(?:{COUNT}))"
)
_OFF_BUDGET = re.compile(
    rf"^(?P<lead>.*?)(?:(?P<above>超出|超过|高于|大于)|低于|少于|小于)(?P<budget>{_BUDGET})数?"
    rf"(?P<value>{NUMBER})(?P<unit>{MONEY})$"
)
# what a change is a change from, with its name and its amount where the text repeats them
_CHANGED_FROM = re.compile(
    rf"(?:同比|相较于?|相比|较|比|与|同|和)(?P<base>{_YEAR_OF_BUDGET}?(?P<budget>{_BUDGET})(?:数字?)?"
    rf"|{_LAST_YEAR}(?:决算数字?|决算支出|支出决算数?|支出数|决算|支出(?=$|\d)|{_BUDGET}(?:数字?)?)?"
    rf"|年初(?=$|的|{NUMBER}))"
    rf"(?:同期|同口径|末|底)?的?(?P<named>(?!{_BESIDE})[^\d，。；较]{{2,40}}?)?(?:(?P<value>{NUMBER})(?P<unit>{MONEY})?)?"
    rf"(?:{_BESIDE}|比)?$"
)
# «2022年度“三公”经费预算较2021年度增加…»: the paragraph goes on with parts of that budget
_NEXT_BUDGET = re.compile(rf"^{YEAR}[^，。；]*预算$")
# names of what a change is from that are those of the year before, too
_OF_THE_SAME = re.compile(r"^(?:累计|实际|全年)*(?:支出|收入|决算|执行|金额|数据|合计|总额|数)*$")
# «…比上年减少»: words behind which the same is meant, and what a template left of two of them
_BEFORE_CHANGE = re.compile(r"(?:按?(?:可比|同)口径)?(?:同比)?(?:仍然?|也|均|则|有所|增(?=$)|减(?=$))?$")
_WITHOUT = re.compile(r"^(?:若|如果?)?(?:剔除|扣除|扣减|除去|不含|不计|不考虑)[^，。；0-9]*")
_USED_FOR = re.compile(r"^(.*(?:支出|收入|经费))(?:决算)?主要用于(?:以下|下列)(?:几个)?方面$")
_STATED_BUDGET = re.compile(
    rf"^(?P<lead>.*?)(?:(?P<kind>年初预算|全年预算|调整后?预算)数?(?:为|是)?|(?<!公共|基金|经营)预算(?:数?[为是]|数(?=\d))"
    r"|(?<=支出)预算(?:合计|总额)?(?=\d)|(?P<of_fee>(?<=费)预算(?=\d))|^预算(?=\d)|^调整数(?=\d))"
    rf"(?P<value>{NUMBER})(?P<unit>{MONEY})"
)
# «…（类）…（款）…（项）»: an item of the list by subject, with the codes that may stand before its names
_LISTED_ITEM = re.compile(r"^[^，。；：:]{2,60}[（(][类款项][）)]$")
_FIRST_ITEM = re.compile(r"^[^，。；：:]{2,60}?[（(]项[）)]")
# … and one that a colon ends, or that its figures follow at once: «行政运行：年初预算为…»
_NAMED_ITEM = re.compile(
    r"^([^，。；：:]{2,60}?)(?:(?<!说明)(?<!情况)(?<!如下)(?<!原因)[：:]"
    r"|[，。](?=(?:支出|收入)?(?:决算|(?:年初|全年|年度|调整后?)?预算)))"
)
# … and one by its path and its code: «①2050204普通教育·高中教育：决算…», «水利—防汛（2130314）决算…»
_NAME = r"[\u4e00-\u9fff“”、（）()]{2,40}?"
_PATH = re.compile(
    rf"^(?:[（(][{CHINESE}\d]{{1,3}}[）)]|[①-⑳●○■□◆◇▪•·★※➤]|[—–－-]{{1,2}}"
    rf"|[{CHINESE}\d]{{1,3}}[、.．])?\s*(?P<code>\d{{5}}(?:\d\d)?)?\s*"
    rf"(?P<names>{_NAME}(?P<way>\s*[—–－·•→-]+\s*{_NAME})*)\s*(?P<coded>[（(]\d{{5}}(?:\d\d)?[）)])?"
    rf"(?=[：:]|(?:支出)?(?:决算|{_BUDGET})|\d)[：:]?"
)
# one of the three public expenses as the whole first sentence of its paragraph
_TOPIC = re.compile(
    rf"^(?:[（(][{CHINESE}\d]{{1,2}}[）)]|\d{{1,2}}[、.．])?\s*"
    r"(公务接待|公务用车购置|公务用车运行维护|公务用车购置及运行(?:维护)?|因公出国[（(]境[）)])费?(?:支出)?(?:情况)?。$"
)
# a list of names in brackets before a figure: «特种车（洒水车、垃圾车）2辆»
_NAMES_IN_BRACKETS = re.compile(rf"[（(]([^（）()\d]*[、，,][^（）()\d]*)[）)](?=(?:共计?|合计|[为是])*\s*{NUMBER})")
_KEPT_TOGETHER = {ord("、"): "\ue001", ord("，"): "\ue002", ord(","): "\ue003", ord("："): "\ue004", ord(":"): "\ue005"}
_AS_PRINTED = {ord(kept): chr(mark) for mark, kept in _KEPT_TOGETHER.items()} | {0xE000: "万元"}
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
# Figures in brackets behind what they are parts of.
_ASIDE = re.compile(rf"[（(]([^（）()]*{NUMBER}\s*(?:{MONEY}|{COUNT}|[%％])[^（）()]*)[）)]")
_FINAL = re.compile(
    rf"^(?:当年|本年|全年)?(?:实际)?(?:支出|收入)?决算(?:数|支出)?(?:为|是)?(?P<value>{NUMBER})(?P<unit>{MONEY})"
)
_FINAL_NAMED = re.compile(r"^(?:实际)?(?:支出|收入)?(?:决算|完成|执行)?(?:数|支出|金额)?$")
_FINAL_ONLY = re.compile(r"^(?:决算|(?:支出|收入)?决算(?:数|金额|支出))$")
_FIGURE = re.compile(
    rf"(?P<lead>[^0-9]*?(?:\d+\ue000[^0-9]*?|20\d\d年(?:度|\d+月\d+日)?[^0-9]*?)?)"
    rf"(?P<value>{NUMBER})\s*(?P<unit>{MONEY}|{COUNT})"
)
_BESIDE_BUDGET = re.compile(
    rf"^(?P<lead>.*?)(?:支出|收入)?(?:决算|执行|完成|实际支出)?数?(?:"
    rf"(?<!不)(?P<word>大于|高于|多于|超过|超出|小于|低于|少于|等于)(?P<budget>{_BUDGET})"
    rf"|(?:与|和|同|较|比){_YEAR_OF_BUDGET}?(?P<other>{_BUDGET})(?:安排)?数?(?:相比)?(?:有所)?"
    r"(?P<way>增加|增长|减少|下降|相同|持平|一致|相等))"
)
_KINDS = {
    "above_budget": ("大于", "高于", "多于", "超过", "超出", "增加", "增长"),
    "below_budget": ("小于", "低于", "少于", "减少", "下降"),
    "as_budget": ("等于", "相同", "持平", "一致", "相等"),
}
# «完成年初预算的81.87%，节约4.17万元»: what the budget had more
_SAVED = re.compile(r"^[，、]?(?:共|累计)?节约(?:了|资金|经费|支出)?$")
# «差值为0.9万元», «相差0.00万元»: the difference from the budget
_DIFFERENCE = re.compile(r"^[，、]?(?:差值|差额|相差)(?:为|是)?$")
_OF_A_YEAR = re.compile(rf"^[，。；、]*{YEAR}(?:支出|收入|决算)*数?(?:为|是)?$")
# «公务用车购置费2023年度决算数»: the figure is what stands before the year, and no body whose year it is
_NAMED_BEFORE_YEAR = re.compile(
    rf"^(.{{2,60}}?(?:费|费用|支出|收入|经费|拨款|结余|[（(][类款项][）)])){YEAR}(?:财政拨款)?(?:支出|收入)?决算(?:数|金额|支出)?(?:为|是)?$"
)
# Both directions, as a template offers them.
BOTH_WAYS = re.compile(rf"(?:{_UP}|{_DOWN})[（(/／【\[]或?(?:{_UP}|{_DOWN})")
# A rate without its sign, an amount without its unit, two directions or a blank that a template left.
_UNFINISHED = (
    re.compile(rf"(?:{_UP}|{_DOWN})了?{NUMBER}$"),
    # a change that nobody filled in, a share without its sign, an amount without its unit
    re.compile(rf"(?:{_UP}|{_DOWN})了?(?:{MONEY}|[%％])$|^占{NUMBER}$"),
    re.compile(rf"(?:决算|预算)数?为(?!0+(?:\.0+)?$){NUMBER}$"),
    re.compile(r"减(?:增加|增长)|增(?:减少|下降)"),
    re.compile(rf"(?:完成{_BUDGET}数?的|占.{{0,20}}?的?(?:比重|比例)(?:为)?){NUMBER}$"),
    BOTH_WAYS,
    re.compile(rf"(?:[X×xＸ*＊_＿○]|（）|\(\)|【】)(?:{MONEY}|[%％])"),
)


# what print makes of a figure: a space behind its comma, a second point, «万» for 万元, «批（次）» for 批次
_PRINTED_OTHERWISE = (
    (re.compile(r"(?<=\d), (?=\d{3}(?!\d))"), ","),
    (re.compile(r"(?<=\d)(\.\d{1,2})\.(?=\s*(?:万?元|[%％]))"), r"\1"),
    (re.compile(r"(?<=\d)(\s*)万(?=[（(，,。；;）)]|$)"), r"\1万元"),
    (re.compile(r"(?<=\d)(\s*[批人])[（(]次[）)]"), r"\1次"),
)
# «收、支总计各减少1.00，2.00万元，各下降3%、4%»: two figures for two names
_EACH = re.compile(
    rf"收(?:入总计|入)?[、和]支(?:出)?总计(?:各|分别)(?P<verb>[为是]|(?:{_UP}|{_DOWN})(?:了)?)"
    rf"(?P<first>{NUMBER})\s*(?:{MONEY})?(?:[，、和]|,(?!\d{{3}}(?!\d)))(?P<second>{NUMBER})\s*(?P<unit>{MONEY})"
)
_EACH_RATE = re.compile(
    rf"(?<=[，,])(?:各|分别)(?P<verb>{_UP}|{_DOWN})(?P<first>{NUMBER})\s*[%％][，,、和](?P<second>{NUMBER})\s*(?P<unit>[%％])"
)
# «收入50.10、支总计40.20万元»: the unit stands once
_SIDES_APART = re.compile(
    rf"收入(?:总计)?(?P<way>[为是]|(?:{_UP}|{_DOWN})了?)?(?P<first>{NUMBER})[、，,]\s*支(?:出)?总计"
    rf"(?P<other>[为是]|(?:{_UP}|{_DOWN})了?)?(?P<second>{NUMBER})\s*(?P<unit>{MONEY})"
)
_OTHER_SIDE = re.compile(r"(?<=[元\d][、，,])支(?=总计)")
# «会议费减少3.00万元、培训费减少1.00万元，分别下降30%、10%»
_CHANGES_THEN_RATES = re.compile(
    rf"(?P<changes>(?P<one>[^，,。；、：\d]{{2,20}}?)(?:{_UP}|{_DOWN})了?{NUMBER}\s*(?:{MONEY})[、，,和]"
    rf"(?P<two>[^，,。；、：\d]{{2,20}}?)(?:{_UP}|{_DOWN})了?{NUMBER}\s*(?:{MONEY})[，,])(?:各|分别)"
    rf"(?P<way>{_UP}|{_DOWN})了?(?P<first>{NUMBER}\s*[%％])[、，,和](?P<other>{_UP}|{_DOWN})?(?P<second>{NUMBER}\s*[%％])"
)
# «公务用车购置数及保有量分别为1辆和2辆»
_EACH_COUNT = re.compile(
    rf"(?P<one>[^，。；]{{2,20}}?)[及和与](?P<two>[^，。；]{{2,12}}?)(?:各|分别)[为是]"
    rf"(?P<first>{NUMBER}\s*(?P<unit>{COUNT}))[、和，](?P<second>{NUMBER}\s*(?P=unit))"
)
# a sentence that ends with a point
_POINT = re.compile(r"(?<=[元%％])[.．](?=[\u4e00-\u9fff])")
# «较上年减少1.00万元（10.00%）»: the rate of the change that the brackets stand behind
_RATE_BEHIND = re.compile(rf"^({NUMBER})\s*([%％])$")
# what shares that follow are shares of, whatever those before it were of
_IS_WHOLE = re.compile(r"(?:合计|总计|总额|本年[收支][入出]|财政拨款[收支][入出]|“三公”经费)$")


def _names_together(match: re.Match) -> str:
    """Brackets that no clause ends in; what they say is included is no part of the name before them."""
    return "" if re.match(r"(?:主要)?包括|含", match[1]) else match.group().translate(_KEPT_TOGETHER)


def _each_counted(match: re.Match) -> str:
    one, two = match["one"], match["two"]
    whose = "公务用车" if "公务用车" in one and "公务用车" not in two else ""
    return f"{one}{match['first']}，{whose}{two}{match['second']}"


def _with_the_unit(match: re.Match) -> str:
    unit = match["unit"]
    return f"收入总计{match['way'] or ''}{match['first']}{unit}，支出总计{match['other'] or ''}{match['second']}{unit}"


def _rates_named(match: re.Match) -> str:
    other = match["other"] or match["way"]
    return f"{match['changes']}{match['one']}{match['way']}{match['first']}，{match['two']}{other}{match['second']}"


def _told_apart(text: str) -> str:
    """The text with its figures as they are meant, and with a name for each of two that share one."""
    for printed, meant in _PRINTED_OTHERWISE:
        text = printed.sub(meant, text)
    text = _POINT.sub("。", text)
    text = _EACH_COUNT.sub(_each_counted, text)
    text = _NAMES_IN_BRACKETS.sub(_names_together, text)
    text = _SIDES_APART.sub(_with_the_unit, text)
    text = _OTHER_SIDE.sub("支出", text)
    text = _CHANGES_THEN_RATES.sub(_rates_named, text)
    if _EACH.search(text):
        for pattern in (_EACH, _EACH_RATE):
            text = pattern.sub(r"收入总计\g<verb>\g<first>\g<unit>，支出总计\g<verb>\g<second>\g<unit>", text)
    return text


def _asides(text: str) -> Iterator[tuple[str, bool]]:
    """The text in its order, and whether each part of it stands in brackets that hold figures."""
    at = 0
    for aside in _ASIDE.finditer(text):
        yield text[at : aside.start()], False
        yield aside.group(1), True
        at = aside.end()
    yield text[at:], False


class Clauses:
    """Reads one paragraph; `whole` is what the shares of the list that it belongs to are shares of."""

    def __init__(self, paragraph: Paragraph, whole: str = ""):
        self.paragraph = paragraph
        self.claims: list[dict[str, str]] = []
        self.mentions: list[tuple[int, dict[str, str]]] = []
        self.list_whole = whole
        self.named_whole = ""
        self.shared = self.shared_before = ""
        self.listed = ""
        self.subject = self.item = ""
        self.base = ""
        self.counted = ""
        self.counted_base = ""
        self.sentence_subject = ""
        self.lead = ""
        self.outer = ""
        self.unsaid: list[str] = []
        self.less = ""
        self.budget = ""
        self.is_ahead = False
        self.known = self.known_before = 0

    def read(self) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """Claims and mentions in the order of the text."""
        # the price in a name («单价100万元（含）以上设备») is no amount
        text = _EQUIPMENT.sub(lambda match: match.group().replace("万元", "\ue000"), _told_apart(self.paragraph.text))
        # a sentence goes on behind its brackets, whatever stands in them
        text = _BRACKETS.sub(lambda match: re.sub("[。；;]", "，", match.group()), text)
        before = ""
        for order, sentence in enumerate(re.split(r"(?<=[。；;])", text)):
            if before.endswith("。") and self.listed:
                # a list is over: what the next sentence does not name again is what the list is about
                self.subject, self.listed = self.listed, ""
            elif self.listed and re.match(r"^(?:较|比|与|同)", sentence):
                # nor is what is compared the last item of the list
                self.subject = self.listed
            self._sentence(sentence, order)
            before = sentence
        self._whole_paragraph()
        for claim in self.claims:
            claim["subject"] = claim["subject"].translate(_AS_PRINTED)
        mentions = [mention for _, mention in sorted(self.mentions, key=lambda pair: pair[0])]
        return self.claims, [{name: said.translate(_AS_PRINTED) for name, said in each.items()} for each in mentions]

    def _claim(
        self, measure: str, value: str, unit: str, base: str = "", direction: str = "", subject: str | None = None
    ) -> None:
        subject = (subject if subject is not None else self.subject) or self._of_the_paragraph()
        subject = f"{self.less}{subject}"
        self.claims.append(
            {
                "subject": subject,
                "measure": measure,
                "base": base,
                "value_text": value,
                "unit": unit.replace("(", "（").replace(")", "）"),
                "direction": direction,
            }
        )

    def _of_the_paragraph(self) -> str:
        """What a paragraph is about that does not say it where a figure stands: its item, or what its heading names."""
        item = _FIRST_ITEM.match(self.paragraph.text)
        if item:
            return subject_of_item(item.group())
        # without a heading it is what it begins with
        return of_headings(self.paragraph.section) or subject_of(re.split(r"[，。；：:\d]", self.paragraph.text)[0])

    def _mention(self, order: int, kind: str, subject: str, base: str, text: str) -> None:
        mention = {
            "mention_kind": kind,
            "subject": subject or self._of_the_paragraph(),
            "base": base,
            "mention_text": text,
        }
        self.mentions.append((order, mention))

    def _in_context(self, subject: str) -> str:
        whole = self.named_whole or self.listed or self.sentence_subject or self.list_whole
        return in_context(subject, self.paragraph.section, self.paragraph.subsection, whole)

    def _sentence(self, sentence: str, order: int) -> None:
        self.sentence_subject, self.unsaid, self.less, self.budget = "", [], "", ""
        self.known_before, self.known = self.known, len(self.claims)
        self.shared = self.shared or self.shared_before
        if order == 0:
            sentence = self._item_named(sentence)
        reason = _REASON.search(sentence)
        stated = sentence[: reason.start()] if reason else sentence
        for text, is_aside in _asides(stated):
            subject, counted = self.subject, self.counted
            self.outer = subject if is_aside else ""
            if is_aside and self._rate_behind(text):
                continue
            for part in _BETWEEN_CLAUSES.split(text):
                if part.strip("，,：:、。；; "):
                    self._clause(part.strip("，,：:、。；; "), order)
            if is_aside:
                # what follows goes on with what the brackets stand behind
                self.subject, self.counted = subject, counted
        if reason and (text := sentence[reason.end() :].strip("。；;：: ")):
            self._reason(text, order)

    def _rate_behind(self, aside: str) -> bool:
        """Takes the rate in brackets behind a change; whether there is one."""
        rate = _RATE_BEHIND.match(aside.strip())
        change = self.claims[-1] if self.claims else None
        if rate is None or change is None or change["measure"] != "change":
            return False
        self._claim("change_rate", rate[1], rate[2], change["base"], change["direction"], change["subject"])
        return True

    def _item_named(self, sentence: str) -> str:
        """Takes the item that the first sentence of a paragraph begins with; the rest of the sentence."""
        if topic := _TOPIC.match(sentence):
            # «（四）公务接待。支出1.92万元，…»
            self.subject = self.item = f"{topic[1]}费"
            return ""
        path = _PATH.match(sentence)
        if path and (path["way"] or path["code"] or path["coded"]):
            self.subject = self.item = re.sub(r"\s*[—–－·•→-]+\s*", "", joined(path["names"]))
            sentence = sentence[path.end() :]
        elif ITEM.match(sentence):
            if not re.search(rf"{NUMBER}\s*({MONEY}|{COUNT})", sentence):
                # «1、一般公共服务支出（类）…（项）。»: the figures follow
                self.subject = subject_of_item(sentence.strip("。；"))
            sentence = ITEM.sub("", sentence)
            if named := _NAMED_ITEM.match(sentence):
                self.subject = subject_of_item(named.group(1))
        return sentence

    def _reason(self, text: str, order: int) -> None:
        changed = list(dict.fromkeys(c["subject"] for c in self.claims if c["measure"] == "change"))
        subjects = changed if len(changed) > 1 and all(s.endswith("总计") for s in changed) else [self.subject]
        for subject in subjects:
            self._mention(order, "reason", subject, "", text)
        if re.search(r"(?:无|没有|未发生).+(?:支出|费用|经费)$", text):
            self._mention(order, "no_activity", self.subject, "", text)

    def _clause(self, clause: str, order: int) -> None:
        clause = re.sub(r"\s+(?!\d)|(?<!\d)\s+", "", clause)
        self._introduce(clause)
        if any(form.search(clause) for form in _UNFINISHED):
            self._mention(order, "unfinished", self.subject, "", clause)
        if self._compared(clause, order) or self._none(clause, order):
            return
        if _LISTED_ITEM.match(clause):
            self.subject = subject_of_item(clause)
            return
        if re.search(r"主要(?:用于|是)$", clause):
            at = self.paragraph.text.find(clause) + len(clause)
            self.lead = clause[clause.find("主要") :] + self.paragraph.text[at : at + 1]
            return
        self.lead = ""
        known = len(self.claims)
        compared = _COMPARED.match(clause)
        # «与上年相比收入减少…»: the year is known by now, but for what is compared with by its amount
        self._figures(clause[compared.end() :] if compared and not re.search(MONEY, compared.group()) else clause)
        if len(self.claims) > known:
            self.unsaid = []
            return
        self.unsaid.append(clause)
        if whole := _WHOLE.match(clause):
            self.named_whole = subject_of(whole.group(1) or whole.group(2))

    def _introduce(self, clause: str) -> None:
        """Takes from a clause what those behind it are about: a list, its whole, what is left out."""
        if re.match(r"其中$|主要用于.", clause) and self.subject and not self.listed:
            self.listed = self.subject
        if clause.startswith("其中"):
            told = {claim["measure"] for claim in self.claims[self.known :] or self.claims[self.known_before :]}
            told -= {"change", "change_rate"}
            if len(told) == 1 and told <= {"initial_budget", "annual_budget"}:
                # parts of a budget are budgets
                self.budget = told.pop()
            # parts of a part, to the end of the sentence
            self.shared_before, self.shared = self.shared or self.shared_before, ""
        if less := _WITHOUT.match(clause):
            # what is left of a figure is another one
            self.less = less.group()
        if used := _USED_FOR.match(clause):
            self.named_whole = subject_of(used.group(1))

    def _compared(self, clause: str, order: int) -> bool:
        """Whether a clause only compares, with the year before or with the budget."""
        compared = _COMPARED.match(clause)
        if compared:
            self.base = self._base_of_its_year(compared["base"] or compared["alone"])
            if not re.search(rf"{NUMBER}|相同|持平|一致|相等", clause[compared.end() :]):
                return True
        elif named := _NAMED_AND_COMPARED.match(clause):
            if named["money"]:
                self._name(named["lead"])
            self.base = self._base_of_its_year(named["base"])
            return True
        if before := _THE_YEAR_BEFORE.match(clause):
            self.base = before["base"]
            return True
        return self._unchanged_or_beside_budget(clause, order)

    def _base_of_its_year(self, base: str) -> str:
        """A budget without its year where that is the year told of, with it where it is an earlier one."""
        texts = (self.paragraph.text, self.paragraph.subsection, self.paragraph.section)
        told = next(filter(None, (re.search(r"(?<![比较与同和])20\d\d(?=年)", text) for text in texts)), None)
        if told and base[:4].isdigit() and base[:4] < told.group():
            return base
        return re.sub(rf"^{_YEAR_OF_BUDGET}(?={_BUDGET})", "", base)

    def _unchanged_or_beside_budget(self, clause: str, order: int) -> bool:
        """Whether a clause says in words that something is as it was, or how it stands to its budget."""
        beside = _BESIDE_BUDGET.match(clause)
        if not beside and (same := _UNCHANGED.search(clause)):
            self._name(clause[: same.start()])
            base = same.group(1) or same.group(4)
            if not re.search(_BUDGET, base):
                self._mention(order, "unchanged", self.subject, base, clause[same.start() :])
            return True
        if not beside or re.search(rf"{NUMBER}\s*(?:{MONEY}|[%％])", clause):
            return False
        word = beside.group("word") or beside.group("way")
        kind = next(kind for kind, words in _KINDS.items() if word in words)
        subject = self._in_context(subject_of(beside.group("lead"))) or self.subject
        self._mention(order, kind, subject, beside.group("budget") or beside.group("other"), clause)
        return True

    def _none(self, clause: str, order: int) -> bool:
        """Whether a clause says «none»."""
        none = _NONE.search(clause)
        if not none and not (clause == "无" and self.lead):
            return False
        subject = none.group(1) if none and none.group(1) else self.sentence_subject or self.subject
        subject = self.counted_base if none and not none.group(1) and self.counted.endswith("接待") else subject
        self._mention(order, "none", subject, "", clause if none else f"{self.lead}{clause}")
        self.lead = ""
        return True

    def _figures(self, clause: str) -> None:
        if completion := _COMPLETION.search(clause):
            self._completed(completion)
        elif execution := _EXECUTION.search(clause):
            self._executed(execution)
        elif _SHARE_LEFT_EMPTY.match(clause):
            self._claim("share", "", "%", self._whole())
        elif share := _SHARE.search(clause):
            self._shared(share)
        elif off := _OFF_BUDGET.search(clause):
            self._name(off.group("lead"))
            direction = "增加" if off.group("above") else "减少"
            self._claim("change", off.group("value"), off.group("unit"), off.group("budget"), direction)
        elif (change := _CHANGE.search(clause)) and self._change(change):
            pass
        elif (budget := _STATED_BUDGET.search(clause)) and not self._is_ahead(budget):
            self.subject = subject_of(budget.group("lead")) or self.subject
            measure = "initial_budget" if budget.group("kind") == "年初预算" else "annual_budget"
            self._claim(measure, budget.group("value"), budget.group("unit"))
        elif final := _FINAL.search(clause):
            self._claim("amount", final.group("value"), final.group("unit"))
        else:
            for figure in _FIGURE.finditer(clause):
                self._figure(figure.group("lead"), figure.group("value"), figure.group("unit"))

    def _is_ahead(self, budget: re.Match) -> bool:
        """Whether the budget of a fee may be that of another year: its clause or its paragraph speaks of one."""
        return bool(budget["of_fee"]) and (
            bool(re.search(YEAR, budget["lead"])) or any(claim["subject"].endswith("预算") for claim in self.claims)
        )

    def _completed(self, completion: re.Match) -> None:
        self._name(completion["lead"])
        if completion["value"]:
            self._budget(completion["budget"], completion["value"], completion["unit"])
        self._claim("completion_rate", completion["rate"] or "", "%", completion["budget"])

    def _executed(self, execution: re.Match) -> None:
        self._name(execution["lead"])
        if not _SPENT.match(self.subject):
            self._claim("completion_rate", execution["rate"], "%", execution["budget"])

    def _shared(self, share: re.Match) -> None:
        self._name(share.group(1))
        # «占支出合计488.80万元的0%»
        named = self._base(re.sub(rf"(?:{NUMBER}(?:{MONEY}))?的?$", "", share.group(2)))
        self._claim("share", share.group(3), "%", named or self._whole())
        self.shared = named or self.shared

    def _budget(self, name: str, value: str, unit: str) -> None:
        self._claim("initial_budget" if name == "年初预算" else "annual_budget", value, unit)

    def _name(self, lead: str) -> None:
        """Takes what stands before a rate for its subject, where it is more than a word for the final amount."""
        subject = subject_of(lead)
        if subject and not _FINAL_NAMED.match(subject):
            self.subject = self._in_context(subject)

    def _base(self, named: str) -> str:
        """The whole that a share names: «总支出» is all money, or in a section about a fund that of the fund."""
        return self._in_context(named) if ALL_OF_IT.match(named) else named

    def _whole(self) -> str:
        """What a share is a share of where its clause does not say so; nothing where the text leaves it open."""
        named = self.list_whole or self.named_whole or self.shared
        if named or (self.shared_before and self.listed):
            return named or self.listed
        # what else a paragraph about an item speaks of is no part of the item
        return "" if self.item and not self.listed else self._first_amount()

    def _first_amount(self) -> str:
        """What the first amount of the paragraph is of, unless it is a share itself."""
        divided = {c["subject"] for c in self.claims if c["measure"] == "share" and not c["base"]} | {self.subject}
        amounts = [c["subject"] for c in self.claims if c["measure"] == "amount"]
        return amounts[0] if amounts and amounts[0] not in divided else ""

    def _figure(self, lead: str, value: str, unit: str) -> None:
        if unit in MONEY.split("|"):
            self._amount(lead, value, unit)
        elif not re.search(r"第$", lead):
            self._count(lead, value, unit)

    def _amount(self, lead: str, value: str, unit: str) -> None:
        if _OF_A_YEAR.match(joined(lead)) and any(
            (claim["measure"], claim["subject"]) == ("amount", self.subject or self._of_the_paragraph())
            for claim in self.claims
        ):
            # «决算42.60万元；2019年度60.00万元»: the figure of another year is no second one of this
            return
        if self._difference(lead, value, unit):
            return
        subject = self._subject_of_amount(lead)
        if subject:
            self.subject = within(self.outer, self._in_context(subject))
        if _IS_WHOLE.search(self.subject):
            self.shared = self.shared_before = ""
        if not lead.startswith("其中") and not self.sentence_subject:
            self.sentence_subject = self.subject
        if self.subject.endswith("接待费") and not self._is_part(lead):
            self.counted_base = self.subject.removesuffix("费")
        self._claim(self.budget or "amount", value, unit)

    def _difference(self, lead: str, value: str, unit: str) -> bool:
        """Whether an amount is what something differs by, in a clause that names nothing else."""
        if _DIFFERENCE.match(joined(lead)):
            # «年初预算为2.95万元，差值为0.9万元»: which of the two is larger is not said
            self._claim("change", value, unit, self._budget_beside() or self.base or "上年")
            return True
        if self.claims and self.claims[-1]["measure"] == "completion_rate" and _SAVED.match(joined(lead)):
            self._claim("change", value, unit, self.claims[-1]["base"], "减少")
            return True
        return False

    def _budget_beside(self) -> str:
        """The budget that a difference follows, or that the clause before it compares with."""
        if self.claims and self.claims[-1]["measure"] in ("initial_budget", "annual_budget"):
            return "年初预算" if self.claims[-1]["measure"] == "initial_budget" else "预算"
        return self.base if re.search(_BUDGET, self.base) else ""

    def _subject_of_amount(self, lead: str) -> str:
        """What an amount is of by what stands before it; nothing where it is of what the text is about."""
        named = _NAMED_BEFORE_YEAR.match(joined(lead))
        subject = subject_of(named.group(1) if named else lead)
        if re.match(r"^(?:共计?|合计|累计)?(?:支出|费用)?$", subject) and self._is_of_what_is_counted(lead):
            subject = f"{self.counted}费"
        elif GENERIC.match(subject):
            subject = (subject_of("".join(self.unsaid)) or self.counted) + subject
        elif subject in ("支出", "收入") and self.subject == self.item != "":
            subject = ""
        elif _FINAL_ONLY.match(subject) and (self.unsaid or self.subject):
            # of what stands before it, or of what the text is about anyway
            subject = subject_of(self.unsaid[-1]) if self.unsaid else ""
        return self._total_beside(subject)

    def _is_of_what_is_counted(self, lead: str) -> bool:
        """«公务接待24批次，210人次，支出2.05万元»: what was spent on what the figures before it count."""
        return bool(
            re.match(r"^[，、]?(?:共计?|合计|累计|支出|费用)", joined(lead))
            and self.claims
            and self.claims[-1]["measure"] == "count"
            and self.counted.endswith("接待")
        )

    def _total_beside(self, subject: str) -> str:
        """The total of expenditure as that of revenue before it is named: of all money, or of a fund."""
        earlier = next((c["subject"] for c in reversed(self.claims) if c["subject"].endswith("收入总计")), "")
        if subject == "支出总计" and earlier not in ("", "收入总计"):
            return earlier.removesuffix("收入总计") + "支出总计"
        return subject

    def _is_part(self, lead: str) -> bool:
        at = self.paragraph.text.find(lead)
        return lead.startswith("其中") or self.paragraph.text[max(at - 2, 0) : at] == "其中"

    def _count(self, lead: str, value: str, unit: str) -> None:
        # «1个团组8人次»
        subject = subject_of(re.sub(r"^团组", "", lead) if self._follows_a_count() else lead)
        received = re.match(r"^(.*接待)费用?$", self.subject)
        if received and (re.match(r"^(?:共)?接待(?!外)", joined(lead)) or not (subject or self.counted)):
            # what is counted is what was received, not what it cost
            subject = received[1]
        self.counted = subject or self.counted or self.subject
        self._claim("count", value, unit, subject=self.counted)

    def _follows_a_count(self) -> bool:
        return bool(self.claims) and self.claims[-1]["measure"] == "count" and self.claims[-1]["unit"] == "个"

    def _change(self, change: re.Match) -> bool:
        """Takes a change; whether its clause states one: what is counted and has no name is none."""
        lead = _BEFORE_CHANGE.sub("", change.group("lead"))
        base = _CHANGED_FROM.search(lead)
        if base:
            self.base = self._base_of_its_year(base.group("base"))
            lead = lead[: base.start()]
        # points of percent are a difference of two rates, no rate
        unit = change.group("unit")
        is_counted = bool(re.fullmatch(COUNT, unit))
        subject = subject_of(lead) or self._named_again(base)
        if is_counted:
            self.counted = subject or (self.counted if self.claims and self.claims[-1]["unit"] == unit else "")
            if not self.counted:
                return False
        else:
            self._changed(subject, lead)
        self._budget_compared_with(base)
        # of two directions that a template left, none was chosen
        direction = change.group("word") or ""
        self._claim(
            "change_rate" if unit in ("%", "％") else "change",
            change.group("value") or "",
            unit,
            "上年" if is_counted and not base else self.base or "上年",
            _DIRECTIONS.get(direction, direction),
            self.counted if is_counted else None,
        )
        return True

    def _budget_compared_with(self, base: re.Match | None) -> None:
        is_of_this_year = not re.match(r"20\d\d", self.base)
        if base and is_of_this_year and base.group("budget") and base.group("value") and base.group("unit"):
            self._budget(base.group("budget"), base.group("value"), base.group("unit"))

    def _changed(self, subject: str, lead: str) -> None:
        """Notes what changed, where a clause names it."""
        if subject in ("支出", "收入"):
            self.subject = self._of_that_side(subject)
        elif subject and subject not in ("决算", "费用", "费用支出"):
            self.is_ahead = self.is_ahead or bool(_NEXT_BUDGET.match(lead))
            is_named_so = not self.is_ahead or subject.endswith("预算")
            self.subject = self._in_context(subject if is_named_so else f"{subject}预算")

    def _named_again(self, base: re.Match | None) -> str:
        """What a change is of by the name of what it is from: «比2022年总收入增加1.00万元»."""
        named = subject_of(base.group("named") or "") if base else ""
        if self.subject.endswith(named):
            return ""
        return "" if _OF_THE_SAME.match(named) and named not in ("支出", "收入") else named

    def _of_that_side(self, side: str) -> str:
        """Revenue or expenditure by that word alone: what is spoken of, or the total of that side named last."""
        own = not re.search(r"^上年|结转|结余", self.subject)
        if own and (side in self.subject or (side == "支出" and "收入" not in self.subject)):
            return self.subject
        totals = re.compile(rf"(?:{side}|{side}总计|{side}合计|总{side}|{side}决算)$")
        amounts = [claim["subject"] for claim in self.claims if claim["measure"] == "amount"]
        named = [name for name in amounts if totals.search(name) and not name.startswith("上年")]
        return named[-1] if named else side

    def _whole_paragraph(self) -> None:
        """Statements that a paragraph makes as a whole: lists of accounts, grades, «none»."""
        text = self.paragraph.text
        if self.claims and re.search(r"主要包括[：:]?(.+?)(?:支出)?(?:等)?[；。]?$", text):
            self._accounts(self.claims[0]["subject"] if len(self.claims) == 1 else "", text)
        if joined(text).strip("。") == "无":
            heading = (
                re.sub(r"^\S+ ", "", self.paragraph.subsection) or self.paragraph.subsection or self.paragraph.section
            )
            subject = re.sub(rf"^(\d+[、.]|[（(][{CHINESE}]+[）)]|[{CHINESE}]+、)", "", heading)
            self.mentions = [(0, {"mention_kind": "none", "subject": subject, "base": "", "mention_text": "无"})]
        for sentence in re.split(r"[。；]", text):
            self._statement(sentence)

    def _statement(self, sentence: str) -> None:
        none = re.search(
            r"(?:无|没有|未)(?:此项|该项|发生|安排|使用|涉及|取得).{0,30}$|(?:无|没有)[^，]{0,30}(?:支出|收入|收支|经费|情况)$",
            joined(sentence),
        )
        if none and not self.claims:
            self._mention(99, "no_activity", of_headings(self.paragraph.section), "", sentence.strip())
        grade = re.search(r"(?:自评结果为[：:])?(.+?)等?项目自评等级均?为[“\"](优|良|中|差)[”\"]$", sentence)
        if grade:
            said = re.sub(r"^自评结果为[：:]", "", sentence)
            for name in re.sub(r"^自评结果为[：:]", "", grade.group(1)).removesuffix("等").split("、"):
                self._mention(99, "grade", name, grade.group(2), said)
        not_done = re.search(r"^(?:本部门|本单位)?未开展(.+)$", sentence)
        if not_done:
            self._mention(99, "no_activity", not_done.group(1), "", sentence)

    def _accounts(self, subject: str, text: str) -> None:
        for match in re.finditer(r"主要包括[：:]?(.+?)(?=[；。]|$)", text):
            before = [c for c in self.claims if text.find(c["value_text"]) < match.start()]
            base = next((c["subject"] for c in reversed(before)), subject)
            names = re.sub(r"(?<=[助费更置出贴金])支出等$|等支出$|等$", "", match.group(1))
            for name in names.split("、"):
                if name.strip():
                    self._mention(50, "account", joined(name), base, name.strip())
