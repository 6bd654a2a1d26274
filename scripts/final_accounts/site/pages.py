"""The site: a release as static pages that open from a file and need no network.

One page a report holds its figures, its printed tables and its proof; an index and a page to compare lead to them.
What a page shows is written into it as JSON, and drawn by the scripts in `assets/`. A report is input, not code: its
text enters a page escaped, and the scripts write it as text only.
"""

import contextlib
import hashlib
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from final_accounts.asking import words
from final_accounts.asking.findings import Finding, counted, findings_of
from final_accounts.release.personal import fitted, has_personal_data
from final_accounts.release.record import sha256_of
from final_accounts.site import queries
from final_accounts.site.contents import PAGES, listed, write_whole
from final_accounts.site.printed import PrintedPages

HERE = Path(__file__).parent
RELEASE = """
select release_id, strftime(released_at, '%Y-%m-%dT%H:%M:%S+00:00'), data_sha256
from quality.releases where is_this_file
"""

# What the page that compares reads of a report.
COMPARED = ("year", "functions", "by_fund", "basic", "three_public")

# What the JSON beside a page says of a report, and the queries whose rows it has; see assets/report.schema.json.
REPORT_FACTS = (
    "report_id",
    "department_id",
    "department_name",
    "division_name",
    "government_level",
    "fiscal_year",
    "amount_unit",
    "page_count",
    "source_sha256",
    "source_file",
    "source_url",
    "origin",
    "is_released",
    "prior_report_id",
)
FIGURES = ("year", "functions", "by_fund", "basic", "three_public", "balances", "projects")

# What the page of a department says of each of its reports.
OF_REPORT = (
    "report_id",
    "page",
    "fiscal_year",
    "is_released",
    "findings",
    "contradictions",
)

# How the words of texts are parted: as many files as are small each, and no more than a folder should hold.
REPORTS_IN_TEXT_FILE, MOST_TEXT_FILES = 8, 1024

# Reports that are read at a time: enough for few queries, little enough for the memory.
CHUNK = 250


@dataclass
class Written:
    """What came of writing a site."""

    index: Path
    reports: int = 0
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def page_name(report_id: str) -> str:
    """The name of a report's files: its id, or where that is no plain name a digest of it."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", report_id):
        return report_id
    return "report-" + hashlib.sha256(report_id.encode()).hexdigest()[:24]


def as_json(value: object) -> Markup:
    """JSON that can stand in a script element: no text in it can end the element or start another."""
    text = (
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    )
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - it is escaped above


def _plain(value: Any) -> Any:
    """Money as text: JavaScript has no decimal."""
    return format(value, "f") if isinstance(value, Decimal) else value


def _query(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    cursor = connection.execute(sql)
    columns = [column[0] for column in cursor.description]
    return {"columns": columns, "rows": [[_plain(value) for value in row] for row in cursor.fetchall()]}


class Chunk:
    """The contents of some reports, read with one query a subject."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, report_ids: list[str], personal: bool) -> None:
        self.connection = connection
        self.personal = personal
        connection.execute("create or replace temp table chunk (report_id varchar)")
        connection.execute("insert into chunk select unnest(?)", [report_ids])
        self.shown = {name: self._by_report(sql) for name, sql in queries.SHOWN.items()}
        self.others = {name: self._by_report(sql) for name, sql in queries.OTHERS.items()}
        self.marts = {name: self._by_report(sql) for name, sql in queries.MARTS.items()}
        self.findings = findings_of(connection, *map(self._of_chunk, ("{report}", queries.ROWS)))
        for sql in queries.LEDGER:
            connection.execute(self._of_chunk(sql))
        self.rows = self._json_by_report(queries.ROWS_JSON)
        self.cells = self._json_by_report(queries.CELLS_JSON)
        self.results = self._json_by_report(queries.RESULTS_JSON)
        self.places = self._json_by_report(queries.PLACES_JSON)
        self.tables = self._by_report(queries.PRINTED_PAGES)

    def published(self, report: dict[str, Any], shown: "Shown") -> dict[str, Any]:
        """What is written beside the page of a report, for programs."""
        report_id = report["report_id"]
        return {
            "release": vars(shown),
            "report": {name: report[name] for name in REPORT_FACTS},
            "findings": [
                {
                    "severity": finding.severity,
                    "kind": finding.kind,
                    "contradicts": finding.contradicts,
                    "zh": finding.text(words.ZH),
                    "en": finding.text(words.EN),
                    "yuan": _plain(finding.yuan),
                    "quote": finding.quote and vars(finding.quote),
                    "place": finding.place and dict(zip(("table", "row", "column"), finding.place, strict=True)),
                    "checks": [{"identity": identity, "instance": key} for identity, key in finding.instances],
                }
                for finding in self.findings.get(report_id, [])
            ],
            "figures": {name: self.shown[name].as_objects(report_id) for name in FIGURES},
        }

    def contents(self, report: dict[str, Any], printed: PrintedPages) -> tuple[dict[str, Any], str]:
        """The figures of a report, and as JSON everything that its page shows."""
        report_id = report["report_id"]
        findings = self.findings.get(report_id, [])
        # the pages with tables, and those whose words a finding quotes
        numbers = {number for (number,) in self.tables(report_id)["rows"]}
        numbers |= {finding.quote.page for finding in findings if finding.quote and finding.quote.page}
        shown = {name: found(report_id) for name, found in self.shown.items()}
        figures = {"shown": {name: shown[name] for name in COMPARED}}
        parts = {
            "report": report,
            "shown": shown,
            "sql": shown_queries(report_id, self.personal),
            **{name: found(report_id) for name, found in self.others.items()},
            "marts": {name: found(report_id) for name, found in self.marts.items()},
            "findings": [shown_finding(finding) for finding in findings],
            "printed": printed.of(report["source_sha256"], sorted(numbers)),
        }
        everything = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), default=str)
        lists = {"rows": self.rows, "cells": self.cells, "results": self.results, "places": self.places}
        lists_json = ",".join(f'"{name}":{found.get(report_id, "[]")}' for name, found in lists.items())
        return figures, f"{everything[:-1]},{lists_json}}}"

    def _of_chunk(self, sql: str) -> str:
        return fitted(sql, self.personal).replace("{report}", "report_id in (select report_id from chunk)")

    def _by_report(self, sql: str) -> "_Found":
        return _Found(_query(self.connection, self._of_chunk(sql)))

    def _json_by_report(self, sql: str) -> dict[str, str]:
        return dict(self.connection.execute(self._of_chunk(sql)).fetchall())


def shown_finding(finding: Finding) -> dict[str, Any]:
    """A finding as a page has it: an amount in a sentence is an object, so that the reader chooses its unit."""

    def parts(sentence: words.Sentence) -> list[Any]:
        return [part if isinstance(part, str) else {"yuan": format(part.amount, "f")} for part in sentence]

    return {
        "kind": finding.kind,
        "contradicts": finding.contradicts,
        "zh": parts(finding.zh),
        "en": parts(finding.en),
        "checks": finding.instances,
        "yuan": None if finding.yuan is None else format(finding.yuan, "f"),
        "quote": finding.quote and vars(finding.quote),
        "place": finding.place,
        "blamed": finding.blamed,
    }


class _Found:
    """The rows of a query, by the report or department that they are of; it need not be the first column."""

    def __init__(self, result: dict[str, Any], key: str = "report_id") -> None:
        place = result["columns"].index(key)
        self.columns = [name for name in result["columns"] if name != key]
        self.rows: dict[str, list[list[Any]]] = {}
        for row in result["rows"]:
            self.rows.setdefault(row[place], []).append([*row[:place], *row[place + 1 :]])

    def as_objects(self, report_id: str) -> list[dict[str, Any]]:
        """The rows, each with the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows.get(report_id, [])]

    def __call__(self, report_id: str) -> dict[str, Any]:
        return {"columns": self.columns, "rows": self.rows.get(report_id, [])}


def shown_queries(report_id: str, personal: bool = True) -> dict[str, str]:
    """The queries behind the pictures of a report, as a reader can run them."""
    condition = "report_id = '" + report_id.replace("'", "''") + "'"
    return {name: fitted(sql, personal).replace("{report}", condition) for name, sql in queries.SHOWN.items()}


class _Folder:
    """The folder that pages are written into; a page that already stands there as it would be written is left alone."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.list = out / PAGES
        self.before = listed(out)
        self.now: set[str] = set()
        self.written: list[str] = []

    def write(self, name: str, content: str | bytes) -> None:
        """Writes a page as a whole, unless it stands there already."""
        data = content.encode() if isinstance(content, str) else content
        self.now.add(name)
        file = self.out / name
        # Asked of the page itself: a run that broke off half way may have left any list behind.
        if file.exists() and file.stat().st_size == len(data) and file.read_bytes() == data:
            return
        write_whole(file, data)
        self.written.append(name)

    def finish(self) -> list[str]:
        """Removes the pages that this site no longer has, and remembers the others; returns what was removed."""
        gone = sorted(self.before - self.now)
        for name in gone:
            file = (self.out / name).resolve()
            if file.is_relative_to(self.out.resolve()):
                file.unlink(missing_ok=True)
        write_whole(self.list, "".join(f"{name}\n" for name in sorted(self.now)).encode())
        return gone


def _chunks(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _assets() -> Iterable[tuple[str, bytes]]:
    for file in sorted((HERE / "assets").iterdir()):
        yield f"assets/{file.name}", file.read_bytes()


@dataclass(frozen=True)
class Shown:
    """The release that pages are made of: every one of them says so. A file that is none has a name only."""

    release_id: str
    released_at: str = ""
    data_sha256: str = ""
    file_sha256: str = ""

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, database: Path) -> "Shown":
        """That of a file."""
        with contextlib.suppress(duckdb.CatalogException):
            if release := connection.execute(RELEASE).fetchone():
                release_id, released_at, data_sha256 = release
                return cls(release_id, released_at, data_sha256, sha256_of(database))
        return cls(database.name)

    @property
    def metadata(self) -> Markup:
        """The same for programs, as elements of a page's head."""
        return Markup("\n").join(
            Markup('<meta name="{}" content="{}">').format(name.replace("_", "-"), value)
            for name, value in vars(self).items()
            if value
        )


# What dbt's page would ask for: a script that tells others what is read, an icon and an address that its makers left
# unfilled, and names of icons before they are filled in. It shall ask nobody, and for nothing that is not there.
ASKED_BY_DBT_DOCS = (
    (r'"//[\w.]+\.cloudfront\.net/[^"]*"', '"data:,"'),
    (r'href="\$\{require\([^"]*"', 'href="data:,"'),
    (r'<link rel="canonical" href="/[^"]*"/?>', ""),
    (r'(?<= )xlink:href="\{\{', 'ng-attr-xlink:href="{{'),
)


def _docs(folder: _Folder, data_docs: Path | None, dbt_docs: Path | None, shown: Shown) -> dict[str, str]:
    """Copies the documentation beside the pages, each page with its release; returns where each now is."""
    places = {}
    pages = {}
    if data_docs and (data_docs / "index.html").exists():
        pages = {f"data_docs/{file.name}": file for file in sorted(data_docs.glob("*.html"))}
        places["data_docs"] = "data_docs/index.html"
    if dbt_docs and dbt_docs.exists():
        pages["dbt_docs.html"] = dbt_docs
        places["dbt_docs"] = "dbt_docs.html"
    for name, file in pages.items():
        text = file.read_text(encoding="utf-8")
        for asked, instead in ASKED_BY_DBT_DOCS if file == dbt_docs else ():
            text = re.sub(asked, instead, text)
        folder.write(name, re.sub(r"<head>|$", lambda found: f"{found[0]}{shown.metadata}", text, count=1))
    return places


def _data_docs_of(connection: duckdb.DuckDBPyConnection, database: Path) -> Path:
    """Where the Data Docs of a file are: in the folder of its release, or beside it."""
    try:
        ((release,),) = connection.execute("select release_id from quality.releases where is_this_file").fetchall()
    except duckdb.CatalogException:
        return database.with_name("data_docs")
    folders = [database.parent, database.parent / "releases" / str(release)]
    return next((folder / "data_docs" for folder in folders if (folder / "data_docs").exists()), folders[0])


def write_site(
    database: Path,
    out: Path,
    *,
    data_docs: Path | None = None,
    dbt_docs: Path | None = None,
    sources: Iterable[Path] = (),
    before: Path | None = None,
    progress: bool = True,
) -> Written:
    """Writes the pages of a release into a folder; only pages whose content changed are written again.

    A release without personal data gets pages without it.

    `data_docs` is the folder that `scripts/expect` wrote (left out: that of the release, or data_docs beside the
    database), `dbt_docs` the static page of `dbt docs generate`; both are copied where they exist, and linked.
    `sources` are folders with files of reports, whose pages with tables are shown as pictures; those that stand in the
    site `before` are taken over. Raises OSError and duckdb.Error as they come.
    """
    out.mkdir(parents=True, exist_ok=True)
    folder = _Folder(out)
    for name, data in _assets():
        folder.write(name, data)
    with duckdb.connect(str(database), read_only=True) as connection:
        shown = Shown.of(connection, database)
        docs = _docs(folder, data_docs or _data_docs_of(connection, database), dbt_docs, shown)
        labels: dict[str, Any] = {name: _query(connection, sql) for name, sql in queries.LABELS.items()}
        labels |= {
            "reasons": words.reasons(),
            "percent": words.PERCENT,
            "points": words.POINTS,
            "finding_kinds": words.KIND_NAMES,
        }
        labels["english"] = words.english_words()
        folder.write("assets/labels.js", f"const LABELS = {as_json(labels)};\n")
        printed = PrintedPages(out, sources, before, has_personal_data(connection))
        pages = _Pages(folder, connection, shown, docs, printed)
        index = pages.reports(progress)
        pages.departments(index)
        text_files = pages.texts(index)
        terms = _query(connection, fitted(queries.TERMS, pages.personal))
        changed = {"sql": queries.MOST_CHANGED, **_query(connection, queries.MOST_CHANGED)}
    # Names of columns once, not with every report.
    kept = [column for column in index[0] if column != "years"] if index else []
    listed = {"columns": kept, "rows": [[report[column] for column in kept] for report in index]}
    pages.write("index.html", listed | {"text_files": text_files})
    pages.write("compare.html", {"reports": listed, "changed": changed})
    pages.write("about.html", {"terms": terms})
    pages.write("query.html", {})
    folder.now |= printed.names
    removed = folder.finish()
    return Written(out / "index.html", len(index), folder.written, removed)


class _Pages:
    """The pages of a release, as they are written into a folder."""

    def __init__(
        self,
        folder: _Folder,
        connection: duckdb.DuckDBPyConnection,
        shown: Shown,
        docs: dict[str, str],
        printed: PrintedPages,
    ) -> None:
        self.folder, self.connection, self.shown, self.printed = folder, connection, shown, printed
        self.personal = printed.personal
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals |= {"docs": docs, "release": shown, "personal": self.personal}
        self.template = environment.get_template

    def write(self, name: str, data: object, template: str | None = None, **values: object) -> None:
        """Writes a page from its template, with its data in it."""
        up = "../" * name.count("/")
        page = self.template(f"{template or name}.j2").render(data=as_json(data), up=up, **values)
        self.folder.write(name, page)

    def reports(self, progress: bool) -> list[dict[str, Any]]:
        """Writes the pages of reports; returns what the index says of each."""
        started = time.monotonic()
        found = _query(self.connection, fitted(queries.REPORTS, self.personal))
        index = [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]
        years: dict[str, list[list[Any]]] = defaultdict(list)
        for report in index:
            report["page"] = page_name(report["report_id"])
            report["department_page"] = page_name(report["department_id"] or report["report_id"])
            years[report["department_page"]].append([report["fiscal_year"], report["page"]])
        for number, some in enumerate(_chunks(index, CHUNK)):
            chunk = Chunk(self.connection, [report["report_id"] for report in some], self.personal)
            for report in some:
                report |= counted(chunk.findings.get(report["report_id"], []))
                report["years"] = sorted(years[report["department_page"]], key=str)
                self._report(report, chunk)
            if progress and len(index) > CHUNK:
                done = min((number + 1) * CHUNK, len(index))
                print(f"{time.monotonic() - started:6.1f} s  {done:,} of {len(index):,} reports", file=sys.stderr)
        return index

    def _report(self, report: dict[str, Any], chunk: Chunk) -> None:
        figures, everything = chunk.contents(report, self.printed)
        published = json.dumps(chunk.published(report, self.shown), ensure_ascii=False, indent=1, default=str)
        self.folder.write(f"reports/{report['page']}.json", published + "\n")
        self.write(f"reports/{report['page']}.html", everything, "report.html", report=report)
        script = f"(window.FIGURES ??= {{}})[{as_json(json.dumps(report['page']))}] = {as_json(figures)};\n"
        self.folder.write(f"reports/{report['page']}.js", script)

    def texts(self, index: list[dict[str, Any]]) -> int:
        """Writes what the words of texts are found by, in files small enough to be asked for; returns their number."""
        files = min(len(index) // REPORTS_IN_TEXT_FILE + 1, MOST_TEXT_FILES)
        self.connection.execute("create or replace temp table listed (report_id varchar, place integer)")
        ids = [report["report_id"] for report in index]
        self.connection.execute("insert into listed select unnest(?), unnest(range(?))", [ids, len(ids)])
        sql = fitted(queries.TEXT_PAIRS, self.personal)
        found = dict(self.connection.execute(sql, {"files": files}).fetchall())
        for file in range(files):
            pairs = as_json(found.get(file, "{}"))
            self.folder.write(f"search/{file}.js", f"(window.PAIRS ??= {{}})[{file}] = {pairs};\n")
        return files

    def departments(self, index: list[dict[str, Any]]) -> None:
        """Writes the pages of departments: their years side by side."""
        of: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for report in index:
            of[report["department_page"]].append(report)
        for some in _chunks(list(of.items()), CHUNK):
            names = [reports[0]["department_id"] for _, reports in some]
            self.connection.execute("create or replace temp table some_departments (department_id varchar)")
            self.connection.execute("insert into some_departments select unnest(?)", [names])
            found = {
                name: _Found(_query(self.connection, sql), "department_id") for name, sql in queries.DEPARTMENTS.items()
            }
            for page, reports in some:
                latest = max(reports, key=lambda report: str(report["fiscal_year"]))
                data = {
                    "department": {
                        name: latest[name] for name in ("department_id", "department_name", "division_name")
                    },
                    "reports": [{name: report[name] for name in OF_REPORT} for report in reports],
                    **{name: rows(latest["department_id"]) for name, rows in found.items()},
                }
                self.write(f"departments/{page}.html", data, "department.html", department=latest)
