"""What became of the files, on the terminal: each with what a person must look at, by cause; and as JSON."""

import json
import sys
from pathlib import Path

from final_accounts.ingest.batch import PROVED, REFUSED, TO_REVIEW, Result
from final_accounts.ingest.review.words import by_cause, sentence, verdict, word
from final_accounts.terminal import printable

# How many sentences of one cause, or of one kind, are shown.
SHOWN = 20


def as_json(results: list[Result]) -> str:
    """A list with one object a file; a file's name may be no text, and JSON has an escape for what it is."""
    text = json.dumps([result.shown() for result in results], ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def say(results: list[Result], left: int, language: str) -> None:
    """One paragraph a file on standard error, then the counts."""
    for result in results:
        _print(_headline(result, language))
        if result.outcome != REFUSED:
            _say_details(result, language)
    pages = sum(result.pages for result in results)
    seconds = sum(result.seconds for result in results)
    counts = {outcome: sum(result.outcome == outcome for result in results) for outcome in (PROVED, TO_REVIEW, REFUSED)}
    rows = [
        (word(name, language), f"{count:>6,}") for name, count in (counts | {"left out": left, "pages": pages}).items()
    ]
    _print("\n" + "\n".join(f"{name:<10} {count}" for name, count in rows))
    _print(f"{word('seconds a page', language)} {seconds / pages if pages else 0:.2f}")


def _headline(result: Result, language: str) -> str:
    name = printable(Path(result.file).name)
    if result.outcome == REFUSED:
        return f"{word(REFUSED, language):<10} {name}: {printable(result.reason)}"
    said = f"{verdict(result, language):<10} {name}: "
    written = result.written or word("nothing written", language)
    apart = printable(Path(result.text_file).name) if result.text_file else ""
    if apart:
        apart = f"（取自 {apart}）" if language == "zh" else f" from {apart}"
    if language == "zh":
        text = f"{result.paragraphs} 段说明文字{apart}" if result.paragraphs else word("no narrative", language)
        return (
            f"{said}报告 {result.report_id}（{result.department}，{result.fiscal_year}），版式 {result.layout}，"
            f"{len(result.tables)} 张表，{text}，{result.cells} 个金额中 {result.cells_proved} 个已证明；{written}"
        )
    text = f"{result.paragraphs} paragraphs{apart}" if result.paragraphs else "no narrative"
    return (
        f"{said}report {result.report_id} ({result.department}, {result.fiscal_year}), "
        f"layout {result.layout}, {len(result.tables)} tables, {text}, "
        f"{result.cells_proved} of {result.cells} amounts proved; {written}"
    )


def _say_details(result: Result, language: str) -> None:
    if result.review:
        _print(f"             {word('review page', language)}: {result.review}")
    for cause, points in by_cause(result.points, language):
        _print(f"             {word('look at', language)}: {cause} ({len(points)})")
        _list(points, "               ", language)
    for kind, found in (("printed so", result.contradictions), ("", result.apart), ("remark", result.remarks)):
        start = f"             {word(kind, language)}: " if kind else "             "
        _list([sentence(text, language) for text in found], start, language)


def _list(texts: list[str], start: str, language: str) -> None:
    for text in texts[:SHOWN]:
        _print(start + printable(text))
    if len(texts) > SHOWN:
        more = len(texts) - SHOWN
        _print(
            f"{start}还有 {more} 条（--json 列出全部）"
            if language == "zh"
            else f"{start}and {more} more (--json has all)"
        )


def _print(text: str) -> None:
    print(text, file=sys.stderr)
