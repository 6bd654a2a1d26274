"""What the pages run: the scripts of a page share one scope, so that a page is linted as the one program that it is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import final_accounts.site
import pytest
from projects import TOP

SITE = Path(final_accounts.site.__file__).parent
TEMPLATES = {path.name.removesuffix(".html.j2") for path in (SITE / "templates").glob("*.html.j2")}
PAGES = sorted(TEMPLATES - {"base", "text"})
# what pages.py writes beside the scripts
LABELS = "const LABELS = {};\n"
LINT = [Path(sys.executable).with_name("oxlint"), "--config", TOP / ".oxlintrc.json"]


def scripts_of(page: str) -> list[str]:
    """The scripts of a page, in order."""
    text = "".join((SITE / "templates" / f"{name}.html.j2").read_text(encoding="utf-8") for name in ("base", page))
    listed = re.findall(r"for name in \((.*?)\)", text)
    names = re.findall(r"assets/(\w+)\.js", text) + re.findall(r"\w+", " ".join(listed))
    return [name for name in names if name != "labels"]


def told_of(page: str, folder: Path) -> set[tuple[str, str, str]]:
    """What the linter says of the program of a page: script, rule and sentence."""
    starts, lines = [], LABELS.count("\n")
    program = folder / f"{page}.js"
    with program.open("w", encoding="utf-8") as whole:
        whole.write(LABELS)
        for name in scripts_of(page):
            text = (SITE / "assets" / f"{name}.js").read_text(encoding="utf-8")
            starts.append((lines, name))
            lines += text.count("\n")
            whole.write(text)
    said = subprocess.run([*LINT, "--format", "json", program], capture_output=True, check=False)
    found = set()
    for each in json.loads(said.stdout)["diagnostics"]:
        line = each["labels"][0]["span"]["line"]
        name = [script for start, script in starts if start < line][-1]
        found.add((name, each["code"], each["message"]))
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[str, str, str]]]:
    """What the linter says of each page."""
    folder = tmp_path_factory.mktemp("programs")
    return {page: told_of(page, folder) for page in PAGES}


def test_every_page_is_a_sound_program(told: dict[str, set[tuple[str, str, str]]]) -> None:
    """No name is unknown in it, none is declared twice, and nothing else that the linter knows is wrong."""
    assert {
        page: wrong for page, said in told.items() if (wrong := {one for one in said if "no-unused-vars" not in one[1]})
    } == {}


def test_nothing_is_declared_that_no_page_uses(told: dict[str, set[tuple[str, str, str]]]) -> None:
    """What one page does not use of a script another may."""
    for name in sorted({name for page in PAGES for name in scripts_of(page)}):
        of_pages = [told[page] for page in PAGES if name in scripts_of(page)]
        assert {
            each for each in set.intersection(*of_pages) if each[0] == name and "no-unused-vars" in each[1]
        } == set()


def test_the_linter_finds_what_is_wrong(tmp_path: Path) -> None:
    """A name that nobody declares, and one that nobody uses."""
    wrong = tmp_path / "wrong.js"
    wrong.write_text("const unused = 1;\nunknown();\n", encoding="utf-8")
    said = subprocess.run([*LINT, wrong], capture_output=True, encoding="utf-8", check=False)
    assert "'unknown' is not defined" in said.stdout
    assert "'unused' is declared but never used" in said.stdout
