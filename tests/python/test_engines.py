"""What only one engine has is asked for by a macro that knows it: every model is built on Spark as well."""

import re

import pytest
import yaml
from final_accounts.warehouse.paths import TOP

SQL = {path.stem: path for folder in ("models", "macros") for path in sorted((TOP / folder).rglob("*.sql"))}
ON_DUCKDB_ALONE = {
    model["name"]
    for path in sorted((TOP / "models").rglob("*.yml"))
    for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", [])
    if "target.type == 'duckdb'" in str(model.get("config", {}).get("enabled", ""))
}


def what_spark_lacks(sql: str) -> list[str]:
    r"""What a query asks for that Spark does not have; without its comments.

    That is a Python model, a «union» in a recursive query, and «\\s» outside of brackets: `spark_pattern` writes the
    blanks out, which only brackets can hold.
    """
    sql = re.sub(r"\{#.*?#\}", "", re.sub(r"--.*", "", sql), flags=re.DOTALL)
    found = [f"ref('{name}')" for name in re.findall(r"\bref\(\s*'(\w+)'", sql) if name in ON_DUCKDB_ALONE]
    # a query that goes on with what it has found names itself behind its «union»
    for name, body in re.findall(r"^(\w+) as \($(.*?)^\)", sql, flags=re.MULTILINE | re.DOTALL):
        parts = re.split(r"^ +union$", body, flags=re.MULTILINE)
        found += [f"union in {name}" for part in parts[1:] if re.search(rf"\b(?:from|join) {name}\b", part)]
    patterns = re.findall(r"'((?:[^'\n]|'')*)'", sql)
    # alone it is what `spark_pattern` looks for
    found += [p for p in patterns if p != r"\\s" and r"\\s" in re.sub(r"\[[^\]]*\]", "", p)]
    return found


@pytest.mark.parametrize("name", SQL)
def test_nothing_is_asked_for_that_spark_lacks(name: str) -> None:
    """A Python model by `solved`, a recursive query by `until_nothing_is_new`: nothing of Spark runs here."""
    assert what_spark_lacks(SQL[name].read_text(encoding="utf-8")) == []


def test_what_spark_lacks_is_found() -> None:
    """As in the models and the macro that no test of this list had looked at."""
    assert "int_joint_conflicts" in ON_DUCKDB_ALONE
    assert what_spark_lacks("select * from {{ ref('int_joint_conflicts') }}") == ["ref('int_joint_conflicts')"]
    recursive = "ways as (\n    select 1\n\n    {}\n\n    select * from ways\n)"
    assert what_spark_lacks(recursive.format("union")) == ["union in ways"]
    assert what_spark_lacks(recursive.format("{{ until_nothing_is_new() }}")) == []
    assert what_spark_lacks(r"replace_all(name, '\\s|[　]', '')") == [r"\\s|[　]"]
    assert what_spark_lacks(r"replace_all(name, '[\\s　]', '')") == []
