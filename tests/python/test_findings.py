"""The words of findings: reasons by what they are of, amounts with every digit, quotations of a readable length."""

from decimal import Decimal

import pytest
from final_accounts.asking.findings import QUOTED, Instance, _joined, _kind, sentence_with
from final_accounts.asking.words import EN, ZH, Yuan, kind_of_reason, plain, reason_text, wan


@pytest.mark.parametrize(
    ("identity", "names"),
    [("n_change_rate", "增减率"), ("n_completion_rate", "完成率"), ("n_share", "占比"), ("p_execution_rate", "执行率")],
)
def test_a_rate_over_zero_is_called_what_it_is(identity: str, names: str) -> None:
    """A growth rate is no completion rate."""
    told = reason_text(identity, "a rate over zero does not exist", ZH)
    assert [rate for rate in ("增减率", "完成率", "占比", "执行率") if rate in told] == [names]


def test_reasons_of_one_kind_differ_in_their_gaps_only() -> None:
    """So one slip that is made at many places is one finding."""
    first, second = "target ≥95%, reached ≥90%, full marks", "target 3, reached 2, full marks"
    assert kind_of_reason(first) == kind_of_reason(second)
    assert kind_of_reason(first) != kind_of_reason("total score 81.00, grade 优")
    assert reason_text("p_missed_target", first, EN) == first


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        ("129800.00", "12.98"),
        ("741210", "74.121"),
        ("-1200", "-0.12"),
        ("1", "0.0001"),
        ("1234567890.12", "123,456.789012"),
    ],
)
def test_an_amount_has_two_decimals_and_no_digit_is_lost(yuan: str, text: str) -> None:
    """In wan yuan, whose hundredth is a hundred yuan."""
    assert wan(Decimal(yuan), ZH) == f"{text} 万元"
    assert plain(["相差", Yuan(Decimal(yuan)), "。"], ZH) == f"相差{text} 万元。"


def test_a_quotation_is_the_sentence_that_holds_the_figure() -> None:
    """Cut on both sides where it fills a page; the beginning where no sentence holds it."""
    assert sentence_with("收入1.00万元；支出2.00万元。结余3.00万元。", "2.00") == "支出2.00万元。"
    assert sentence_with("收入1.00万元。支出2.00万元。", "9.99") == "收入1.00万元。"
    cut = sentence_with("长" * 500 + "5.00万元" + "长" * 500, "5.00")
    assert "5.00万元" in cut
    assert (cut[0], cut[-1], len(cut)) == ("…", "…", QUOTED + 2)


def test_instances_are_joined_through_what_lies_between_them() -> None:
    """A with B, B with C: one cause; D has nothing in common with them."""
    common = {"a": [1], "b": [1, 2], "c": [2], "d": [3]}
    instances = [Instance(name, "", "error", "equal", None, None, None, None) for name in common]
    groups = _joined(instances, lambda each: common[each.identity])
    assert [[each.identity for each in group] for group in groups] == [["a", "b", "c"], ["d"]]


@pytest.mark.parametrize(
    ("identity", "severity", "reason", "kind"),
    [
        ("t03_row", "fatal", None, "unbalanced"),
        ("n_amount", "error", None, "contradiction"),
        ("s_line_numbers", "error", "line numbers jump from 15 to 17", "flaw"),
        ("p_lost_points", "error", "scored 8.00 of 10.00, the reason given is «»", "flaw"),
        ("e_note", "error", "table 07 is empty, but no note says so", "flaw"),
        ("e_note", "error", "table 07 has amounts, but a note says that it is empty", "contradiction"),
        ("n_grade", "info", None, "info"),
    ],
)
def test_what_only_leaves_something_out_contradicts_nothing(
    identity: str, severity: str, reason: str | None, kind: str
) -> None:
    """A line number that is left out is no contradiction; a note that says another thing than its table is one."""
    instance = Instance(identity, "", severity, "equal", None, None, None, reason)
    assert _kind(severity, [instance]) == kind
