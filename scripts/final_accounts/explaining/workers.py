"""Explains reports in processes of their own, one for each processor, as a search never leaves Python.

A worker is this module run as a program: it reads reports from its input and writes what it found, and ends when nobody
writes to it any more, also when whoever started it was killed.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

import duckdb

from final_accounts.explaining.explain import Bounds
from final_accounts.explaining.explanations import explanations_of, reports_of
from final_accounts.explaining.models import Row
from final_accounts.explaining.terms import Term

# fewer are done before a worker has started
WORTH_IT = 50
# reports that are waiting for a worker, for each
WAITING = 4

PROGRAM = (sys.executable, "-m", "final_accounts.explaining.workers")
PACKAGES = str(Path(__file__).parents[2])


def explained_rows(
    connection: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, bounds: Bounds
) -> Iterator[Row]:
    """The explanations of all reports of the model int_explained_terms."""
    (number,) = relation.aggregate("count(distinct report_no)").fetchall()[0]
    return explained_in_order(reports_of(connection, relation), number, bounds)


def explained_in_order(
    reports: Iterable[Sequence[Term]], number: int, bounds: Bounds, processors: int | None = None
) -> Iterator[Row]:
    """The explanations of so many reports, report by report.

    Args:
        reports: the terms of each
        number: how many there are
        bounds: how far each search goes
        processors: how many work at once (default: as many as there are)

    Raises:
        EOFError, BrokenPipeError: a worker has ended before it was told to.

    """
    processors = processors or os.cpu_count() or 1
    if number < WORTH_IT or processors == 1:
        for terms in reports:
            yield from explanations_of(terms, bounds)
        return
    free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
    workers = [_worker(bounds) for _ in range(processors)]
    for worker in workers:
        free.put(worker)

    def explained(terms: Sequence[Term]) -> list[Row]:
        worker = free.get()
        try:
            return _asked(worker, terms)
        finally:
            free.put(worker)

    try:
        with ThreadPoolExecutor(processors) as threads:
            waiting: deque[Future[list[Row]]] = deque()
            for terms in reports:
                waiting.append(threads.submit(explained, terms))
                if len(waiting) >= WAITING * processors:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()


def _worker(bounds: Bounds) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(filter(None, (PACKAGES, os.environ.get("PYTHONPATH"))))
    worker = subprocess.Popen(  # noqa: S603 - ourselves
        PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths}
    )
    pickle.dump(bounds, _open(worker.stdin))
    return worker


def _asked(worker: subprocess.Popen[bytes], terms: Sequence[Term]) -> list[Row]:
    to, of = _open(worker.stdin), _open(worker.stdout)
    pickle.dump(list(terms), to)
    to.flush()
    rows: list[Row] = pickle.load(of)  # noqa: S301 - of our own process
    return rows


def _open(pipe: object) -> BinaryIO:
    assert pipe is not None  # noqa: S101 - it was asked for
    return pipe  # type: ignore[return-value]


def main() -> None:
    """Answers as long as somebody asks."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    try:
        bounds = pickle.load(asked)  # noqa: S301 - from the process that started this one
        while True:
            pickle.dump(list(explanations_of(pickle.load(asked), bounds)), answers)  # noqa: S301
            answers.flush()
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        # whoever asked has all answers, or is gone
        sys.stderr.close()
        os._exit(0)


if __name__ == "__main__":
    main()
