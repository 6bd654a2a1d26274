"""The dashboards: what Superset imports, made of `scripts/superset/dashboards.yml`.

Superset's own files repeat every id, place and label many times; here each stands once. Ids follow from names, so an
import replaces what an earlier one made.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import yaml

from final_accounts.release.personal import fitted, has_personal_data
from final_accounts.warehouse.paths import TOP

SOURCE = TOP / "scripts" / "superset" / "dashboards.yml"
NAME = "final_accounts"

# Readers open the file read-only and let it touch nothing else; see models/docs/connect.md.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
}
CONNECT_ARGS = {"read_only": True, "config": CONFIG}

# What bars can be told apart by, for colour-blind readers as well.
COLORS = "supersetAndPresetColors"


class DashboardsError(Exception):
    """dashboards.yml does not fit the warehouse, or itself."""


def read(source: Path = SOURCE) -> dict[str, Any]:
    """The datasets and dashboards as they are written down."""
    described: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return described


def assets(described: dict[str, Any], database: Path) -> dict[str, str]:
    """The files that Superset imports, by name, for a warehouse that is there.

    Raises DashboardsError with all that does not fit: SQL that cannot run, a column without a label, a chart of
    something that its dataset has not.
    """
    problems: list[str] = []
    files: dict[str, Any] = {
        "metadata.yaml": {"version": "1.0.0", "type": "assets", "timestamp": "2024-01-01T00:00:00+00:00"},
        f"databases/{NAME}.yaml": _database(database),
    }
    columns: dict[str, list[str]] = {}
    with duckdb.connect(str(database), read_only=True, config=CONFIG) as connection:
        personal = has_personal_data(connection)
        for name, dataset in described["datasets"].items():
            sql = fitted(dataset["sql"], personal)
            try:
                types = _types(connection, sql)
            except duckdb.Error as error:
                problems.append(f"dataset {name}: its SQL cannot run: {error}")
                continue
            columns[name] = list(types)
            without = [column for column in types if column not in described["labels"]]
            problems += [f"dataset {name}: column {column} has no label" for column in without]
            if not without:
                files[f"datasets/{NAME}/{name}.yaml"] = _dataset(
                    name, dataset | {"sql": sql}, types, described["labels"]
                )
    for name, dashboard in described["dashboards"].items():
        charts = [chart for row in dashboard["rows"] for chart in row["charts"]]
        problems += _problems_of_charts(name, charts, dashboard["filters"], described["datasets"], columns)
    if problems:
        raise DashboardsError("\n".join(problems))
    for name, dashboard in described["dashboards"].items():
        for number, chart in enumerate(_charts(dashboard), start=1):
            files[f"charts/{name}_{number}.yaml"] = _chart(name, number, chart, described["datasets"])
        files[f"dashboards/{name}.yaml"] = _dashboard(name, dashboard, described["labels"])
    return {name: yaml.safe_dump(content, allow_unicode=True, sort_keys=False) for name, content in files.items()}


def _types(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str]:
    """The columns of a query, and their types."""
    return {column: kind for column, kind, *_ in connection.execute(f"describe {sql}").fetchall()}


def both(label: list[str]) -> str:
    """A label in both languages, as one text."""
    return " ".join(label)


def _id(*names: str | int) -> str:
    """The id of a thing, which follows from its name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, ("final-accounts", *names)))))


def _charts(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for row in dashboard["rows"]:
        yield from row["charts"]


def _problems_of_charts(
    dashboard: str,
    charts: list[dict[str, Any]],
    filters: list[dict[str, Any]],
    datasets: dict[str, Any],
    columns: dict[str, list[str]],
) -> list[str]:
    problems = []
    for used in [*charts, *filters]:
        name = used["dataset"]
        what = f"dashboard {dashboard}: {both(used['title']) if 'title' in used else 'filter ' + used['column']}"
        if name not in datasets:
            problems.append(f"{what}: there is no dataset {name}")
            continue
        wanted = [*used.get("by", []), *(used[key] for key in ("x", "column") if key in used)]
        problems += [f"{what}: {name} has no column {each}" for each in wanted if each not in columns.get(name, wanted)]
        metrics = datasets[name]["metrics"]
        problems += [f"{what}: {name} has no metric {each}" for each in used.get("metrics", []) if each not in metrics]
    return problems


def _database(database: Path) -> dict[str, Any]:
    """The connection: nothing can be written, loaded or uploaded through it."""
    return {
        "database_name": "部门决算 Final accounts",
        "sqlalchemy_uri": f"duckdb:///{database}",
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "extra": {"engine_params": {"connect_args": CONNECT_ARGS}, "allows_virtual_table_explore": True},
        "uuid": _id("database"),
        "version": "1.0.0",
    }


def _dataset(name: str, dataset: dict[str, Any], types: dict[str, str], labels: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "table_name": both(dataset["label"]),
        "sql": dataset["sql"],
        "columns": [
            {
                "column_name": column,
                "verbose_name": both(labels[column]),
                "type": kind.split("(")[0],
                "groupby": True,
                "filterable": True,
            }
            for column, kind in types.items()
        ],
        "metrics": [
            {"metric_name": metric, "expression": expression, "d3format": form, "verbose_name": f"{zh} {en}"}
            for metric, (expression, form, zh, en) in dataset["metrics"].items()
        ],
        "uuid": _id("dataset", name),
        "database_uuid": _id("database"),
        "version": "1.0.0",
    }


def _chart(dashboard: str, number: int, chart: dict[str, Any], datasets: dict[str, Any]) -> dict[str, Any]:
    viz_type, params = _KINDS[chart["kind"]](chart, datasets[chart["dataset"]]["metrics"])
    return {
        "slice_name": both(chart["title"]),
        "viz_type": viz_type,
        "params": {"viz_type": viz_type, "adhoc_filters": _where(chart), "row_limit": 1000, **params},
        "uuid": _id("chart", dashboard, number),
        "dataset_uuid": _id("dataset", chart["dataset"]),
        "version": "1.0.0",
    }


def _where(chart: dict[str, Any]) -> list[dict[str, Any]]:
    if "where" not in chart:
        return []
    return [{"clause": "WHERE", "expressionType": "SQL", "sqlExpression": chart["where"]}]


def _number(chart: dict[str, Any], metrics: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    (metric,) = chart["metrics"]
    return "big_number_total", {
        "metric": metric,
        "y_axis_format": metrics[metric][1],
        "header_font_size": 0.4,
    }


def _bars(chart: dict[str, Any], metrics: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    several = len(chart["metrics"]) > 1 or bool(chart.get("by"))
    lying = chart["kind"] == "lying"
    return "echarts_timeseries_bar", {
        "x_axis": chart["x"],
        "xAxisForceCategorical": True,
        "metrics": chart["metrics"],
        "groupby": chart.get("by", []),
        "orientation": "horizontal" if lying else "vertical",
        # Bars that lie are drawn from below: the last one stands on top.
        "x_axis_sort": chart["metrics"][0] if lying else chart["x"],
        "x_axis_sort_asc": True,
        "timeseries_limit_metric": chart["metrics"][0],
        "order_desc": True,
        **({"row_limit": chart["limit"]} if "limit" in chart else {}),
        "stack": "Stack" if several and chart.get("stacked", True) else None,
        "show_legend": several,
        "legendOrientation": "right" if chart.get("by") else "top",
        "logAxis": chart.get("logarithmic", False),
        "show_value": not several,
        "rich_tooltip": True,
        "y_axis_format": metrics[chart["metrics"][0]][1].replace(".2f", ".0f"),
        "color_scheme": COLORS,
        "truncateYAxis": False,
    }


def _treemap(chart: dict[str, Any], metrics: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    (metric,) = chart["metrics"]
    return "treemap_v2", {
        "groupby": chart["by"],
        "metric": metric,
        "number_format": metrics[metric][1],
        "label_type": "key_value",
        "show_labels": True,
        "show_upper_labels": True,
        "color_scheme": COLORS,
    }


def _table(chart: dict[str, Any], metrics: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "table", {
        "query_mode": "aggregate",
        "groupby": chart["by"],
        "metrics": chart["metrics"],
        "timeseries_limit_metric": chart["metrics"][0],
        "order_desc": True,
        "page_length": 20,
        "show_cell_bars": False,
    }


def _rows(chart: dict[str, Any], metrics: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "table", {"query_mode": "raw", "all_columns": chart["by"], "page_length": 20, "show_cell_bars": False}


_KINDS = {"number": _number, "bar": _bars, "lying": _bars, "treemap": _treemap, "table": _table, "rows": _rows}


def _dashboard(name: str, dashboard: dict[str, Any], labels: dict[str, list[str]]) -> dict[str, Any]:
    title = both(dashboard["title"])
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "parents": ["ROOT_ID"], "children": []},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": title}},
    }
    number = 0
    for row_number, row in enumerate(dashboard["rows"], start=1):
        row_id = f"ROW-{row_number}"
        position["GRID_ID"]["children"].append(row_id)
        position[row_id] = {
            "id": row_id,
            "type": "ROW",
            "parents": ["ROOT_ID", "GRID_ID"],
            "children": [],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for chart in row["charts"]:
            number += 1
            chart_id = f"CHART-{number}"
            position[row_id]["children"].append(chart_id)
            position[chart_id] = {
                "id": chart_id,
                "type": "CHART",
                "parents": ["ROOT_ID", "GRID_ID", row_id],
                "children": [],
                "meta": {
                    "chartId": number,
                    "uuid": _id("chart", name, number),
                    "width": chart["width"],
                    "height": row["height"],
                    "sliceName": both(chart["title"]),
                },
            }
    return {
        "dashboard_title": title,
        "slug": name,
        "published": True,
        "uuid": _id("dashboard", name),
        "position": position,
        "metadata": {
            "color_scheme": COLORS,
            "cross_filters_enabled": True,
            "native_filter_configuration": [_filter(name, each, labels) for each in dashboard["filters"]],
        },
        "version": "1.0.0",
    }


def _filter(dashboard: str, described: dict[str, Any], labels: dict[str, list[str]]) -> dict[str, Any]:
    """A filter over the whole dashboard; one that takes a single value starts with the first there is."""
    single = described.get("single", False)
    return {
        "id": f"NATIVE_FILTER-{dashboard}-{described['column']}",
        "name": both(labels[described["column"]]),
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [{"datasetUuid": _id("dataset", described["dataset"]), "column": {"name": described["column"]}}],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
        "cascadeParentIds": [],
        "requiredFirst": {"defaultToFirstItem": single},
        "defaultDataMask": {"extraFormData": {}, "filterState": {}},
        "controlValues": {
            "multiSelect": not single,
            "enableEmptyFilter": single,
            "defaultToFirstItem": single,
            "inverseSelection": False,
            "searchAllOptions": True,
            "sortAscending": True,
        },
        "description": "",
    }
