"""What is said of a file: by cause, and in the language of whoever asks."""

import re
from pathlib import Path

import pytest
from final_accounts.chromium import CHROMIUM, chromium
from final_accounts.ingest.batch import PROVED, TO_REVIEW, Result
from final_accounts.ingest.read_cells import ReadCell
from final_accounts.ingest.review.page import write_review
from final_accounts.ingest.review.summary import say
from final_accounts.ingest.review.words import by_cause, sentence
from final_accounts.language import language_of

POINTS = [
    "table 10, row 5, statistic: no identity holds this amount",
    "table 01 was not found",
    "an identity breaks: Three public expenses equal overseas trips, vehicles and receptions (total): 2.00 is not 1.00",
    "table 10, row 6, statistic: no identity holds this amount",
    "something that nobody has said before",
]


@pytest.fixture
def result(tmp_path: Path) -> Result:
    """A report with points of four causes, and a contradiction."""
    file = tmp_path / "report.txt"
    file.write_text("决算", encoding="utf-8")
    return Result(str(file), TO_REVIEW, report_id="a-1-2023", points=POINTS, contradictions=["0.56 is not 0.55"])


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_locale(environment: dict[str, str], language: str) -> None:
    """The first of its variables that is set tells it."""
    assert language_of(environment) == language


@pytest.mark.parametrize("language", ["en", "zh"])
def test_points_of_one_cause_stand_together(language: str) -> None:
    """None is lost, and the cause of one that is not known is said to be another."""
    causes = by_cause(POINTS, language)
    assert [len(points) for _, points in causes] == [1, 1, 2, 1]
    assert len({cause for cause, _ in causes}) == 4


def test_a_sentence_is_told_in_chinese_as_far_as_it_is_known() -> None:
    """Titles of identities stand in the registry in both languages."""
    assert (
        sentence(POINTS[2], "zh") == "勾稽关系不成立：“三公”经费合计等于出国、公车与接待之和 (total): 2.00 不等于 1.00"
    )
    assert sentence(POINTS[4], "zh") == sentence(POINTS[4], "en") == POINTS[4]


def test_the_terminal_says_it_in_chinese(result: Result, capsys: pytest.CaptureFixture[str]) -> None:
    """Outcome, causes, and what the print contradicts."""
    result.written = "-"
    say([result], 0, "zh")
    said = capsys.readouterr().err
    assert "待复核；原文有 1 处自相矛盾 report.txt: 报告 a-1-2023" in said
    assert "请看: 无勾稽关系支持的金额 (2)" in said
    assert not re.search("look at|proved|printed so", said)


def test_a_cause_with_many_points_is_cut_short(result: Result, capsys: pytest.CaptureFixture[str]) -> None:
    """All of them are in the JSON."""
    result.points = [f"table 10, row {n}, statistic: no identity holds this amount" for n in range(1, 28)]
    say([result], 0, "en")
    said = capsys.readouterr().err
    assert "look at: amounts that nothing holds (27)" in said
    assert "and 7 more (--json has all)" in said


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "amounts that nothing holds (2)"), ("zh", "无勾稽关系支持的金额 (2)")]
)
def test_the_review_page_is_in_the_language_that_is_asked_for(
    language: str, heading: str, result: Result, tmp_path: Path
) -> None:
    """Its frame, its causes and its outcome."""
    page = write_review(result, tmp_path / "review", language=language).read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert f"<summary>{heading}</summary>" in page
    assert ("Click or go" in page) == (language == "en")
    assert PROVED not in page.split("<body>")[1] or language == "en"


@pytest.fixture
def with_cells(result: Result) -> Result:
    """The same with a table of two panels, two cells of which would be mended together."""
    rows = {
        "1": ("revenue", "一、财政拨款", "5.00"),
        "2": ("expenditure", "一、公共服务", "4.00"),
        "3": ("", "总计", "9.00"),
    }
    for row_no, (panel, item, amount) in rows.items():
        texts = {"panel": panel, "item": item, "amount": amount}
        result.read_cells += [
            ReadCell("01", row_no, column, text, 1, is_amount=column == "amount") for column, text in texts.items()
        ]
    result.tables = [{"table_no": "01", "title": "收入支出决算总表"}]
    result.explanations = [[("01", "1", "amount", "6.00"), ("01", "2", "amount", "3.00")]]
    return result


def test_panels_stand_side_by_side_as_they_are_printed(with_cells: Result, tmp_path: Path) -> None:
    """What is in none stands below them."""
    page = write_review(with_cells, tmp_path / "review", language="zh").read_text(encoding="utf-8")
    (table,) = re.findall(r'<div class="tablebox"><table>(.*?)</table>', page, re.DOTALL)
    lines = [re.findall(r">([^<>]+)</t[hd]>", line) for line in table.split("</tr>")]
    assert lines[:3] == [
        ["行", "项目", "金额", "行", "项目", "金额"],
        ["1", "一、财政拨款", "5.00", "2", "一、公共服务", "4.00"],
        ["3", "总计", "9.00"],
    ]


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so no page can be looked at.")
def test_a_click_applies_an_explanation(with_cells: Result, tmp_path: Path) -> None:
    """All of its cells are corrected, and go into the file of corrections."""
    page = write_review(with_cells, tmp_path / "review")
    with chromium() as browser:
        browser.open(page)
        browser.click("[data-explain]")
        assert browser.ask("document.getElementById('count').textContent") == "2"
        assert browser.ask("[...document.querySelectorAll('td.changed')].map((cell) => cell.textContent)") == [
            "6.00",
            "3.00",
        ]
        browser.ask("document.getElementById('who').value = 'me'")
        rows = browser.ask("csv()").splitlines()
    assert [row.split(",")[:6] for row in rows[1:]] == [
        ["a-1-2023", "01", "1", "amount", "5.00", "6.00"],
        ["a-1-2023", "01", "2", "amount", "4.00", "3.00"],
    ]


def test_what_the_print_contradicts_stands_by_what_it_contradicts(result: Result, tmp_path: Path) -> None:
    """Each identity once, with the places."""
    title = "Line numbers of a table are unbroken"
    result.contradictions = [f"{title} ({table}): line numbers jump from 15 to 17" for table in ("10", "01")]
    page = write_review(result, tmp_path / "review", language="zh").read_text(encoding="utf-8")
    assert page.count("<li>行次连续<ul>") == 1
    assert page.count("行次不连续：15 之后是 17") == 2
