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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import plotly
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from final_accounts.release.personal import fitted, has_personal_data
from final_accounts.release.record import sha256_of
from final_accounts.site import queries

HERE = Path(__file__).parent
PAGES = "pages.txt"
RELEASE = """
select release_id, strftime(released_at, '%Y-%m-%dT%H:%M:%S+00:00'), data_sha256
from quality.releases where is_this_file
"""

# What the page that compares reads of a report.
COMPARED = ("year", "functions", "by_fund", "basic", "three_public")

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
        for sql in queries.LEDGER:
            connection.execute(self._of_chunk(sql))
        self.rows = self._json_by_report(queries.ROWS_JSON)
        self.cells = self._json_by_report(queries.CELLS_JSON)
        self.results = self._json_by_report(queries.RESULTS_JSON)

    def contents(self, report: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """The figures of a report, and as JSON everything that its page shows."""
        report_id = report["report_id"]
        shown = {name: found(report_id) for name, found in self.shown.items()}
        figures = {"shown": {name: shown[name] for name in COMPARED}}
        parts = {
            "report": report,
            "shown": shown,
            "sql": shown_queries(report_id, self.personal),
            **{name: found(report_id) for name, found in self.others.items()},
            "marts": {name: found(report_id) for name, found in self.marts.items()},
        }
        everything = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), default=str)
        lists = {"rows": self.rows, "cells": self.cells, "results": self.results}
        lists_json = ",".join(f'"{name}":{found.get(report_id, "[]")}' for name, found in lists.items())
        return figures, f"{everything[:-1]},{lists_json}}}"

    def _of_chunk(self, sql: str) -> str:
        return fitted(sql, self.personal).replace("{report}", "report_id in (select report_id from chunk)")

    def _by_report(self, sql: str) -> "_Found":
        return _Found(_query(self.connection, self._of_chunk(sql)))

    def _json_by_report(self, sql: str) -> dict[str, str]:
        return dict(self.connection.execute(self._of_chunk(sql)).fetchall())


class _Found:
    """The rows of a query, by the report that they are of; it need not be the first column."""

    def __init__(self, result: dict[str, Any]) -> None:
        place = result["columns"].index("report_id")
        self.columns = [name for name in result["columns"] if name != "report_id"]
        self.rows: dict[str, list[list[Any]]] = {}
        for row in result["rows"]:
            self.rows.setdefault(row[place], []).append([*row[:place], *row[place + 1 :]])

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
        self.before: set[str] = set()
        if self.list.exists():
            self.before = set(self.list.read_text(encoding="utf-8").splitlines())
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
        file.parent.mkdir(parents=True, exist_ok=True)
        _replace(file, data)
        self.written.append(name)

    def finish(self) -> list[str]:
        """Removes the pages that this site no longer has, and remembers the others; returns what was removed."""
        gone = sorted(self.before - self.now)
        for name in gone:
            file = (self.out / name).resolve()
            if file.is_relative_to(self.out.resolve()):
                file.unlink(missing_ok=True)
        _replace(self.list, "".join(f"{name}\n" for name in sorted(self.now)).encode())
        return gone


def _replace(file: Path, data: bytes) -> None:
    """Puts a file in its place whole: who reads it sees the old one or the new one."""
    half = file.with_name(file.name + ".half")
    half.write_bytes(data)
    half.replace(file)


def _chunks(items: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _assets() -> Iterable[tuple[str, bytes]]:
    yield "assets/plotly.min.js", (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
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
    database: Path, out: Path, *, data_docs: Path | None = None, dbt_docs: Path | None = None, progress: bool = True
) -> Written:
    """Writes the pages of a release into a folder; only pages whose content changed are written again.

    A release without personal data gets pages without it.

    `data_docs` is the folder that `scripts/expect` wrote (left out: that of the release, or data_docs beside the
    database), `dbt_docs` the static page of `dbt docs generate`; both are copied where they exist, and linked. Raises
    OSError and duckdb.Error as they come.
    """
    started = time.monotonic()
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    out.mkdir(parents=True, exist_ok=True)
    folder = _Folder(out)
    for name, data in _assets():
        folder.write(name, data)
    with duckdb.connect(str(database), read_only=True) as connection:
        shown = Shown.of(connection, database)
        docs = _docs(folder, data_docs or _data_docs_of(connection, database), dbt_docs, shown)
        labels = {name: _query(connection, sql) for name, sql in queries.LABELS.items()}
        folder.write("assets/labels.js", f"const LABELS = {as_json(labels)};\n")
        personal = has_personal_data(connection)
        reports = _query(connection, fitted(queries.REPORTS, personal))
        index = [dict(zip(reports["columns"], row, strict=True)) for row in reports["rows"]]
        for report in index:
            report["page"] = page_name(report["report_id"])
        template = environment.get_template("report.html.j2")
        for number, some in enumerate(_chunks(index, CHUNK)):
            chunk = Chunk(connection, [report["report_id"] for report in some], personal)
            for report in some:
                figures, everything = chunk.contents(report)
                page = template.render(report=report, data=as_json(everything), docs=docs, release=shown, up="../")
                folder.write(f"reports/{report['page']}.html", page)
                script = f"(window.FIGURES ??= {{}})[{as_json(json.dumps(report['page']))}] = {as_json(figures)};\n"
                folder.write(f"reports/{report['page']}.js", script)
            if progress and len(index) > CHUNK:
                done = min((number + 1) * CHUNK, len(index))
                print(f"{time.monotonic() - started:6.1f} s  {done:,} of {len(index):,} reports", file=sys.stderr)
        changed = {"sql": queries.MOST_CHANGED, **_query(connection, queries.MOST_CHANGED)}
    # Names of columns once, not with every report.
    listed = {"columns": list(index[0]) if index else [], "rows": [list(report.values()) for report in index]}
    common = {"docs": docs, "up": "", "release": shown}
    folder.write("index.html", environment.get_template("index.html.j2").render(common, data=as_json(listed)))
    compared = as_json({"reports": listed, "changed": changed})
    folder.write("compare.html", environment.get_template("compare.html.j2").render(common, data=compared))
    removed = folder.finish()
    return Written(out / "index.html", len(index), folder.written, removed)
