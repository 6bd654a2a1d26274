"""No model joins every row with every other: that works with one report, and never ends with thousands."""

import re

import pytest
from final_accounts.warehouse.paths import TOP

JOIN = re.compile(
    r"^( *)left join (?:\{\{ ref\('(\w+)'\) \}\}|(\w+))(?: as (\w+))?\n\1    on\b(.*?)"
    r"(?=^\1(?:left join|inner join|cross join|where|group by|having|qualify|order by|union|limit)|^ {0,3}\)|^\{%)",
    re.MULTILINE | re.DOTALL,
)
# what is joined there has a row for each column or class of the forms, however many reports there are
OF_THE_FORMS = {
    ("int_identity_checks", "form_columns"),
    ("int_identity_terms_registered", "form_columns"),
    ("int_classes_by_another_name", "others"),
}
MODELS = {path.stem: path for path in sorted((TOP / "models").rglob("*.sql"))}


def one_sided(sql: str) -> set[str]:
    """What is left-joined under a condition that says nothing of it."""
    sql = re.sub(r"\{#.*?#\}", "", re.sub(r"--.*", "", sql), flags=re.DOTALL)
    found = set()
    for _, ref, name, alias, condition in JOIN.findall(sql):
        joined = alias or ref or name
        parts = re.split(r"\n +and (?=\S)", re.sub(r"\s*\n\s{20,}", " ", condition))
        found |= {joined for part in parts if f"{joined}." not in part}
    return found


@pytest.mark.parametrize("model", MODELS)
def test_each_condition_of_a_left_join_says_something_of_what_is_joined(model: str) -> None:
    """Where it does not, DuckDB compares every row with every other; `case when … then key end = other.key` joins."""
    sql = MODELS[model].read_text(encoding="utf-8")
    assert {name for name in one_sided(sql) if (model, name) not in OF_THE_FORMS} == set()


def test_a_condition_of_one_side_is_found() -> None:
    """As the one that seven thousand reports with a text waited for."""
    sql = "    left join sections\n        on\n            items.id = sections.id\n            and {}\n\n)\n"
    assert one_sided(sql.format("length(items.code) > 5")) == {"sections"}
    assert one_sided(sql.format("case when length(items.code) > 5 then items.code end = sections.code")) == set()
