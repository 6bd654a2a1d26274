"""Reports that are explained side by side are explained as one after another is, and nobody stays behind."""

from dataclasses import replace

import pytest
from final_accounts.explaining import workers
from final_accounts.explaining.explanations import explanations_of
from final_accounts.explaining.terms import Term
from final_accounts.explaining.workers import explained_in_order
from test_explanations import BOUNDS, report

PROCESSORS = 2


def broken(reports: int) -> list[list[Term]]:
    """Reports with a wrong cell each, by number."""
    return [[replace(term, report_no=seed) for term in report(1, seed)] for seed in range(reports)]


@pytest.mark.parametrize("reports", [1, PROCESSORS * workers.WAITING + 1])
def test_they_come_in_order_whoever_has_done_them(reports: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer than wait at once, and more."""
    monkeypatch.setattr(workers, "WORTH_IT", 0)
    made = broken(reports)
    alone = [row for terms in made for row in explanations_of(terms, BOUNDS)]
    assert list(explained_in_order(made, reports, BOUNDS, PROCESSORS)) == alone


def test_a_worker_whose_asker_is_gone_ends_without_a_word() -> None:
    """Its input ends when whoever holds the other end is killed."""
    worker = workers._worker(BOUNDS)
    _, said = worker.communicate()
    assert (worker.returncode, said) == (0, None)


def test_a_worker_that_was_killed_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The build stops; it does not take a report for one that nothing explains."""
    monkeypatch.setattr(workers, "WORTH_IT", 0)
    monkeypatch.setattr(workers, "PROGRAM", ("true",))
    with pytest.raises((EOFError, BrokenPipeError)):
        list(explained_in_order(broken(3), 3, BOUNDS, PROCESSORS))
