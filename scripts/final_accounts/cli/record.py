"""scripts/record: runs a command that measures, and writes what it prints into models/docs/measured.md."""

import datetime as dt
import os
import platform
import re
import shlex
import subprocess
import sys
from pathlib import Path

from final_accounts.language import VARIABLE
from final_accounts.warehouse.paths import TOP

PAGE = TOP / "models" / "docs" / "measured.md"


def with_section(page: str, name: str, text: str) -> str:
    """The page with the section of a command replaced; a command without a section is a ValueError."""
    section = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not section.search(page):
        raise ValueError(f"{PAGE.relative_to(TOP)} has no section «<!-- {name} -->»")
    return section.sub(lambda found: f"{found[1]}{text}\n{found[2]}", page, count=1)


def section_of(page: str, name: str, options: list[str]) -> str:
    """The section of a command: that of one of its options where the page has one, else its own."""
    own = [f"{name} {option}" for option in options if f"<!-- {name} {option} -->" in page]
    return own[0] if own else name


def as_markdown(command: list[str], output: str, day: dt.date) -> str:
    """What a command printed: its tables as they are where it prints Markdown, else in a block of code."""
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    body = output.strip() if re.search(r"^\|", output, re.MULTILINE) else f"```\n{output.strip()}\n```"
    return f"`{shlex.join(command)}`, {day.isoformat()}, {machine}\n\n{body}"


def main() -> int:
    """Runs the command given, shows what it prints, and writes it down when it ends well."""
    command = sys.argv[1:]
    name = f"scripts/{Path(command[0]).name}"
    page = PAGE.read_text(encoding="utf-8")
    section = section_of(page, name, command[1:])
    try:
        with_section(page, section, "")
    except ValueError as error:
        print(f"scripts/record: {error}", file=sys.stderr)
        return 2
    # the page is in English, whoever measures
    done = subprocess.run(  # noqa: S603 - our own command
        [str(TOP / name), *command[1:]],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        env=os.environ | {VARIABLE: "en"},
    )
    print(done.stdout, end="")
    if done.returncode:
        print(f"scripts/record: nothing is written, {name} ended with {done.returncode}.", file=sys.stderr)
        return done.returncode
    text = as_markdown([name, *command[1:]], done.stdout, dt.datetime.now(tz=dt.UTC).date())
    # read again: the command may have taken hours
    PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), section, text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
