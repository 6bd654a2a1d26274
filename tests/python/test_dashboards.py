"""What Superset imports. Superset itself has an environment of its own, and `scripts/superset/check` looks at it."""

import copy
import re
from typing import Any

import duckdb
import pytest
import yaml
from conftest import Run
from final_accounts.dashboards.bundle import DashboardsError, assets, read
from final_accounts.release.personal import fitted
from final_accounts.warehouse.paths import TOP

LOCK = (TOP / "scripts" / "superset" / "requirements.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The datasets and dashboards as they are written down."""
    return read()


def test_every_chart_is_a_query_that_runs(many: Run, described: dict[str, Any]) -> None:
    """With its metrics, groups and conditions, over a warehouse of several reports; most find something."""
    found = 0
    charts = [
        chart for dashboard in described["dashboards"].values() for row in dashboard["rows"] for chart in row["charts"]
    ]
    with duckdb.connect(str(many.database), read_only=True) as connection:
        for chart in charts:
            dataset = described["datasets"][chart["dataset"]]
            by = [*([chart["x"]] if "x" in chart else []), *chart.get("by", [])]
            selected = [*by, *(dataset["metrics"][metric][0] for metric in chart.get("metrics", []))]
            condition = f"where {chart['where']}" if "where" in chart else ""
            condition += " group by all" if by else ""
            sql = f"select {', '.join(selected)} from ({fitted(dataset['sql'], True)}) {condition}"
            found += bool(connection.execute(sql).fetchall())
    assert found >= len(charts) - 2


def test_ids_are_unique_and_stay(many: Run, described: dict[str, Any]) -> None:
    """An import replaces what an earlier one made; every reference leads to something that is there."""
    files = assets(described, many.database)
    assert files == assets(described, many.database)
    loaded = {name: yaml.safe_load(text) for name, text in files.items()}
    ids = {name: content["uuid"] for name, content in loaded.items() if "uuid" in content}
    assert len(set(ids.values())) == len(ids) == len(files) - 1
    folders = {
        folder: {id_ for name, id_ in ids.items() if name.startswith(folder)} for folder in ("charts", "datasets")
    }
    assert {chart["dataset_uuid"] for name, chart in loaded.items() if name.startswith("charts")} <= folders["datasets"]
    for slug in described["dashboards"]:
        dashboard = loaded[f"dashboards/{slug}.yaml"]
        placed = [each for each in dashboard["position"].values() if isinstance(each, dict) and each["type"] == "CHART"]
        assert {each["meta"]["uuid"] for each in placed} <= folders["charts"]
        widths = [sum(chart["width"] for chart in row["charts"]) for row in described["dashboards"][slug]["rows"]]
        assert set(widths) == {12}


def test_everything_has_a_label_in_both_languages(many: Run, described: dict[str, Any]) -> None:
    """Each column and metric is called something Chinese and something English."""
    datasets = [yaml.safe_load(text) for name, text in assets(described, many.database).items() if "datasets/" in name]
    names = [each["verbose_name"] for dataset in datasets for each in [*dataset["columns"], *dataset["metrics"]]]
    names += [dataset["table_name"] for dataset in datasets]
    assert len(names) > 100
    for name in names:
        assert re.search(r"[\u4e00-\u9fff].* [A-Z]", name), name


def test_the_file_is_opened_read_only_and_nothing_else(many: Run, described: dict[str, Any]) -> None:
    """Superset's connection is that of the page on connecting: it cannot write, nor read another file."""
    connection = yaml.safe_load(assets(described, many.database)["databases/final_accounts.yaml"])
    arguments = connection["extra"]["engine_params"]["connect_args"]
    assert arguments["read_only"] is True
    with duckdb.connect(str(many.database), **arguments) as opened:
        with pytest.raises(duckdb.PermissionException):
            opened.execute("select * from read_text('/etc/hostname')")
        with pytest.raises(duckdb.InvalidInputException):
            opened.execute("create table marts.mine (i integer)")
    assert not any(value for name, value in connection.items() if name.startswith("allow"))


def test_what_does_not_fit_is_named(many: Run, described: dict[str, Any]) -> None:
    """A column without a label, SQL that cannot run, a chart of something that is not there: all of them at once."""
    wrong = copy.deepcopy(described)
    del wrong["labels"]["class_name"]
    wrong["datasets"]["three_public"]["sql"] = "select nothing from nowhere"
    wrong["dashboards"]["departments"]["rows"][1]["charts"][0].update(x="department", metrics=["spent"])
    with pytest.raises(DashboardsError) as error:
        assets(wrong, many.database)
    said = str(error.value)
    assert "dataset spending: column class_name has no label" in said
    assert "dataset three_public: its SQL cannot run" in said
    assert "Departments that spend most: department_years has no column department\n" in said
    assert "Departments that spend most: department_years has no metric spent" in said


def test_the_lock_has_hashes_no_hosts_and_the_duckdb_of_the_warehouse() -> None:
    """An older DuckDB may not read the file."""
    packages = re.findall(r"^(\S+==\S+)", LOCK, re.MULTILINE)
    assert len(packages) > 100
    assert LOCK.count("--hash=sha256:") >= len(packages)
    assert "http" not in LOCK
    assert "file:" not in LOCK
    requirements = (TOP / "requirements.txt").read_text(encoding="utf-8")
    assert set(re.findall(r"^duckdb==\S+", requirements, re.MULTILINE)) == {
        package for package in packages if package.startswith("duckdb==")
    }
