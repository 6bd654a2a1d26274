"""What commands say, in Chinese and English.

Sentences are made in English where something is said. `language.csv` has them in Chinese; a part that varies is {} in
English, and by its number in Chinese. One that is not there is shown as it is.
"""

import argparse
import csv
import os
import re
import sys
import textwrap
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from final_accounts.warehouse.paths import TOP

LANGUAGES = ("zh", "en")
# Says which of them, before the locale is asked.
VARIABLE = "FINAL_ACCOUNTS_LANGUAGE"
ActionT = TypeVar("ActionT", bound=argparse.Action)


def language_of(environment: Mapping[str, str] = os.environ) -> str:
    """The language that was asked for, or that of the locale: Chinese or English."""
    names = (environment.get(name) for name in (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if (next(filter(None, names), "")).lower().startswith("zh") else "en"


@cache
def _catalogue() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Sentences that stand as they are, and patterns for the others; the one that says most comes first."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = {row["en"]: row["zh"] for row in csv.DictReader(file)}
    varying = sorted((en for en in rows if "{}" in en), key=lambda en: -len(en))
    patterns = [(re.compile("(.*?)".join(map(re.escape, en.split("{}"))), re.DOTALL), rows[en]) for en in varying]
    return rows, patterns


def told(text: str, language: str | None = None) -> str:
    """A sentence in a language, with those that it tells of."""
    if (language or language_of()) != "zh" or not text.strip():
        return text
    plain, patterns = _catalogue()
    if text in plain:
        return plain[text]
    for pattern, chinese in patterns:
        if found := pattern.fullmatch(text):
            return re.sub(r"\{(\d)\}", lambda number: told(found[int(number[1])], "zh"), chinese)
    return text


class _Formatter(argparse.HelpFormatter):
    """Breaks lines by the width of what stands in them: a Chinese character is as wide as two letters."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrapped(" ".join(text.split()), width - len(indent)))


def wrapped(text: str, width: int) -> list[str]:
    """A text as lines of a width."""
    if text.isascii():
        return textwrap.wrap(text, width)
    lines, used = [""], 0
    for part in re.findall(r"[!-~]+[，。；：）]?|\s|[^!-~\s][，。；：）]?", text):
        wide = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in part)
        if used + wide > width and lines[-1]:
            lines.append("")
            used = 0
        if part.strip() or lines[-1]:
            lines[-1] += part
            used += wide
    return [line.rstrip() for line in lines]


class Parser(argparse.ArgumentParser):
    """The command line of a command, which speaks the language that is asked for."""

    def __init__(self, **named: Any) -> None:
        _listen(sys.argv[1:])
        # argparse asks for its own words by this name
        vars(argparse)["_"] = told
        given = {name: " ".join(named[name].split()) for name in ("description", "epilog") if named.get(name)}
        own = {name: told(text) for name, text in given.items()}
        if given and all(own[name] != given[name] for name in given):
            named |= own | {"formatter_class": _Formatter}
        super().__init__(**named)
        self.add_argument(
            "--language",
            choices=LANGUAGES,
            default=language_of(),
            help=f"language of what is said: zh or en (that of the locale: {language_of()})",
        )

    def _add_action(self, action: ActionT) -> ActionT:
        """Adds an argument, whatever its group, with its help in the language.

        A path within the project is told from its top, so that no line breaks by where the project lies.
        """
        if isinstance(action.help, str):
            action.help = told(action.help)
            if isinstance(action.default, Path) and action.default.is_relative_to(TOP):
                action.help = action.help.replace("%(default)s", str(action.default.relative_to(TOP)))
        return super()._add_action(action)

    def error(self, message: str) -> NoReturn:
        """Ends with a message in the language."""
        super().error(told(message))


def _listen(given: list[str]) -> None:
    """Takes the language that is asked for before anything is said; what is started from here speaks it, too."""
    for place, word in enumerate(given):
        asked = word.partition("=")[2] if word.startswith("--language=") else ""
        if word == "--language" and place + 1 < len(given):
            asked = given[place + 1]
        if asked in LANGUAGES:
            os.environ[VARIABLE] = asked
