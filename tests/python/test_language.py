"""What commands say in Chinese: their help, and the sentences that they end with."""

import csv
import importlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from final_accounts import language
from final_accounts.cli.help import commands, file_of, help_of
from final_accounts.language import LANGUAGES, VARIABLE, told, wrapped
from final_accounts.terminal import Plain
from final_accounts.warehouse.paths import TOP

COMMANDS = [
    "warehouse.build",
    "landing.land",
    "cli.releases",
    "cli.site",
    "cli.classify",
    "cli.mcp",
    "cli.ingest",
    "release.export",
    "proving.generate",
]
# Words in a row that are no path, option or name of a thing.
ENGLISH = re.compile(r"(?<![\w/.<-])[a-z]{2,}(?: [a-z]{2,}){2,}")


@pytest.mark.parametrize("module", COMMANDS)
def test_the_help_of_a_command_is_chinese_where_that_is_asked_for(
    module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All of it; a text that was changed in English alone would show here."""
    monkeypatch.setattr(sys, "argv", ["command", "--help", "--language", "zh"])
    # what the command sets is put back
    monkeypatch.setenv(VARIABLE, "en")
    with pytest.raises(SystemExit):
        importlib.import_module(f"final_accounts.{module}").main()
    said = capsys.readouterr().out
    assert "退出码" in said
    assert ENGLISH.findall(" ".join(said.split())) == []


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("a report, or a folder of reports", "一份报告，或报告所在的目录"),
        ("Released as 1.", "已发布：1。"),
        (
            "Not released: a model or a test failed. What readers have is unchanged.",
            "未发布：有模型或测试未通过。读者现有的版本不变。",
        ),
        ("[ 12.5 s] Publishing …", "[ 12.5 秒] 发布 …"),
        ("nobody has said this before", "nobody has said this before"),
        ("", ""),
    ],
)
def test_a_sentence_is_told_in_chinese_as_far_as_it_is_known(text: str, chinese: str) -> None:
    """With what it tells of; in English it stays as it is."""
    assert told(text, "zh") == chinese
    assert told(text, "en") == text


def test_what_goes_to_a_terminal_is_in_the_language_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Line by line; a log keeps the English, so that one can look for it."""
    stream = io.StringIO()
    monkeypatch.setenv(VARIABLE, "zh")
    Plain(stream).write("Released as 1.\nselect 1\n")
    assert stream.getvalue() == "已发布：1。\nselect 1\n"


def test_chinese_lines_are_as_wide_as_they_look() -> None:
    """A character is two letters wide, and none begins with a full stop."""
    lines = wrapped("退出码：0 已发布；3 已发布，有报告暂缓发布（逐一点名）。" * 3, 20)
    assert "".join(lines).replace(" ", "") == "退出码：0已发布；3已发布，有报告暂缓发布（逐一点名）。" * 3
    assert all(len(line.encode("gbk")) <= 20 for line in lines)
    assert not any(line[0] in "，。；：）" for line in lines)


def test_every_gap_of_a_sentence_is_in_its_translation() -> None:
    """And each sentence stands once."""
    with Path(language.__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["en"] for row in rows}) == len(rows)
    for row in rows:
        gaps = {str(number) for number in range(1, row["en"].count("{}") + 1)}
        assert set(re.findall(r"\{(\d)\}", row["zh"])) == gaps, row


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "module"), list(commands()))
def test_the_help_that_stands_in_files_is_that_of_the_command(name: str, module: str, language: str) -> None:
    """`python -m final_accounts.cli.help` writes it anew."""
    assert file_of(name, language).read_text(encoding="utf-8") == help_of(module, language)


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_help_answers_where_nothing_is_installed(name: str, tmp_path: Path) -> None:
    """And installs nothing."""
    shutil.copytree(TOP / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("final_accounts", "rivals"))
    environment = os.environ | {VARIABLE: "en", "PATH": "/usr/bin:/bin"}
    said = subprocess.run(
        [tmp_path / "scripts" / name, "--help"], capture_output=True, encoding="utf-8", env=environment, check=True
    )
    assert said.stdout == file_of(name, "en").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["scripts"]
