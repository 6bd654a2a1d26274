"""Reads the text that explains the tables: paragraphs, the figures they state, statements without a figure, terms.

A figure is known by the pattern of its clause: an amount, a share, a change, a rate, a budget, a count. What a clause
does not name again (the subject, the year compared with, the whole of a share) it has from the clauses before it.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import CJK, Document, Grid, Line, joined, undoubled

NUMBER = r"-?\d[\d,]*(?:\.\d+)?"
MONEY = "亿元|百万元|万元|千元|元"
COUNT = "人次|批次|台（套）|台\\(套\\)|辆|个|批|项|户|家|台|套|人|次"
CHINESE = "一二三四五六七八九十"
SECTION = re.compile(rf"^[{CHINESE}]+、")
SUBSECTION = re.compile(rf"^[（(][{CHINESE}]+[）)]")
ITEM = re.compile(r"^\d{1,2}[、.．](?!\d)")
PART = re.compile(rf"^第[{CHINESE}]+部分")
PAGE_NUMBER = re.compile(r"^[-—–\s]*\d{1,4}[-—–\s]*$")
_EQUIPMENT = re.compile(r"单价\s*\d+\s*万元(?:（含）|\(含\))?\s*(?:（含）)?以上")


@dataclass
class Paragraph:
    """A paragraph of the narrative with the headings above it."""

    section: str
    subsection: str
    page: int
    text: str


@dataclass
class Narrative:
    """What the text beside the tables says."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    claims: list[dict[str, str]] = field(default_factory=list)
    mentions: list[dict[str, str]] = field(default_factory=list)
    glossary: list[tuple[str, str]] = field(default_factory=list)
    institutions: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    pages_known: bool = True

    def rows(self) -> dict[str, list[dict[str, str]]]:
        """Rows of the raw tables, without the report they belong to."""
        return {
            "narrative_paragraphs": [
                {
                    "paragraph_no": str(number),
                    "section": paragraph.section,
                    "subsection": paragraph.subsection,
                    "page_no": str(paragraph.page) if self.pages_known else "",
                    "paragraph_text": paragraph.text,
                }
                for number, paragraph in enumerate(self.paragraphs, 1)
            ],
            "narrative_claims": [{"claim_no": str(number)} | claim for number, claim in enumerate(self.claims, 1)],
            "narrative_mentions": [{"mention_no": str(number)} | row for number, row in enumerate(self.mentions, 1)],
            "glossary": [
                {"term_no": str(number), "term": term, "definition": text}
                for number, (term, text) in enumerate(self.glossary, 1)
            ],
            "institutions": [
                {"institution_no": str(number), "institution_kind": kind, "institution_name": name}
                for number, (kind, name) in enumerate(self.institutions, 1)
            ],
        }


def read_narrative(document: Document) -> Narrative:
    """The narrative of a document; empty where it has none."""
    result = Narrative(pages_known=document.pages_known)
    lines = _lines(document)
    start, end = _range(lines)
    if start is not None:
        result.paragraphs = _paragraphs(lines[start:end], document.kind == "pdf")
    for number, paragraph in enumerate(result.paragraphs, 1):
        before = result.paragraphs[number - 2] if number > 1 else None
        claims, mentions = _Clauses(paragraph, before, result).read()
        result.claims += [{"paragraph_no": str(number)} | claim for claim in claims]
        result.mentions += [{"paragraph_no": str(number)} | mention for mention in mentions]
    result.glossary = _glossary(lines, end if start is not None else 0)
    result.institutions = _institutions(document, lines[: start or 0])
    return result


def _lines(document: Document) -> list[Line]:
    """Lines of text without page numbers and running titles."""
    margins = Counter()
    for page in document.pages:
        own = [part for part in page.parts if isinstance(part, Line) and part.text.strip()]
        margins.update({joined(part.text) for part in own[:1] + own[-1:]})
    running = {text for text, count in margins.items() if count > 3 and not re.search(r"[，。；：]$", text)}
    running |= {joined(text) for text in document.running}
    result = []
    for page in document.pages:
        for part in page.parts:
            if isinstance(part, Line) and part.text.strip():
                text = undoubled(part.text.strip())
                if joined(text) not in running and not PAGE_NUMBER.match(text):
                    result.append(Line(text, part.page, part.box, part.words))
    return result


def _range(lines: list[Line]) -> tuple[int | None, int]:
    """First and last line of the narrative."""
    first = re.compile(
        rf"^[{CHINESE}]+、(?!.*财政拨款).{{0,20}}(收入支出决算总体情况|收支决算总体情况|收支总体情况|收入支出总体情况).{{0,6}}$"
    )
    start = None
    for number, line in enumerate(lines):
        if first.match(joined(line.text)) and any(
            re.search(r"\d[\d,.]*\s*万?元", other.text) for other in lines[number + 1 : number + 6]
        ):
            start = number
    if start is None:
        return None, 0
    end = len(lines)
    for number in range(start + 1, len(lines)):
        text = joined(lines[number].text)
        if PART.match(text) or re.match(rf"^([{CHINESE}]+、)?(专业性较强的)?名词解释$", text):
            end = number
            break
    return start, end


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _is_heading(text: str) -> bool:
    return not re.search(r"[，。；：,;:]", text) and not re.search(rf"{NUMBER}\s*({MONEY}|%)", text) and len(text) < 46


def _paragraphs(lines: list[Line], has_boxes: bool) -> list[Paragraph]:
    widths = sorted(_width(line.text) for line in lines)
    full = widths[int(len(widths) * 0.9)] if widths else 0
    lefts = Counter(round(line.box.x0 / 3) for line in lines if line.box)
    left = min((x for x, count in lefts.items() if count > 2), default=0) * 3
    result: list[Paragraph] = []
    section = subsection = item = ""
    current: Paragraph | None = None
    for number, line in enumerate(lines):
        text = line.text
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        if has_boxes:
            text = re.sub(rf"(?<=[{CJK}]) +| +(?=[{CJK}])", "", text)
        is_short = _width(text) < 0.82 * full
        if SECTION.match(text) and (
            _is_heading(text) or (is_short and not re.search(r"[。；]$", text) and _is_heading(text))
        ):
            section, subsection, item, current = joined(text), "", "", None
            continue
        if SUBSECTION.match(text) and _is_heading(text):
            subsection, item, current = joined(text), "", None
            continue
        starts_item = bool(ITEM.match(text))
        if starts_item and _is_heading(text) and is_short and not re.match(rf"^[^0-9]*{NUMBER}", following[:0]):
            item, current = joined(text), None
            continue
        indented = has_boxes and line.box is not None and line.box.x0 > left + 15
        begins = current is None or starts_item or (indented if has_boxes else False)
        if begins:
            current = Paragraph(section, f"{subsection} {item}".strip(), line.page, text)
            result.append(current)
        else:
            current.text += text
        if not has_boxes and (is_short or re.search(r"(其中|以下方面|如下)[：:]$", text)):
            current = None
    return result


def _clean(subject: str) -> str:
    """What a clause is about, without the words that introduce it."""
    text = joined(subject)
    text = re.sub(r"^[、，：:；]+", "", text)
    text = re.sub(r"^\d{1,2}[、.．]", "", text)
    text = (
        re.sub(r"^.*?(?=20\d\d年度?)", "", text)
        if re.search(r"20\d\d年度?.", text) and not re.match(r"^[比较与]", text)
        else text
    )
    text = re.sub(r"^(截至)?20\d\d年(?:度|\d+月\d+日)?", "", text)
    text = re.sub(r"^(其中|涉及|本年度?|全年)[：:]?(?=[^收支])", "", text)
    text = re.sub(r"^其中[：:]?", "", text)
    text = (
        re.sub(r"^(?:本部门|本单位)?(?:（单位）)?(?:共有|共计|共)?", "", text)
        if "共有" in text or re.match(r"^本(部门|单位)", text)
        else text
    )
    text = re.sub(r"^.*共有(?=车辆)", "", text)
    text = re.sub(r"^使用财政拨款(?:共|负担的)?", "", text)
    text = re.sub(r"^政府采购(?=授予)", "", text)
    text = re.sub(r"(?:共计|共|总计为|合计为|为|是|达|约)$", "", text)
    text = re.sub(r"(?<=[费])支出$", "", text)
    return text


class _Clauses:
    """Reads one paragraph clause by clause."""

    def __init__(self, paragraph: Paragraph, before: Paragraph | None, narrative: Narrative):
        self.paragraph = paragraph
        self.narrative = narrative
        self.claims: list[dict[str, str]] = []
        self.mentions: list[tuple[int, dict[str, str]]] = []
        self.subject = ""
        self.base = ""
        self.counted = ""
        self.sentence_subject = ""
        self.whole = self._whole(before)

    def _whole(self, before: Paragraph | None) -> str:
        """What shares without a base are shares of: the amount of the sentence that introduces the list."""
        for number in range(len(self.narrative.paragraphs), 0, -1):
            paragraph = self.narrative.paragraphs[number - 1]
            if paragraph is self.paragraph:
                continue
            if (paragraph.section, paragraph.subsection) != (self.paragraph.section, self.paragraph.subsection):
                continue
            if re.search(r"(其中|以下方面|如下)[：:]?$", paragraph.text):
                claims = [
                    c for c in self.narrative.claims if c["paragraph_no"] == str(number) and c["measure"] == "amount"
                ]
                if claims:
                    return claims[-1]["subject"]
        return ""

    def read(self) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """Claims and mentions in the order of the text."""
        # the price in a name («单价100万元（含）以上设备») is no amount
        text = _EQUIPMENT.sub(lambda match: match.group().replace("万元", "\ue000"), self.paragraph.text)
        sentences = re.split(r"(?<=[。；;])", text)
        for order, sentence in enumerate(sentences):
            self._sentence(sentence, order)
        self._whole_paragraph()
        for claim in self.claims:
            claim["subject"] = claim["subject"].replace("\ue000", "万元")
        return self.claims, [mention for _, mention in sorted(self.mentions, key=lambda pair: pair[0])]

    def _claim(
        self, measure: str, value: str, unit: str, base: str = "", direction: str = "", subject: str | None = None
    ) -> None:
        subject = subject if subject is not None else self.subject
        if not subject:
            subject = _of_section(self.paragraph)
        self.claims.append(
            {
                "subject": subject,
                "measure": measure,
                "base": base,
                "value_text": value,
                "unit": unit.replace("(", "（").replace(")", "）"),
                "direction": {"上升": "增长", "降低": "下降"}.get(direction, direction),
            }
        )

    def _mention(self, order: int, kind: str, subject: str, base: str, text: str) -> None:
        self.mentions.append(
            (
                order,
                {
                    "mention_kind": kind,
                    "subject": subject or _of_section(self.paragraph),
                    "base": base,
                    "mention_text": text,
                },
            )
        )

    def _sentence(self, sentence: str, order: int) -> None:
        self.sentence_subject = ""
        if order == 0 and ITEM.match(sentence) and not re.search(rf"{NUMBER}\s*({MONEY})", sentence):
            # «1、一般公共服务支出（类）…（项）。»: the figures follow
            self.subject = _clean(sentence.strip("。；"))
        reason = re.search(r"主要(?:原因(?:是|为)?|由于|是由于|因)[：:]?(?=[^，。；])", sentence)
        stated = sentence[: reason.start()] if reason else sentence
        for part in re.split(r"(?<=[，,：:、])(?!\d{3})|(?<=其中)", stated):
            if part.strip("，,：:、。；; "):
                self._clause(part.strip("，,：:、。；; "), order)
        if reason:
            text = sentence[reason.end() :].strip("。；; ")
            changed = list(dict.fromkeys(c["subject"] for c in self.claims if c["measure"] == "change"))
            subjects = changed if len(changed) > 1 and all(s.endswith("总计") for s in changed) else [self.subject]
            for subject in subjects:
                self._mention(order, "reason", subject, "", text)
            if re.search(r"(?:无|没有|未发生).+(?:支出|费用|经费)$", text):
                self._mention(order, "no_activity", self.subject, "", text)

    def _clause(self, clause: str, order: int) -> None:
        clause = joined(clause) if " " in clause else clause
        compared = re.match(r"^(?:与|同|较|比)(上年度?|20\d\d年度?)(?:[^增减下上]*)?相比", clause)
        if compared and not re.search(NUMBER, clause[compared.end() :]):
            self.base = compared.group(1)
            return
        same = re.search(r"与(上年度?|20\d\d年度?)(.*?)(相同|持平)$", clause)
        if same:
            self._mention(order, "unchanged", self.subject, same.group(1), clause[same.start() :])
            return
        none = re.search(r"^(.*?)主要(?:用于|是)[：:]?(?:接待)?无$", clause)
        if none or (clause == "无" and self._lead):
            subject = none.group(1) if none and none.group(1) else self.sentence_subject or self.subject
            subject = self.counted_base if none and not none.group(1) and self.counted.endswith("接待") else subject
            self._mention(order, "none", subject, "", clause if none else f"{self._lead}{clause}")
            self._lead = ""
            return
        lead = re.search(r"主要(?:用于|是)$", clause)
        if lead:
            self._after_lead(clause)
            return
        self._lead = ""
        self._figures(clause)

    _lead = ""
    counted_base = ""

    def _after_lead(self, clause: str) -> None:
        at = self.paragraph.text.find(clause) + len(clause)
        self._lead = clause[clause.find("主要") :] + (self.paragraph.text[at] if at < len(self.paragraph.text) else "")

    def _figures(self, clause: str) -> None:
        completion = re.search(rf"完成(年初预算|全年预算|年度预算|预算)(?:数)?的?({NUMBER})?\s*[%％]", clause)
        if completion:
            self._claim("completion_rate", completion.group(2) or "", "%", completion.group(1))
            return
        share = re.search(rf"占(?:比)?(?:(.*?)的?(?:比重|比例)?(?:为)?)({NUMBER})\s*[%％]", clause)
        if share:
            self._claim(
                "share", share.group(2), "%", re.sub(r"的$", "", share.group(1)) or self.whole or self._own_whole()
            )
            return
        change = re.search(
            rf"^(?P<lead>.*?)(?P<word>增加|减少|增长|下降|上升|降低)了?(?P<value>{NUMBER}|∞)?\s*(?P<unit>{MONEY}|[%％]|个百分点)",
            clause,
        )
        if change:
            self._change(change)
            return
        budget = re.search(
            rf"^(?P<lead>.*?)(?P<kind>年初预算|全年预算)(?:数)?(?:为|是)?(?P<value>{NUMBER})(?P<unit>{MONEY})", clause
        )
        if budget:
            if budget.group("lead"):
                self.subject = _clean(budget.group("lead"))
            measure = "initial_budget" if budget.group("kind") == "年初预算" else "annual_budget"
            self._claim(measure, budget.group("value"), budget.group("unit"))
            return
        final = re.search(rf"^(?P<lead>.*?)(?:支出)?决算(?:数)?(?:为|是)?(?P<value>{NUMBER})(?P<unit>{MONEY})", clause)
        if final and not final.group("lead"):
            self._claim("amount", final.group("value"), final.group("unit"))
            return
        for figure in re.finditer(
            rf"(?P<lead>[^0-9]*?(?:\d+\ue000[^0-9]*?|20\d\d年(?:度|\d+月\d+日)?[^0-9]*?)?)(?P<value>{NUMBER})\s*(?P<unit>{MONEY}|{COUNT})",
            clause,
        ):
            lead, value, unit = figure.group("lead"), figure.group("value"), figure.group("unit")
            if unit in MONEY.split("|"):
                self._amount(lead, value, unit)
            elif re.fullmatch(rf"{NUMBER}", value) and not re.search(r"第$", lead):
                self._count(lead, value, unit)

    def _own_whole(self) -> str:
        amounts = [c["subject"] for c in self.claims if c["measure"] == "amount"]
        return amounts[0] if amounts else ""

    def _amount(self, lead: str, value: str, unit: str) -> None:
        subject = _clean(lead)
        if subject == "资金" and self.counted:
            subject = self.counted + "资金"
        earlier = next((c["subject"] for c in reversed(self.claims) if c["subject"].endswith("收入总计")), "")
        if subject == "支出总计" and earlier not in ("", "收入总计"):
            subject = earlier.removesuffix("收入总计") + "支出总计"
        if subject:
            self.subject = subject
        if not lead.startswith("其中") and not self.sentence_subject:
            self.sentence_subject = self.subject
        if self.subject.endswith("接待费") and not self._is_part(lead):
            self.counted_base = self.subject.removesuffix("费")
        self._claim("amount", value, unit)

    def _is_part(self, lead: str) -> bool:
        at = self.paragraph.text.find(lead)
        return lead.startswith("其中") or self.paragraph.text[max(at - 2, 0) : at] == "其中"

    def _count(self, lead: str, value: str, unit: str) -> None:
        subject = _clean(lead)
        if re.match(r"^(?:共)?接待", joined(lead)) and self.subject.endswith("费"):
            subject = self.subject.removesuffix("费")
        if not subject:
            subject = self.counted or self.subject
        self.counted = subject
        self._claim("count", value, unit, subject=subject)

    def _change(self, change: re.Match) -> None:
        lead = change.group("lead")
        base = re.search(
            r"(?:较|比|与|同)(上年度?(?:决算数|决算支出|决算|支出)?|20\d\d年度?(?:决算数|决算支出|决算|支出)?)(?:相比)?$",
            lead,
        )
        if base:
            self.base = base.group(1)
            lead = lead[: base.start()]
        subject = _clean(lead)
        if subject and subject not in ("决算", "支出"):
            self.subject = subject
        measure = "change" if change.group("unit") in MONEY.split("|") else "change_rate"
        self._claim(
            measure, change.group("value") or "", change.group("unit"), self.base or "上年", change.group("word")
        )

    def _whole_paragraph(self) -> None:
        """Statements that a paragraph makes as a whole: lists of accounts, grades, «none»."""
        text = self.paragraph.text
        listed = re.search(r"主要包括[：:]?(.+?)(?:支出)?(?:等)?[；。]?$", text)
        if listed and self.claims:
            parts = re.split(r"；公用经费", listed.group(1))
            self._accounts(self.claims[0]["subject"] if len(self.claims) == 1 else "", text)
            del parts
        if joined(text).strip("。") == "无":
            heading = (
                re.sub(r"^\S+ ", "", self.paragraph.subsection) or self.paragraph.subsection or self.paragraph.section
            )
            subject = re.sub(rf"^(\d+[、.]|[（(][{CHINESE}]+[）)]|[{CHINESE}]+、)", "", heading)
            self.mentions = [(0, {"mention_kind": "none", "subject": subject, "base": "", "mention_text": "无"})]
        for sentence in re.split(r"[。；]", text):
            if (
                re.search(
                    r"(?:无|没有)(?:此项|该项|发生|安排|使用).{0,30}$"
                    r"|(?:无|没有)[^，]{0,30}(?:支出|收入|收支|经费|情况)$",
                    joined(sentence),
                )
                and not self.claims
            ):
                self._mention(99, "no_activity", _of_section(self.paragraph), "", sentence.strip())
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


def _of_section(paragraph: Paragraph) -> str:
    """The subject that a section's heading names."""
    text = re.sub(rf"^[{CHINESE}]+、", "", paragraph.section)
    return re.sub(r"(?:收入支出|收支|支出|收入)?(?:决算)?(?:总体)?(?:情况)?(?:的)?(?:说明)?$", "", text) or text


def _glossary(lines: list[Line], start: int) -> list[tuple[str, str]]:
    """Terms and their definitions."""
    begin = next(
        (n for n in range(start, len(lines)) if re.search(r"名词解释$", joined(lines[n].text))),
        None,
    )
    if begin is None:
        return []
    terms: list[list[str]] = []
    for line in lines[begin + 1 :]:
        text = joined(line.text)
        if PART.match(text):
            break
        match = re.match(rf"^(?:[{CHINESE}]+、|[（(][{CHINESE}]+[）)]|\d+[、.])([^。]{{2,40}}?)[：:](.*)$", text)
        if match:
            terms.append([match.group(1), match.group(2)])
        elif terms and text != "无":
            terms[-1][1] += text
    return [(term, text) for term, text in terms]


def _institutions(document: Document, lines: list[Line]) -> list[tuple[str, str]]:
    """Units of the department: its own offices, and those below it."""
    text = "".join(joined(line.text) for line in lines)
    result: list[tuple[str, str]] = []
    inner = re.search(r"内设机构\d*个?(?:，?包括|，?分别(?:为|是)|：)+[：:]?(.+?)。", text)
    if inner:
        result += [("internal", name) for name in inner.group(1).split("、")]
    below = re.search(r"下属(?:事业)?单位\d*个?[，：:](?:包括|分别为|为)?[：:]?(.+?)(?:。|$|一、收入)", text)
    if below:
        names = re.split(rf"[{CHINESE}]、|第[{CHINESE}]部分", below.group(1))[0]
        result += [("subordinate", name) for name in names.split("、") if name]
    if result:
        return result
    for part in document.parts():
        if isinstance(part, Grid) and part.slots and any(c and joined(c.text) == "单位名称" for c in part.slots[0]):
            column = next(n for n, c in enumerate(part.slots[0]) if c and joined(c.text) == "单位名称")
            names = [joined(row[column].text) for row in part.slots[1:] if row[column]]
            result += [("subordinate", name) for name in names if name and "本级" not in name]
    return result
