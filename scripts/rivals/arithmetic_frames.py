"""The arithmetic of arithmetic.py in polars and in pandas: read, unpivot, find the places, add up, judge.

Amounts are whole numbers of a millionth of a yuan, so that no float touches money.
"""

import sys
from pathlib import Path

from final_accounts.registry import BASIC_EXPENDITURE, LINE_TABLES, SUBJECT_TABLES, THREE_PUBLIC
from final_accounts.warehouse.paths import TOP

MILLIONTHS = 1_000_000
TOTALS = {"合计": "total", "人员经费合计": "personnel_total", "公用经费合计": "general_operating_total"}
PLACE = ["table_no", "row_key", "row_role", "column_name"]
SUBJECTS = SUBJECT_TABLES | BASIC_EXPENDITURE


def with_polars(landing: Path, registry: Path, results: Path) -> None:
    """Runs the arithmetic in polars."""
    import polars as pl

    def unpivoted(frame: pl.LazyFrame, amounts: list[str], table_no: str) -> pl.LazyFrame:
        return frame.unpivot(
            amounts, index=["report_id", "row_key", "row_role"], variable_name="column_name", value_name="text"
        ).with_columns(pl.lit(table_no).alias("table_no"))

    parts = []
    for table_no, (table, amounts) in SUBJECTS.items():
        code, name = pl.col("subject_code"), pl.col("subject_name")
        following = code.shift(-1).over("report_id", order_by=["subject_code", "row_no"])
        rows = pl.scan_parquet(landing / table / "*.parquet").with_columns(
            pl.when(code != "")
            .then(code)
            .otherwise(name.replace_strict(TOTALS, default="blank_" + pl.col("row_no")))
            .alias("row_key"),
            pl.when(name.is_in(list(TOTALS)))
            .then(pl.lit("total"))
            .when(code == "")
            .then(pl.lit("blank"))
            .when(following.str.starts_with(code))
            .then(pl.lit("parent"))
            .otherwise(pl.lit("leaf"))
            .alias("row_role"),
        )
        parts.append(unpivoted(rows, amounts, table_no))
    lines = pl.scan_csv(TOP / "seeds/classification/form_lines.csv", infer_schema=False).filter(
        pl.col("last_year").fill_null("9999") >= "2023"
    )
    for table_no, (table, group, amounts) in LINE_TABLES.items():
        rows = (
            pl.scan_parquet(landing / table / "*.parquet")
            .with_columns(
                pl.col("row_no").cast(pl.Int64).rank("ordinal").over("report_id", group, "item").alias("occurrence")
            )
            .join(
                lines.filter(pl.col("table_no") == table_no).select(
                    "panel",
                    "label",
                    pl.col("occurrence").cast(pl.UInt32),
                    "row_key",
                    pl.col("line_role").alias("row_role"),
                ),
                left_on=[group, "item", "occurrence"],
                right_on=["panel", "label", "occurrence"],
            )
        )
        cells = unpivoted(rows.with_columns(pl.col(group).alias("panel")), amounts, table_no)
        if table_no == "04":
            revenue = pl.col("row_key").str.starts_with("revenue") | pl.col("row_key").str.starts_with("opening")
            cells = cells.filter(revenue == (pl.col("column_name") == "amount"))
        parts.append(cells)
    three = pl.scan_parquet(landing / "three_public" / "*.parquet").with_columns(
        pl.lit("total").alias("row_key"), pl.lit("component").alias("row_role")
    )
    parts.append(unpivoted(three, THREE_PUBLIC, "09"))

    reports = pl.scan_parquet(landing / "reports" / "*.parquet").select(
        "report_id", pl.when(pl.col("amount_unit") == "万元").then(10_000).otherwise(1).alias("unit")
    )
    places = pl.scan_parquet(registry / "places.parquet")
    text = pl.when(pl.col("text").is_in(["", "────"])).then(None).otherwise(pl.col("text").str.replace_all(",", ""))
    unit = pl.when("is_counted").then(1).otherwise("unit")
    decimals = text.str.split_exact(".", 1)
    whole = decimals.struct.field("field_0").cast(pl.Int64)
    fraction = decimals.struct.field("field_1").fill_null("").str.pad_end(6, "0").cast(pl.Int64)
    amount = (whole * MILLIONTHS + fraction * pl.when(text.str.starts_with("-")).then(-1).otherwise(1)) * unit
    cells = (
        pl.concat([part.select(["report_id", *PLACE, "text"]) for part in parts])
        .join(reports, on="report_id")
        .join(places, on=PLACE)
        .select(
            "report_id",
            "place_no",
            amount.alias("amount"),
            pl.when(text.is_null() | pl.col("is_counted")).then(0).otherwise(5_000 * pl.col("unit")).alias("half_unit"),
        )
    )
    (
        cells.join(pl.scan_parquet(registry / "terms.parquet"), on="place_no")
        .group_by("report_id", "instance_no")
        .agg(
            (pl.col("amount") * pl.col("coefficient")).sum().alias("residual"), pl.col("half_unit").sum().alias("bound")
        )
        .join(pl.scan_parquet(registry / "instances.parquet"), on="instance_no")
        .select(
            "report_id",
            "identity_id",
            "instance_key",
            "residual",
            "bound",
            pl.when((pl.col("residual") == 0) | ((pl.col("comparison") == "at_most") & (pl.col("residual") < 0)))
            .then(pl.lit("exact"))
            .when(pl.col("residual").abs() <= pl.col("bound"))
            .then(pl.lit("rounding"))
            .otherwise(pl.lit("broken"))
            .alias("status"),
        )
        .collect(engine="streaming")
        .write_parquet(results)
    )


def with_pandas(landing: Path, registry: Path, results: Path) -> None:
    """Runs the arithmetic in pandas."""
    import numpy as np
    import pandas as pd

    # As in pandas 3: text is kept by pyarrow, and not as one Python object a cell.
    pd.options.future.infer_string = True

    def read(table: str) -> "pd.DataFrame":
        return pd.concat([pd.read_parquet(file) for file in sorted((landing / table).glob("*.parquet"))])

    def unpivoted(frame: "pd.DataFrame", amounts: list[str], table_no: str) -> "pd.DataFrame":
        cells = frame.melt(["report_id", "row_key", "row_role"], amounts, "column_name", "text")
        return cells.assign(table_no=table_no)

    parts = []
    for table_no, (table, amounts) in SUBJECTS.items():
        rows = read(table).sort_values(["report_id", "subject_code", "row_no"], ignore_index=True)
        has_code = rows.subject_code != ""
        following = rows.groupby("report_id").subject_code.shift(-1).fillna("")
        is_parent = [after.startswith(code) for after, code in zip(following, rows.subject_code, strict=True)]
        named = rows.subject_name.map(TOTALS)
        rows["row_key"] = rows.subject_code.where(has_code, named.fillna("blank_" + rows.row_no))
        rows["row_role"] = np.select([named.notna(), ~has_code, is_parent], ["total", "blank", "parent"], "leaf")
        parts.append(unpivoted(rows, amounts, table_no))
    lines = pd.read_csv(TOP / "seeds/classification/form_lines.csv", dtype=str)
    lines = lines[lines.last_year.fillna("9999") >= "2023"]
    for table_no, (table, group, amounts) in LINE_TABLES.items():
        rows = read(table)
        rows = rows.assign(number=rows.row_no.astype(int)).sort_values(["report_id", "number"])
        rows["occurrence"] = (rows.groupby(["report_id", group, "item"]).cumcount() + 1).astype(str)
        form = lines[lines.table_no == table_no][["panel", "label", "occurrence", "row_key", "line_role"]]
        rows = rows.merge(form, left_on=[group, "item", "occurrence"], right_on=["panel", "label", "occurrence"])
        cells = unpivoted(rows.rename(columns={"line_role": "row_role"}), amounts, table_no)
        if table_no == "04":
            revenue = cells.row_key.str.startswith(("revenue", "opening"))
            cells = cells[revenue == (cells.column_name == "amount")]
        parts.append(cells)
    three = read("three_public").assign(row_key="total", row_role="component")
    parts.append(unpivoted(three, THREE_PUBLIC, "09"))

    reports = read("reports")[["report_id", "amount_unit"]]
    cells = pd.concat(parts).merge(reports, on="report_id")
    cells = cells.merge(pd.read_parquet(registry / "places.parquet"), on=PLACE)
    unit = np.where(cells.amount_unit == "万元", 10_000, 1)
    text = cells.text.mask(cells.text.isin(["", "────"])).str.replace(",", "")
    halves = text.str.partition(".")
    sign = np.where(text.str.startswith("-", na=False), -1, 1)
    whole = halves[0].fillna("0").astype("int64")
    fraction = halves[2].fillna("").str.ljust(6, "0").astype("int64")
    cells["amount"] = (whole * MILLIONTHS + sign * fraction) * np.where(cells.is_counted, 1, unit)
    cells["half_unit"] = np.where(text.isna() | cells.is_counted, 0, 5_000 * unit)
    terms = cells[["report_id", "place_no", "amount", "half_unit"]].merge(
        pd.read_parquet(registry / "terms.parquet"), on="place_no"
    )
    terms["residual"] = terms.amount * terms.coefficient
    sums = terms.groupby(["report_id", "instance_no"], as_index=False, sort=False).agg(
        residual=("residual", "sum"), bound=("half_unit", "sum")
    )
    sums = sums.merge(pd.read_parquet(registry / "instances.parquet"), on="instance_no")
    is_exact = (sums.residual == 0) | ((sums.comparison == "at_most") & (sums.residual < 0))
    sums["status"] = np.select([is_exact, sums.residual.abs() <= sums.bound], ["exact", "rounding"], "broken")
    sums[["report_id", "identity_id", "instance_key", "residual", "bound", "status"]].to_parquet(results)


def main() -> None:
    """Runs one of them: polars or pandas, landing folder, registry folder, Parquet file."""
    landing, registry, results = map(Path, sys.argv[2:5])
    {"polars": with_polars, "pandas": with_pandas}[sys.argv[1]](landing, registry, results)


if __name__ == "__main__":
    main()
