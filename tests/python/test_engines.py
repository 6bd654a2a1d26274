"""What only one engine has is asked for by a macro that knows it: every model is built on Spark as well."""

import re
from pathlib import Path

import pytest
import yaml
from final_accounts.warehouse.paths import TOP

MODELS = {path.stem: path for path in sorted((TOP / "models").rglob("*.sql"))}
ON_DUCKDB_ALONE = {
    model["name"]
    for path in sorted((TOP / "models").rglob("*.yml"))
    for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", [])
    if "target.type == 'duckdb'" in str(model.get("config", {}).get("enabled", ""))
}


def what_spark_lacks(sql: str) -> list[str]:
    """What a query asks for that Spark does not have; without its comments."""
    sql = re.sub(r"\{#.*?#\}", "", re.sub(r"--.*", "", sql), flags=re.DOTALL)
    found = [f"ref('{name}')" for name in re.findall(r"\bref\(\s*'(\w+)'", sql) if name in ON_DUCKDB_ALONE]
    # a query that goes on with what it has found names itself behind its «union»
    for name, body in re.findall(r"^(\w+) as \($(.*?)^\)", sql, flags=re.MULTILINE | re.DOTALL):
        parts = re.split(r"^ +union$", body, flags=re.MULTILINE)
        found += [f"union in {name}" for part in parts[1:] if re.search(rf"\b(?:from|join) {name}\b", part)]
    return found


@pytest.mark.parametrize("model", MODELS)
def test_a_model_asks_for_nothing_that_spark_lacks(model: str) -> None:
    """A Python model by `solved`, and a recursive query by `until_nothing_is_new`: nothing of Spark runs here."""
    assert what_spark_lacks(MODELS[model].read_text(encoding="utf-8")) == []


def blanks_outside_a_class(sql: str) -> list[str]:
    r"""Patterns with «\\s» outside of brackets: `spark_pattern` writes the blanks out, which only brackets can hold."""
    patterns = re.findall(r"'((?:[^'\n]|'')*)'", sql)
    return [pattern for pattern in patterns if r"\\s" in re.sub(r"\[[^\]]*\]", "", pattern)]


@pytest.mark.parametrize(
    "path", [*MODELS.values(), *sorted((TOP / "macros").glob("*.sql"))], ids=lambda path: path.stem
)
def test_blanks_in_a_pattern_stand_in_brackets(path: Path) -> None:
    """Elsewhere Spark looks for all kinds of blanks one behind the other, and finds none."""
    sql = path.read_text(encoding="utf-8")
    assert blanks_outside_a_class(sql.replace("replace('\\\\s'", "")) == []


def test_what_spark_lacks_is_found() -> None:
    """As the two models that no test of this list had looked at."""
    assert "int_joint_conflicts" in ON_DUCKDB_ALONE
    assert what_spark_lacks("select * from {{ ref('int_joint_conflicts') }}") == ["ref('int_joint_conflicts')"]
    recursive = "ways as (\n    select 1\n\n    {}\n\n    select * from ways\n)"
    assert what_spark_lacks(recursive.format("union")) == ["union in ways"]
    assert what_spark_lacks(recursive.format("{{ until_nothing_is_new() }}")) == []
    assert blanks_outside_a_class(r"replace_all(name, '\\s|[　]', '')") == [r"\\s|[　]"]
    assert blanks_outside_a_class(r"replace_all(name, '[\\s　]', '')") == []
