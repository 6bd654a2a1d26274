"""Findings: where a report contradicts itself, each told as what was found, once a cause, the gravest first.

What the warehouse calls broken are instances of identities. Those that have one cause are one finding: they hold a cell
that is blamed, a figure of the text, or the same line of a form; or they are one slip made many times.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb

from final_accounts.asking.words import (
    EN,
    MEASURES,
    PERCENT,
    POINTS,
    ZH,
    Names,
    Sentence,
    Yuan,
    english,
    kind_of_reason,
    plain,
    reason_text,
)
from final_accounts.release.personal import fitted, has_personal_data

SEVERITIES = ("fatal", "error", "info")
# What a finding is to a reader, the gravest first. Only the first two contradict anything.
KINDS = ("unbalanced", "contradiction", "flaw", "info")
# What breaks these leaves something out, or is out of form; where it may also contradict, the reason says which.
FLAWS = ("n_omitted_item", "n_unfinished", "p_lost_points", "s_decimals", "s_line_numbers", "s_subject_names")
SAYS_NOTHING = re.compile("no note says")
# The longest quotation: sentences of a report can fill a page.
QUOTED = 160

BROKEN = """
select
    report_id, identity_id, instance_key, severity, comparison, left_yuan, right_yuan, residual_yuan, {reason?}
from quality.fct_identity_results
where status = 'broken' and {report}
order by report_id, identity_id, instance_key
"""
TERMS = """
select report_id, identity_id, instance_key, coefficient, table_no, row_key, column_name, printed_text
from quality.fct_identity_terms
semi join (from quality.fct_identity_results where status = 'broken') using (report_id, identity_id, instance_key)
where {report}
order by all
"""
SUSPECTS = """
select
    report_id, severity, cluster_no, suspects_in_cluster, table_no, row_key, column_name, printed_text, proposed_value
from quality.fct_suspect_cells
where {report}
order by report_id, severity, cluster_no, suspect_rank
"""
CLAIMS = """
select
    claims.report_id, cast(claims.claim_no as varchar) as claim_no, claims.paragraph_no,
    coalesce(places.page_no, paragraphs.page_no) as page_no,  -- a paragraph may go on on the next page
    {subject?}, claims.measure, claims.value_text, claims.unit
from (select report_id, claim_no, paragraph_no, {subject?}, measure, value_text, unit
    from staging.stg_accounts__narrative_claims where {report}) as claims
left join staging.stg_accounts__narrative_paragraphs as paragraphs using (report_id, paragraph_no)
left join (
    select report_id, row_no as claim_no, page_no from staging.stg_accounts__cell_places
    where {report} and raw_table = 'narrative_claims' and column_name = 'value_text'
) as places using (report_id, claim_no)
"""
MENTIONS = """
select report_id, cast(mention_no as varchar) as mention_no, paragraph_no, mention_kind, {mention_text?}
from staging.stg_accounts__narrative_mentions
where {report}
"""
PARAGRAPHS = """
select report_id, paragraph_no, page_no, {paragraph_text?}
from staging.stg_accounts__narrative_paragraphs
where {report}
"""
ROW_NAMES = """
select named.report_id, named.table_no, named.row_key, named.subject_code, named.subject_name
from ({rows}) as named (report_id, table_no, row_no, row_key, panel, subject_code, subject_name, line_no, row_role)
semi join (from quality.fct_identity_terms semi join (from quality.fct_identity_results where status = 'broken')
    using (report_id, identity_id, instance_key)) as terms
    using (report_id, table_no, row_key)
where named.row_key is not null
"""
TITLES = "select identity_id, title_zh, title from raw.identities"

Place = tuple[str, str, str]  # table, row, column


@dataclass(frozen=True)
class Quote:
    """A sentence of the report, with its page and paragraph."""

    text: str
    page: int | None
    paragraph: int


@dataclass
class Instance:
    """An identity that does not hold at one place."""

    identity: str
    key: str
    severity: str
    comparison: str
    left: Decimal | None
    right: Decimal | None
    residual: Decimal | None
    reason: str | None
    terms: list[tuple[int, Place, str | None]] = field(default_factory=list)

    @property
    def money(self) -> Decimal | None:
        """How much its two sides differ, where they are amounts."""
        return None if self.residual is None or self.identity in (*PERCENT, *POINTS) else abs(self.residual)


@dataclass(frozen=True)
class Suspect:
    """A cell that is blamed, alone or as one of several."""

    severity: str
    cluster: int
    of: int
    place: Place
    printed: str | None
    proposed: Decimal | None


@dataclass(frozen=True)
class Finding:
    """One thing that was found in a report."""

    severity: str
    kind: str
    zh: Sentence
    en: Sentence
    instances: tuple[tuple[str, str], ...]  # identity and key of each check that fails by it
    yuan: Decimal | None  # how much money it is about
    quote: Quote | None
    place: Place | None  # the printed figure to look at first
    blamed: tuple[Place, ...]

    @property
    def contradicts(self) -> bool:
        """Whether the report says two things there."""
        return self.kind in KINDS[:2]

    def text(self, language: str) -> str:
        """The sentence, its amounts in 万元."""
        return plain(self.zh if language == ZH else self.en, language)


@dataclass
class _Report:
    """What is read of one report."""

    instances: list[Instance] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    mentions: dict[str, dict[str, Any]] = field(default_factory=dict)
    paragraphs: dict[int, dict[str, Any]] = field(default_factory=dict)


def findings_of(connection: duckdb.DuckDBPyConnection, condition: str, rows_sql: str) -> dict[str, list[Finding]]:
    """The findings of the reports that a condition on `report_id` chooses, the gravest and dearest first.

    `rows_sql` gives the printed rows of those reports with their names.
    """
    personal = has_personal_data(connection)

    def read(sql: str) -> Iterator[dict[str, Any]]:
        cursor = connection.execute(fitted(sql, personal).replace("{report}", condition))
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))

    reports: dict[str, _Report] = defaultdict(_Report)
    by_key: dict[tuple[str, str, str], Instance] = {}
    for row in read(BROKEN):
        report = row.pop("report_id")
        instance = Instance(*row.values())
        reports[report].instances.append(instance)
        by_key[report, instance.identity, instance.key] = instance
    if not reports:
        return {}
    for row in read(TERMS):
        place = (row["table_no"], row["row_key"], row["column_name"])
        by_key[row["report_id"], row["identity_id"], row["instance_key"]].terms.append(
            (row["coefficient"], place, row["printed_text"])
        )
    for row in read(SUSPECTS):
        place = (row["table_no"], row["row_key"], row["column_name"])
        reports[row["report_id"]].suspects.append(
            Suspect(
                row["severity"],
                row["cluster_no"],
                row["suspects_in_cluster"],
                place,
                row["printed_text"],
                row["proposed_value"],
            )
        )
    names = Names.of(connection)
    _add_narrative(reports, names, read)
    for row in read(ROW_NAMES.replace("{rows}", rows_sql)):
        names.rows[row["report_id"], row["table_no"], row["row_key"]] = (row["subject_code"], row["subject_name"])
    titles = {identity: halves for identity, *halves in connection.execute(TITLES).fetchall()}
    return {
        report: sorted(_Teller(report, read_, names, titles).findings(), key=_gravest_first)
        for report, read_ in reports.items()
        if read_.instances
    }


def _add_narrative(reports: dict[str, _Report], names: Names, read: Callable[[str], Iterator[dict[str, Any]]]) -> None:
    """Adds what the text of each report says: its claims, what it mentions, and its paragraphs."""
    for row in read(CLAIMS):
        reports[row["report_id"]].claims[row["claim_no"]] = row
        names.claims[row["report_id"], row["claim_no"]] = (row["page_no"], row["subject"], row["measure"])
    for row in read(MENTIONS):
        reports[row["report_id"]].mentions[row["mention_no"]] = row
    for row in read(PARAGRAPHS):
        reports[row["report_id"]].paragraphs[row["paragraph_no"]] = row


def counted(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings there are, and how many of them contradict something: the same numbers wherever they stand."""
    every = list(findings)
    return {"findings": len(every), "contradictions": sum(each.contradicts for each in every)}


def _kind(severity: str, group: list[Instance]) -> str:
    """What failing checks of one cause are to a reader."""
    if severity != "error":
        return "unbalanced" if severity == "fatal" else "info"
    are_flaws = all(each.identity in FLAWS or SAYS_NOTHING.search(each.reason or "") for each in group)
    return "flaw" if are_flaws else "contradiction"


def _gravest_first(finding: Finding) -> tuple[int, Decimal, int, tuple[tuple[str, str], ...]]:
    return KINDS.index(finding.kind), -(finding.yuan or Decimal(0)), -len(finding.instances), finding.instances


def _joined(instances: list[Instance], same: Callable[[Instance], Iterable[Hashable]]) -> list[list[Instance]]:
    """Instances in groups: two are in one where they have something in common, or others between them do."""
    leader = list(range(len(instances)))

    def first(number: int) -> int:
        while leader[number] != number:
            number = leader[number]
        return number

    seen: dict[Hashable, int] = {}
    for number, instance in enumerate(instances):
        for thing in same(instance):
            leader[first(number)] = first(seen.setdefault(thing, number))
    groups: dict[int, list[Instance]] = defaultdict(list)
    for number, instance in enumerate(instances):
        groups[first(number)].append(instance)
    return list(groups.values())


class _Teller:
    """Tells what was found in one report."""

    def __init__(self, report_id: str, report: _Report, names: Names, titles: dict[str, list[str]]) -> None:
        self.report_id, self.report, self.names, self.titles = report_id, report, names, titles
        self.suspects = {(each.severity, each.place): each for each in report.suspects}

    def findings(self) -> Iterator[Finding]:
        """All of them, in no order."""
        for severity in SEVERITIES:
            some = [instance for instance in self.report.instances if instance.severity == severity]
            for group in _joined(some, self._causes):
                yield self._finding(severity, group)

    def _certain(self, instance: Instance) -> Place | None:
        """The cell of an instance that is wrong for certain."""
        suspects = [self.suspects.get((instance.severity, place)) for _, place, _ in instance.terms]
        return min((suspect.place for suspect in suspects if suspect and suspect.of == 1), default=None)

    def _causes(self, instance: Instance) -> Iterator[Hashable]:
        """What an instance has in common with others of its cause."""
        if certain := self._certain(instance):
            # a cause of its own, though sums hold several of them
            yield ("cell", certain)
            return
        for _, place, printed in instance.terms:
            if suspect := self.suspects.get((instance.severity, place)):
                yield ("cluster", suspect.cluster)
            elif place[0] == "narrative" or (instance.severity == "fatal" and printed):
                yield place
        if instance.identity.startswith("p_") and instance.key:
            yield ("form", instance.key)
        if instance.residual is None:
            # one slip, made at several places
            alone = instance.key if instance.identity == "n_named_account" else ""  # each list has its own accounts
            yield (instance.identity, kind_of_reason(instance.reason), alone)

    def _finding(self, severity: str, group: list[Instance]) -> Finding:
        group.sort(key=self._clearest_first)
        clusters = {
            suspect.cluster
            for each in group
            for _, place, _ in each.terms
            if (suspect := self.suspects.get((severity, place)))
        }
        blamed = [each for each in self.report.suspects if each.severity == severity and each.cluster in clusters]
        if certain := self._certain(group[0]):
            blamed = [each for each in blamed if each.place == certain]
        place = blamed[0].place if blamed else self._place_of(group[0])
        return Finding(
            severity,
            _kind(severity, group),
            self._sentence(group, blamed, ZH),
            _capital(self._sentence(group, blamed, EN)),
            tuple((each.identity, each.key) for each in group),
            max((each.money for each in group if each.money is not None), default=None),
            next(filter(None, map(self._quote, group)), None),
            place,
            tuple(each.place for each in blamed),
        )

    def _clearest_first(self, instance: Instance) -> tuple[bool, int, Decimal, str, str]:
        """A check tells most where no other cell of it is wrong, and where it is about the most money."""
        wrong = sum((instance.severity, place) in self.suspects for _, place, _ in instance.terms)
        return instance.money is None, wrong, -(instance.money or Decimal(0)), instance.identity, instance.key

    # ---- the sentence

    def _sentence(self, group: list[Instance], blamed: list[Suspect], language: str) -> Sentence:
        zh = language == ZH
        sentence = self._blame(blamed, language) + self._of_one(group[0], language)
        more = len(group) - 1
        if more and group[0].residual is None:
            others = list(dict.fromkeys(filter(None, (self._where(each, language) for each in group[1:]))))
            listed = _listed(others, "、" if zh else ", ", zh)
            if zh:
                sentence.append(f"；另有{more}处也是如此{'：' if listed else ''}{listed}")
            else:
                sentence.append(f"; so at {more} other place{'s' * (more > 1)}{': ' if listed else ''}{listed}")
        elif more and zh:
            sentence.append(f"；同一处另有{more}项核对不符")
        elif more:
            sentence.append(f"; {more} other check{'s' * (more > 1)} fail{'s' * (more == 1)} by it")
        return [*sentence, "。" if zh else "."]

    def _blame(self, blamed: list[Suspect], language: str) -> Sentence:
        """Which cell is wrong, and what it should be; or which cells may be."""
        zh = language == ZH
        places = [self._place(suspect.place, language) for suspect in blamed]
        if len(places) > 1:
            listed = _listed(places, "、" if zh else "; ", zh)
            return [
                f"以下{len(places)}格中有误（{listed}）："
                if zh
                else f"one of {len(places)} cells is wrong ({listed}): "
            ]
        if not blamed or blamed[0].place[0] == "narrative":
            return []
        (suspect,) = blamed
        printed = suspect.printed or ("空" if zh else "blank")
        said: Sentence = [f"{places[0]}印作{printed}" if zh else f"{places[0]} is printed as {printed}"]
        if suspect.proposed is not None:
            in_points = re.search("score|rate|weight", suspect.place[2]) and suspect.place[0] == "project"
            value = f"{suspect.proposed.normalize():f}" if in_points else Yuan(suspect.proposed)
            said += ["，应为" if zh else " and should be ", value]
        return [*said, "：" if zh else ": "]

    def _of_one(self, instance: Instance, language: str) -> Sentence:
        """What was found at one place."""
        zh = language == ZH
        if instance.residual is not None and instance.left is not None and instance.right is not None:
            return self._sides_apart(instance, instance.left, instance.right, instance.residual, language)
        where = self._where(instance, language)
        what = reason_text(instance.identity, instance.reason or "", language) or self._title(instance.identity, zh)
        if not instance.reason:
            what = f"不符合“{what}”" if zh else f"it does not hold that «{what}»"
        return [f"{where}：{what}" if where and zh else f"{where}: {what}" if where else what]

    def _sides_apart(
        self, instance: Instance, left: Decimal, right: Decimal, residual: Decimal, language: str
    ) -> Sentence:
        """What each side is, and by how much they differ, or the one is more than it may be."""
        zh = language == ZH
        one, other = (self._side(instance, sign, language) for sign in (1, -1))
        first, second, off = (self._value(instance, value) for value in (left, right, abs(residual)))
        if instance.comparison == "at_most":
            if zh:
                return [f"{one}为", first, f"，多于{other}的", second, "，多出", off]
            return [f"{one} is ", first, f", more than {other}, ", second, ": by ", off]
        if zh:
            return [f"{one}为", first, f"，{other}为", second, "，相差", off]
        return [f"{one} is ", first, f", {other} is ", second, ": off by ", off]

    def _title(self, identity: str, zh: bool) -> str:
        return self.titles.get(identity, [identity, identity])[not zh]

    @staticmethod
    def _value(instance: Instance, value: Decimal) -> str | Yuan:
        if instance.identity in PERCENT:
            return f"{round(value, 2).normalize():f}%"
        if instance.identity in POINTS:
            return f"{value.normalize():f}"
        return Yuan(value)

    def _side(self, instance: Instance, sign: int, language: str) -> str:
        """The name of a side: the one printed figure on it, or what they are together."""
        zh = language == ZH
        own = [(place, printed) for coefficient, place, printed in instance.terms if coefficient * sign > 0]
        places = [place for place, printed in own if printed]
        if len(places) == 1:
            return self._place(places[0], language)
        if len(places) > 1:
            return self._together(places, language)
        if instance.key in self.report.claims and instance.identity.startswith("n_") and sign == 1:
            return self._place(("narrative", instance.key, ""), language)
        if len(own) == 1:
            return self._place(own[0][0], language) + ("（空）" if zh else " (blank)")
        return self._half(instance, sign, zh)

    def _together(self, places: list[Place], language: str) -> str:
        """What several figures are together."""
        zh = language == ZH
        tables = sorted({place[0] for place in places})
        if tables == ["project"]:
            forms = len({place[1].split("/")[0] for place in places})
            what = self.names.column("project", places[0][2], language)
            return f"{forms}份自评表{what}之和" if zh else f"the {what} of {forms} forms together"
        if tables == ["narrative"]:
            return f"文字所列{len(places)}项之和" if zh else f"the {len(places)} items of the text together"
        if zh:
            return f"{'、'.join(tables)}表{len(places)}个数之和"
        return f"{len(places)} figures of table {' and '.join(tables)} together"

    def _half(self, instance: Instance, sign: int, zh: bool) -> str:
        """What the title of an identity calls a side."""
        title = self._title(instance.identity, zh)
        halves = re.split(
            r"等于|不大于|之和与" if zh else r" equals? | is (?:not larger than|the|a) ", title, maxsplit=1
        )
        where = self._where(instance, ZH if zh else EN)
        if len(halves) < 2:
            return where or title
        half = halves[sign < 0]
        return (
            f"{where} {half}" if where and sign == 1 and not zh else f"{where}{half}" if where and sign == 1 else half
        )

    def _place(self, place: Place, language: str) -> str:
        return self.names.place(self.report_id, *place, language)

    def _where(self, instance: Instance, language: str) -> str:
        """Where an instance without sides stands."""
        key, zh = instance.key, language == ZH
        if instance.identity in ("n_project_count", "n_named_account", "n_year", "n_grade", "n_omitted_item"):
            return ""
        if instance.identity.startswith("n_") and key in self.report.claims:
            return _claimed(self.report.claims[key], zh)
        if instance.identity.startswith("p_") and key:
            return self.names.place(self.report_id, "project", key, "", language)
        if instance.identity.startswith("s_") and re.match(r"\d\d", key):
            return f"{key[:2]}表" if zh else f"table {key[:2]}"
        return ""

    # ---- the quotation, and where to look

    def _quote(self, instance: Instance) -> Quote | None:
        """The sentence of the report that a finding is about."""
        paragraph, wanted = self._paragraph_of(instance)
        found = self.report.paragraphs.get(paragraph) if paragraph is not None else None
        if paragraph is None or not found or not found["paragraph_text"]:
            return None
        claim = self._claim_of(instance)
        page = claim["page_no"] if claim and claim["paragraph_no"] == paragraph else found["page_no"]
        return Quote(sentence_with(found["paragraph_text"], wanted), page, paragraph)

    def _paragraph_of(self, instance: Instance) -> tuple[int | None, str]:
        """The paragraph that an instance is about, and which of its words; none where the text says nothing of it."""
        if instance.identity in ("n_named_account", "n_unfinished"):
            return int(instance.key.split(":")[0]), ""
        if instance.identity == "n_comparison" and (mention := self.report.mentions.get(instance.key)):
            return mention["paragraph_no"], mention["mention_text"] or ""
        if instance.identity == "n_grade":
            grades = (each for each in self.report.mentions.values() if each["mention_kind"] == "grade")
            grade = next(grades, None)
            return (grade["paragraph_no"], grade["mention_text"] or "") if grade else (None, "")
        claim = self._claim_of(instance)
        return (claim["paragraph_no"], claim["value_text"] or "") if claim else (None, "")

    def _claim_of(self, instance: Instance) -> dict[str, Any] | None:
        """The claim of the text that an instance is about; what names a year is none."""
        keys = [place[1] for _, place, _ in instance.terms if place[0] == "narrative"]
        keys += [instance.key] if instance.identity.startswith(("n_", "y_change")) else []
        claim = next(filter(None, map(self.report.claims.get, keys)), None)
        return claim if instance.identity != "n_year" else None

    def _place_of(self, instance: Instance) -> Place | None:
        """The figure to look at first: the one that is printed in a table, or else in the text."""
        printed = [place for _, place, text in instance.terms if text]
        printed.sort(key=lambda place: (place[0] != "narrative", place[0].startswith("prior-")))
        if printed:
            return printed[0]
        if instance.key in self.report.claims and instance.identity.startswith(("n_", "y_change")):
            return ("narrative", instance.key, "claim") if instance.identity != "n_grade" else None
        if instance.identity.startswith("p_"):
            return ("project", instance.key, "score")
        if instance.identity == "t09_t10_vehicles":
            return ("09", "total", "final_vehicle_operation")
        if instance.identity == "n_omitted_item":
            return ("05", instance.key.split(":")[0], "total")
        return None


def _listed(texts: list[str], comma: str, zh: bool) -> str:
    """The first few of some texts."""
    return comma.join(texts[:4]) + ("" if len(texts) <= 4 else "等" if zh else f"{comma}…")


def _claimed(claim: dict[str, Any], zh: bool) -> str:
    """What the text says in a claim, and on which page."""
    page, unit = claim["page_no"], claim["unit"] or ""
    value = (claim["value_text"] or "") + (unit if zh or unit == "%" else f" {english(unit)}" if unit else "")
    measure = MEASURES.get(claim["measure"], (claim["measure"],) * 2)[not zh]
    if zh:
        on = "" if page is None else f"（第{page}页）"
        return f"文字{on}称{claim['subject'] or ''}{measure}为{value}"
    on = "" if page is None else f" (p. {page})"
    return f"the text{on} gives {value} as {measure} of {english(claim['subject'] or 'it')}"


def _capital(sentence: Sentence) -> Sentence:
    first, *rest = sentence
    return [first[:1].upper() + first[1:] if isinstance(first, str) else first, *rest]


def sentence_with(paragraph: str, wanted: str) -> str:
    """The sentence of a paragraph that holds a text; the beginning of the paragraph where none does."""
    sentences: list[str] = re.findall(r"[^。；;]+[。；;]?", paragraph) or [paragraph]
    found = next((each for each in sentences if wanted and wanted in each), sentences[0]).strip()
    if len(found) <= QUOTED:
        return found
    at = max(0, found.find(wanted) - QUOTED // 2) if wanted else 0
    return ("…" if at else "") + found[at : at + QUOTED] + ("…" if at + QUOTED < len(found) else "")
