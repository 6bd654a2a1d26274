"""scripts/site: the pages of a release."""

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb

from final_accounts.site.pages import PUBLISHED_SITE, write_site
from final_accounts.warehouse.dbt import write_docs
from final_accounts.warehouse.paths import PUBLISHED

WRITTEN, NOT_WRITTEN = 0, 1


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/site",
        description="Write a release as static pages, in Chinese and English, that open from a file and need no "
        "network. Pages that have not changed are left as they are.",
        epilog="Exit status: 0 written, 1 not written (the reason is named), 2 wrong usage.",
    )
    parser.add_argument("--out", type=Path, default=PUBLISHED_SITE, metavar="DIR", help="default: %(default)s")
    parser.add_argument("--database", type=Path, default=PUBLISHED, metavar="FILE", help="default: %(default)s")
    parser.add_argument("--no-dbt-docs", action="store_true", help="leave the dbt docs out, which take ten seconds")
    options = parser.parse_args()
    if not options.database.exists():
        print(
            f"{options.database} does not exist: run scripts/build, or name a release with --database.", file=sys.stderr
        )
        return NOT_WRITTEN
    try:
        with tempfile.TemporaryDirectory() as folder:
            docs = None if options.no_dbt_docs else write_docs(Path(":memory:"), target=Path(folder))
            written = write_site(options.database, options.out, dbt_docs=docs)
    except duckdb.Error as error:
        print(f"{options.database} is not a warehouse that can be read: {error}", file=sys.stderr)
        return NOT_WRITTEN
    except OSError as error:
        print(f"The pages could not be written to {options.out}: {error}", file=sys.stderr)
        return NOT_WRITTEN
    pages = [name for name in written.written if name.startswith("reports/") and name.endswith(".html")]
    print(f"{written.reports:,} reports; pages of reports written: {len(pages):,}. Open {written.index}")
    return WRITTEN


if __name__ == "__main__":
    sys.exit(main())
