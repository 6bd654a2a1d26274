"""The expectation suites in a process of their own, which imports Great Expectations while dbt still builds.

Importing it takes as long as checking one report, and dbt leaves a processor to spare. The process waits on its
standard input for what to check, so that it ends with a build that is killed before.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from final_accounts.expectations.validation import Reports
from final_accounts.release.errors import NotReleasedError
from final_accounts.release.record import CheckResult

Check = Callable[[Path, Path | None], tuple[Reports, list[CheckResult]]]


@contextlib.contextmanager
def expectations_checker() -> Iterator[Check]:
    """Starts the process; gives what checks a database with it, once, and writes Data Docs to a folder if one is named.

    That raises NotReleasedError where a critical expectation is not met or any could not be evaluated.
    """
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="backslashreplace",
    )

    def check(database: Path, docs: Path | None) -> tuple[Reports, list[CheckResult]]:
        answer, said = process.communicate(json.dumps([str(database), docs and str(docs)]))
        print(said, end="", file=sys.stderr)
        if process.returncode:
            raise NotReleasedError(f"checking the expectations ended with {process.returncode}.")
        found = json.loads(answer)
        if "not_released" in found:
            raise NotReleasedError(found["not_released"])
        return Reports(**found["reports"]), [CheckResult(**each) for each in found["checks"]]

    try:
        yield check
    finally:
        if process.returncode is None:
            process.kill()
            process.communicate()


def main() -> None:
    """Checks what it is told to; nothing, if the build has ended without saying so."""
    # what anything prints must not stand in the answer
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer:
        os.dup2(2, 1)
        import great_expectations  # noqa: F401

        from final_accounts.release.results import check_expectations

        told = sys.stdin.read()
        if not told:
            return
        database, docs = json.loads(told)
        try:
            reports, checks = check_expectations(Path(database), docs and Path(docs))
        except NotReleasedError as error:
            json.dump({"not_released": str(error)}, answer)
        else:
            json.dump({"reports": asdict(reports), "checks": [asdict(each) for each in checks]}, answer)


if __name__ == "__main__":
    main()
