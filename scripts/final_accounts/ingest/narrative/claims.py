"""Reads the text that explains the tables: paragraphs, the figures they state, statements without a figure, terms."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from final_accounts.ingest.document.pages import Cell, Document, joined
from final_accounts.ingest.narrative.clauses import BOTH_WAYS, Clauses
from final_accounts.ingest.narrative.finding import narrative_lines, text_lines
from final_accounts.ingest.narrative.glossary import glossary_of, institutions_of
from final_accounts.ingest.narrative.paragraphs import Paragraph, paragraphs_of
from final_accounts.ingest.narrative.places import places_of
from final_accounts.ingest.narrative.words import MONEY, YEAR, is_heading

_WITHOUT_FIGURE = re.compile(
    rf"[^，。；：\d]{{0,12}}?(?:决算数?|预算数?|合计|总计|金额|总额|支出|收入|经费|费)(?:为|是|共计)?\s*(?:{MONEY})"
)
_BELOW_ZERO = re.compile(r"[）)】\]][-－−]\d")
_PROMISED = re.compile(r"决算.{0,12}说明|决算.{0,8}情况$|名词解释")


@dataclass
class Narrative:
    """What the text beside the tables says; `places` are those of its claims."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    claims: list[dict[str, str]] = field(default_factory=list)
    places: list[Cell] = field(default_factory=list)
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


def read_narrative(document: Document, in_tables: Collection[int] = ()) -> Narrative:
    """The narrative of a document; empty where it has none. `in_tables` are lines, by `id`, that are none of text."""
    result = Narrative(pages_known=document.pages_known)
    above, title, lines = narrative_lines(document, in_tables)
    result.paragraphs = paragraphs_of(lines, document.kind == "pdf", document.pages_known)
    for number, paragraph in enumerate(result.paragraphs, 1):
        claims, mentions = Clauses(paragraph, _whole_of_list(result, paragraph)).read()
        result.claims += [{"paragraph_no": str(number)} | claim for claim in claims]
        result.places += places_of(paragraph.lines, [claim["value_text"] for claim in claims])
        result.mentions += [{"paragraph_no": str(number)} | mention for mention in mentions]
    result.mentions = _without_signed_ways(result.mentions)
    heading = "".join(joined(line.text) for line in title)
    if result.paragraphs and (year := re.search(YEAR, heading)):
        result.mentions.append(
            {
                "paragraph_no": "1",
                "mention_kind": "period",
                "subject": "",
                "base": year.group(),
                "mention_text": heading,
            }
        )
    result.glossary = glossary_of(text_lines(document))
    result.institutions = institutions_of(document, above)
    result.problems = list(_problems(result, document))
    return result


def _headings(document: Document) -> Iterator[str]:
    """What may promise a narrative: the lines of text, and what stands in a sheet as a heading does."""
    yield from (joined(line.text) for line in text_lines(document))
    if document.kind == "xlsx":
        texts = (joined(text) for page in document.pages for text in page.text.split("\n"))
        yield from filter(is_heading, texts)


def _without_signed_ways(mentions: list[dict[str, str]]) -> list[dict[str, str]]:
    """The statements but those with both directions, in a text whose figures say by their signs which is meant.

    «增加（减少）-3.53万元» in one place tells that «增长（下降）4.1%» in another is finished, too.
    """
    both = [m for m in mentions if m["mention_kind"] == "unfinished" and BOTH_WAYS.search(m["mention_text"])]
    if not any(_BELOW_ZERO.search(mention["mention_text"]) for mention in both):
        return mentions
    return [each for each in mentions if each not in both]


def _whole_of_list(narrative: Narrative, paragraph: Paragraph) -> str:
    """What the shares of a paragraph are shares of: the amount of the paragraph that introduces the list it is in."""
    for number in range(len(narrative.paragraphs), 0, -1):
        other = narrative.paragraphs[number - 1]
        if other is paragraph or (other.section, other.subsection) != (paragraph.section, paragraph.subsection):
            continue
        if re.search(r"(其中|以下方面|如下)[：:]?$", other.text):
            amounts = [
                c["subject"] for c in narrative.claims if c["paragraph_no"] == str(number) and c["measure"] == "amount"
            ]
            if amounts:
                return amounts[-1]
    return ""


def _problems(narrative: Narrative, document: Document) -> Iterator[str]:
    """What a person must look at: a narrative that was promised and not found, and units that lost their figure."""
    if not narrative.paragraphs and any(map(_PROMISED.search, _headings(document))):
        yield "it was not found, though headings speak of it"
    for paragraph in narrative.paragraphs:
        for match in _WITHOUT_FIGURE.finditer(joined(paragraph.text)):
            page = f"page {paragraph.page}: " if narrative.pages_known else ""
            yield f"{page}«{match.group()}»: a unit without a figure"
