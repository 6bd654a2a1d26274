"""The lock files agree: what is tested, and what builds on Spark, has the packages that a build has."""

import re

import pytest
from final_accounts.paths import TOP


def pinned(lock: str) -> set[str]:
    """The packages of a lock file with their versions."""
    text = (TOP / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9][a-z0-9._-]*==[^\s;\\]+)", text, re.MULTILINE | re.IGNORECASE))


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [("requirements.txt", "requirements-test.txt"), ("requirements-test.txt", "requirements-spark.txt")],
)
def test_a_lock_holds_everything_of_the_one_before_it(smaller: str, larger: str) -> None:
    """scripts/environment.sh takes an environment with more packages for one with fewer."""
    assert pinned(smaller)
    assert pinned(smaller) - pinned(larger) == set()
