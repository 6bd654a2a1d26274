"""What a model has read, as a report prints it: figures of digits and signs, punctuation as wide as its text."""

import re

from final_accounts.ingest.document.pages import CJK

# What digits and points of a figure are taken for.
_TAKEN_FOR = str.maketrans("OoDlI|[]。．·:：", "00011111.....")
_FIGURE = re.compile(r"[-–−－—]?(?:[\dOoDlI|\[\].,，。．·:：\s]*\d[\dOoDlI|\[\].,，。．·:：\s]*|[lI|]{1,2})")
# The full stop of Chinese text is a ring; behind a bracket it is no letter.
_RING = re.compile(f"(?<=[)）])[oO](?=[{CJK}]|$)")
_WIDE = str.maketrans("(),:;", "（），：；")


def worded(text: str) -> str:
    """A line as it was read, with what is known of all figures and of all Chinese text."""
    text = text.strip()
    if _FIGURE.fullmatch(text):
        # a speck beside a figure is read as a point
        figure = re.sub(r"\s", "", text.translate(_TAKEN_FOR)).strip(".,，")
        # what parts thousands has three digits behind it
        return re.sub(r"^(-?\d+)[,，](\d\d)$", r"\1.\2", figure)
    if re.search(f"[{CJK}%]", text):
        text = _RING.sub("。", text)
        return re.sub(r"[(),:;](?!\d)|(?<!\d)[(),:;]", lambda match: match.group().translate(_WIDE), text)
    # the end of a name that goes on in a second line
    return text.translate(_WIDE) if re.fullmatch("[()]+", text) else text


def is_figure(text: str) -> bool:
    """Whether a line is an amount or a code, and nothing else."""
    return re.fullmatch(r"-?[\d.,，]*\d", text) is not None
