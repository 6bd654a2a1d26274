"""What each command says of itself, as files: `--help` answers before the packages of a command are there.

python -m final_accounts.cli.help    writes scripts/help anew
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from final_accounts.language import LANGUAGES, VARIABLE
from final_accounts.warehouse.paths import TOP

HELP = TOP / "scripts" / "help"
_MODULE = re.compile(r"^exec python -m (\S+)", re.MULTILINE)
# These show their own first lines, or start another program.
_WITHOUT = {"alarm", "record", "test", "test_spark"}


def commands() -> Iterator[tuple[str, str]]:
    """The commands that a module answers for, and the module."""
    for command in sorted((TOP / "scripts").iterdir()):
        if command.is_file() and command.name not in _WITHOUT:
            found = _MODULE.search(command.read_text(encoding="utf-8"))
            if found:
                yield command.name, found[1]


def help_of(module: str, language: str) -> str:
    """What a command says of itself in a language, 80 columns wide."""
    environment = os.environ | {VARIABLE: language, "COLUMNS": "80", "LC_ALL": "C.UTF-8"}
    said = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-m", module, "--help"], capture_output=True, encoding="utf-8", env=environment, check=True
    )
    return said.stdout


def file_of(name: str, language: str) -> Path:
    """Where the help of a command stands."""
    return HELP / f"{name}.{language}.txt"


def main() -> int:
    """Writes the files anew."""
    HELP.mkdir(exist_ok=True)
    for name, module in commands():
        for language in LANGUAGES:
            file_of(name, language).write_text(help_of(module, language), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
