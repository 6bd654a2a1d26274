"""scripts/site: the pages of a release."""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from final_accounts.landing.folder import sources_of
from final_accounts.language import Parser
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.history import history
from final_accounts.release.lock import locked
from final_accounts.release.publish import open_to_all
from final_accounts.site.pages import Written, write_site
from final_accounts.site.server import server_of
from final_accounts.terminal import plain_streams
from final_accounts.warehouse.dbt import write_docs
from final_accounts.warehouse.paths import PUBLISHED, TOP, Warehouse

WRITTEN, NOT_WRITTEN = 0, 1


def write(database: Path, out: Path, *, dbt_docs: bool, sources: list[Path], before: Path | None = None) -> Written:
    """Writes the pages of a file into a folder."""
    with tempfile.TemporaryDirectory() as folder:
        docs = write_docs(Path(":memory:"), target=Path(folder)) if dbt_docs else None
        return write_site(database, out, dbt_docs=docs, sources=sources, before=before)


def write_into_release(warehouse: Warehouse, *, dbt_docs: bool, sources: list[Path]) -> Written:
    """Writes the pages of the release that readers have where they find them, all at once: with the release they go."""
    with locked(warehouse):
        release = history(warehouse).published
        if release is None:
            raise NotReleasedError("the release that readers have is not kept; name a file and a folder.")
        fresh, pages = release.folder / ".site", release.folder / warehouse.site.name
        shutil.rmtree(fresh, ignore_errors=True)
        file = release.folder / PUBLISHED.name
        written = write(file, fresh, dbt_docs=dbt_docs, sources=sources, before=pages)
        open_to_all(fresh)
        shutil.rmtree(pages, ignore_errors=True)
        fresh.rename(pages)
    return Written(warehouse.site / "index.html", written.reports, written.written)


def main() -> int:
    """Parses the command line."""
    parser = Parser(
        prog="scripts/site",
        description="Write a release as static pages, in Chinese and English, that open from a file and need no "
        "network. Without a folder they are the pages of the release that readers have, and come and go with it.",
        epilog="Exit status: 0 written or served, 1 not (the reason is named), 2 wrong usage.",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="a folder of your own; what has not changed is left")
    parser.add_argument(
        "--database", type=Path, metavar="FILE", help=f"needs --out; default: {PUBLISHED.relative_to(TOP)}"
    )
    parser.add_argument(
        "--serve",
        nargs="?",
        type=int,
        const=8765,
        metavar="PORT",
        help="write nothing: serve the pages that are there to this machine, so that query.html can ask the file "
        "(default: %(const)s; scripts/setup browser installs what it needs)",
    )
    parser.add_argument(
        "--sources",
        type=Path,
        action="append",
        metavar="DIR",
        help="a folder with files of reports, each under its SHA-256, as scripts/ingest keeps them beside a landing "
        "folder: their pages with tables are shown (can be given again; default: warehouse/sources, and those beside "
        "$FINAL_ACCOUNTS_LANDING)",
    )
    parser.add_argument("--no-dbt-docs", action="store_true", help="leave the dbt docs out, which take ten seconds")
    options = parser.parse_args()
    if options.database and not options.out:
        parser.error("--database needs --out: warehouse/site shows the release that readers have, and no other file")
    with plain_streams():
        return _write(options) if options.serve is None else _serve(options)


def _serve(options: argparse.Namespace) -> int:
    """Serves the pages and the file until it is interrupted."""
    warehouse = Warehouse.of(TOP)
    site, database = options.out or warehouse.site, options.database or PUBLISHED
    if not (site / "index.html").exists():
        print(f"{site} has no pages: run scripts/build, or scripts/site.", file=sys.stderr)
        return NOT_WRITTEN
    try:
        server = server_of(site, database, TOP / ".browser", options.serve)
    except OSError as error:
        print(f"Port {options.serve} cannot be served: {error.strerror}.", file=sys.stderr)
        return NOT_WRITTEN
    with server, contextlib.suppress(KeyboardInterrupt):
        print(f"http://127.0.0.1:{server.server_port}/query.html (stop with Ctrl+C)", flush=True)
        server.serve_forever()
    return WRITTEN


def _write(options: argparse.Namespace) -> int:
    """Does it, and says what came of it."""
    database = options.database or PUBLISHED
    if not database.exists():
        print(f"{database} does not exist: run scripts/build, or name a release with --database.", file=sys.stderr)
        return NOT_WRITTEN
    warehouse, docs = Warehouse.of(TOP), not options.no_dbt_docs
    landing = os.environ.get("FINAL_ACCOUNTS_LANDING")
    sources = options.sources or [warehouse.sources, *([sources_of(Path(landing).resolve())] if landing else [])]
    try:
        if options.out:
            written = write(database, options.out, dbt_docs=docs, sources=sources)
        else:
            written = write_into_release(warehouse, dbt_docs=docs, sources=sources)
    except NotReleasedError as error:
        print(f"Not written: {error}", file=sys.stderr)
        return NOT_WRITTEN
    except duckdb.Error as error:
        print(f"{database} is not a warehouse that can be read: {error}", file=sys.stderr)
        return NOT_WRITTEN
    except OSError as error:
        place = options.out or warehouse.site
        print(f"The pages could not be written to {place}: {error}", file=sys.stderr)
        return NOT_WRITTEN
    pages = [name for name in written.written if name.startswith("reports/") and name.endswith(".html")]
    print(f"{written.reports:,} reports; pages of reports written: {len(pages):,}. Open {written.index}")
    return WRITTEN


if __name__ == "__main__":
    sys.exit(main())
