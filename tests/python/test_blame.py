"""Which cells are blamed: what stands in every explanation, and never one of several that explain equally."""

import pytest
from final_accounts.explaining.blame import clusters_of

Groups = list[set[str]]


@pytest.mark.parametrize(
    ("sets", "certain", "clusters"),
    [
        # one explanation: each of its cells
        (["ab"], "", ["a", "b"]),
        # either of two
        (["a", "b"], "ab", ["ab"]),
        # in every one: blamed where its change is a slip in each, or else one of several
        (["ab", "ac"], "abc", ["a", "bc"]),
        (["ab", "ac"], "bc", ["abc"]),
        # two choices that have nothing to do with each other
        (["ac", "ad", "bc", "bd"], "abcd", ["ab", "cd"]),
        # two choices of which one hangs on the other
        (["ac", "ad", "bc"], "abcd", ["abcd"]),
        # no two of three exclude each other, and yet one is not wrong
        (["ab", "ac", "bc"], "abc", ["abc"]),
        # a likelier explanation of one change more
        (["a", "bc"], "bc", ["abc"]),
        ([], "", []),
    ],
)
def test_cells_are_blamed_where_no_explanation_does_without_them(
    sets: list[str], certain: str, clusters: list[str]
) -> None:
    """One alone in its cluster is blamed."""
    found = clusters_of([frozenset(each) for each in sets], set(certain))
    assert sorted(map(sorted, found)) == sorted(map(sorted, clusters))
