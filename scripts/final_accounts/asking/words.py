"""The words for places and amounts of a report, in Chinese and English."""

import csv
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

ZH, EN = "zh", "en"
REASONS = Path(__file__).with_name("reasons.csv")

# Identities whose two sides are no money: percent, and points or numbers of things.
PERCENT = ("n_share", "n_change_rate", "n_completion_rate", "p_execution_rate")
POINTS = (
    "p_weights",
    "p_scores",
    "p_total_score",
    "p_execution_points",
    "p_execution_score",
    "t10_vehicles",
    "n_project_count",
)

# What a finding is to a reader, in Chinese and English.
KIND_NAMES = {
    "unbalanced": ("报表不平", "tables do not add up"),
    "contradiction": ("矛盾", "contradiction"),
    "flaw": ("疏漏", "left out, or out of form"),
    "info": ("提示", "for information"),
}
MEASURES = {
    "amount": ("金额", "amount"),
    "share": ("占比", "share"),
    "change": ("增减额", "change"),
    "change_rate": ("增减率", "change rate"),
    "initial_budget": ("年初预算", "initial budget"),
    "annual_budget": ("全年预算", "annual budget"),
    "completion_rate": ("完成率", "completion rate"),
    "count": ("数量", "count"),
}
FORM_PARTS = {"funding": ("资金", "funding"), "indicator": ("指标", "indicator"), "total": ("总分", "total")}


@dataclass(frozen=True)
class Yuan:
    """An amount in a sentence, in yuan: who shows it chooses the unit."""

    amount: Decimal


Sentence = list[str | Yuan]


def wan(amount: Decimal, language: str) -> str:
    """Yuan as 万元 with two decimals, or more where they are not zero."""
    value = amount / 10_000
    text = f"{value:,.6f}".rstrip("0")
    whole, _, places = text.partition(".")
    return f"{whole}.{places.ljust(2, '0')} {'万元' if language == ZH else 'wan yuan'}"


def plain(sentence: Iterable[str | Yuan], language: str) -> str:
    """A sentence as text, its amounts in 万元."""
    return "".join(part if isinstance(part, str) else wan(part.amount, language) for part in sentence)


@functools.cache
def reasons() -> tuple[tuple[str, str, str], ...]:
    """The reasons of the warehouse, which are English sentences with gaps, and what they are in Chinese.

    Gaps {n}, {m} and {k} are numbers, others any text. The identity is named where the Chinese is for it alone.
    """
    with REASONS.open(encoding="utf-8", newline="") as rows:
        return tuple((row["identity_id"], row["english"], row["chinese"]) for row in csv.DictReader(rows))


@functools.cache
def english_words() -> dict[str, str]:
    """The words of forms and texts in English, classes and economic subjects by their codes.

    The names of most functional items and of projects are those of the report: they stay as they are printed.
    """
    with Path(__file__).with_name("english.csv").open(encoding="utf-8", newline="") as rows:
        return {row["word"]: row["english"] for row in csv.DictReader(rows)}


@functools.cache
def _phrase() -> re.Pattern[str]:
    """A phrase that is made of known words, the longest first; letters that stand alone mean too many things."""
    words = sorted((word for word in english_words() if len(word) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@functools.cache
def english(text: str) -> str:
    """A label or phrase in English; one that is not known in all its parts stays as it is printed."""
    bare = re.sub(r"^[一二三四五六七八九十]+、|^（[一二三四五六七八九十]+）|^\d+[.、]", "", text).removesuffix("(类)")
    if dated := re.fullmatch(r"(\d{4})年度?(.*)", bare):
        year, rest = dated.groups()
        return f"{english(rest)} of {year}" if rest and english(rest) != rest else year if not rest else text
    parts = [bare] if bare in english_words() else _phrase().findall(bare)
    return " ".join(english_words()[part] for part in parts) if parts and "".join(parts) == bare else text


@functools.cache
def _pattern(english: str) -> re.Pattern[str]:
    pattern = re.sub(r"\\\{([nmk])\\\}", r"(?P<\1>\\S+)", re.escape(english))
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", pattern), re.DOTALL)


def kind_of_reason(reason: str | None) -> str | None:
    """The reason without what fills its gaps."""
    return next((english for _, english, _ in reasons() if _pattern(english).fullmatch(reason or "")), reason)


def reason_text(identity: str, reason: str, language: str) -> str:
    """A reason in a language; what is not known stays as it is."""
    if language == EN:
        return reason
    for of, english, chinese in reasons():
        if of in ("", identity) and (found := _pattern(english).fullmatch(reason)):
            return re.sub(r"\{(\w+)\}", lambda gap: found[gap[1]], chinese).replace("(empty)", "（空）")
    return reason


@dataclass
class Names:
    """The names of rows and columns, and of claims of the text."""

    columns: Mapping[tuple[str, str], str]
    form_columns: Mapping[str, str]
    rows: dict[tuple[str, str, str], tuple[str | None, str | None]] = field(default_factory=dict)
    claims: dict[tuple[str, str], tuple[int | None, str | None, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection) -> "Names":
        """Those that are the same in all reports."""
        columns = connection.execute("select table_no, column_name, label_zh from raw.form_columns").fetchall()
        forms = connection.execute("select column_name, any_value(label_zh) from raw.project_columns group by all")
        return cls({(table, column): label for table, column, label in columns}, dict(forms.fetchall()))

    def column(self, table: str, column: str, language: str) -> str:
        """The name of a column."""
        if language == EN:
            label = self.columns.get((table, column), "")
            return english_words().get(label) or column.replace("source_", "").replace("_", " ")
        if table == "project":
            name = column.replace("source_", "").replace("execution_score", "score")
            return self.form_columns.get(name, column)
        return self.columns.get((table, column), column)

    def row(self, report: str, table: str, key: str, language: str) -> str:
        """The name of a row: its code and its label."""
        code, label = self.rows.get((report, table, key), (None, None))
        label = re.sub(r"^[一二三四五六七八九十]+、|^（[一二三四五六七八九十]+）|^\d+\.", "", label or "")
        if language == EN and not code:
            return english_words().get(label) or key.replace("_", " ")
        if language == EN:
            label = english_words().get(key) or english(label)
        return " ".join(part for part in (code, label) if part) or key

    def place(self, report: str, table: str, key: str, column: str, language: str) -> str:
        """Where a figure stands."""
        zh = language == ZH
        if table == "project":
            return self._place_in_form(key, column, language)
        if table == "narrative":
            return self._place_in_text(report, key, language)
        if table.startswith("prior-"):
            of = self.place(report, table.removeprefix("prior-"), key, column, language)
            return f"上年{of}" if zh else f"the year before, {of}"
        row = "" if table == "09" else self.row(report, table, key, language)
        named = self.column(table, column, language)
        parts = (row, "" if named == ("金额" if zh else "amount") else named)
        if zh:
            return f"{table}表" + "·".join(filter(None, parts))
        return f"table {table}, " + ", ".join(filter(None, parts))

    def _place_in_text(self, report: str, key: str, language: str) -> str:
        """The page of a claim, what it is about, and what it says of it where that is no amount."""
        zh = language == ZH
        page, subject, measure = self.claims.get((report, key), (None, None, ""))
        subject = subject if zh or not subject else english(subject)
        named = "" if measure == "amount" and subject else MEASURES.get(measure, (measure, measure))[not zh]
        what = " ".join(filter(None, (subject, named)))
        if zh:
            return f"文字{f'（第{page}页）' if page else ''}{what}"
        return ", ".join(filter(None, (f"the text{f' (p. {page})' if page else ''}", what)))

    def _place_in_form(self, key: str, column: str, language: str) -> str:
        project, part, *line = key.split("/")
        zh = language == ZH
        where = FORM_PARTS.get(part, (part, part))[not zh] + (
            (f"第{line[0]}行" if zh else f" row {line[0]}") if line else ""
        )
        name = self.column("project", column, language)
        if part == "total" or not column:
            where, name = ("", name) if part == "total" else (where, "")
        if zh:
            return f"自评表{project}" + "·".join(filter(None, (where, name)))
        return f"form {project}, " + ", ".join(filter(None, (where, name)))
