"""How people and machines err in one figure: what a print may have been meant to be, and what that costs.

Figures are counted in their last printed place.
"""

from itertools import pairwise

COSTS = {
    "one_digit": 1,
    "swapped_digits": 1,
    "lost_digit": 1,
    "extra_digit": 1,
    "sign": 1,
    "decimal_point": 1,
    "unit_slip": 1,
    "lost_cell": 2,
    "extra_cell": 2,
    "other_unit": 1,
    "swapped_columns": 1,
    "swapped_rows": 1,
    "other_column": 1,
    "doubled_row": 1,
    "other_code": 1,
    "shifted_rows": 2,
    "missing_row": 2,
    "other": 4,
    "unknown": 5,
}
SINGLE_SLIP = 1


def slips(printed: int) -> dict[int, str]:
    """What one slip turned into the print, each with its kind: of several kinds, the plainest."""
    sign = -1 if printed < 0 else 1
    meant = {-printed: "sign"}
    for kind, steps in (("decimal_point", (10, 100)), ("unit_slip", (10_000,))):
        for step in steps:
            # where the point moved to the right, a place was lost: the figure meant may have been cut or rounded
            for value in (printed * step, sign * (abs(printed) // step), sign * -(-abs(printed) // step)):
                meant.setdefault(value, kind)
    for kind, texts in _typed(str(abs(printed))).items():
        for text in texts:
            meant.setdefault(sign * int(text or "0"), kind)
    return {value: kind for value, kind in meant.items() if value not in (0, printed)}


def _typed(digits: str) -> dict[str, list[str]]:
    """The digits from which a slip of a hand makes these ones, by its kind."""
    return {
        "one_digit": [digits[:at] + digit + digits[at + 1 :] for at in range(len(digits)) for digit in "0123456789"],
        "swapped_digits": [
            digits[:left] + digits[right] + digits[left] + digits[right + 1 :]
            for left, right in pairwise(range(len(digits)))
        ],
        "lost_digit": [digits[:at] + digit + digits[at:] for at in range(len(digits) + 1) for digit in "0123456789"],
        "extra_digit": [digits[:at] + digits[at + 1 :] for at in range(len(digits))],
    }


def kind_of(printed: int | None, meant: int | None) -> str:
    """What turned the figure that was meant, if anyone knows, into the print, which may be blank."""
    if meant is None:
        return "unknown"
    if printed is None:
        return "lost_cell"
    if meant == 0:
        return "extra_cell"
    return slips(printed).get(meant, "other")
