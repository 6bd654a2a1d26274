"""A function can be held in the head: what leads through more ways than that is carved along its thoughts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from final_accounts.warehouse.paths import TOP
from radon.complexity import cc_visit

MOST_WAYS = 15
MODULES = sorted(path.relative_to(TOP / "scripts").as_posix() for path in (TOP / "scripts").rglob("*.py"))


def too_many_ways(path: Path) -> Iterator[str]:
    """The functions of a module that have more ways than a head holds, a method with its class."""
    for block in cc_visit(path.read_text(encoding="utf-8")):
        if block.letter in "FM" and block.complexity > MOST_WAYS:
            yield block.fullname


@pytest.mark.parametrize("module", MODULES)
def test_a_function_can_be_held_in_the_head(module: str) -> None:
    """As radon counts: branches, loops, conditions joined by and or or, and each part of a comprehension."""
    assert list(too_many_ways(TOP / "scripts" / module)) == []


def test_what_has_too_many_ways_is_found(tmp_path: Path) -> None:
    """A method with one way more; not one with as many as may be."""
    branches = [f"        if a == {n}:\n            return {n}\n" for n in range(MOST_WAYS)]
    ways = [f"    def {name}(self, a):\n{''.join(own)}" for name, own in (("more", branches), ("most", branches[1:]))]
    path = tmp_path / "module.py"
    path.write_text(f"class Some:\n{''.join(ways)}", encoding="utf-8")
    assert list(too_many_ways(path)) == ["Some.more"]
