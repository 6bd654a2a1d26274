"""The ten printed tables: raw table and amount columns, by number, as macros/printed_tables.sql has them for SQL."""

# by functional subject
SUBJECT_TABLES = {
    "02": ("revenue", ["total", "fiscal_appropriation", "superior_subsidy", "institutional", "business",
                       "affiliate_remittance", "other"]),
    "03": ("expenditure", ["total", "basic", "project", "superior_remittance", "business", "affiliate_subsidy"]),
    "05": ("general_public_budget_expenditure", ["total", "basic", "project"]),
    "07": ("government_fund", ["opening_balance", "revenue", "expenditure_total", "expenditure_basic",
                               "expenditure_project", "closing_balance"]),
    "08": ("state_capital_operations", ["total", "basic", "project"]),
}  # fmt: skip
# by line; between name and amounts stands the column that sets equal labels apart
LINE_TABLES = {
    "01": ("revenue_expenditure_summary", "panel", ["amount"]),
    "04": ("fiscal_appropriation_summary", "panel",
           ["amount", "total", "general_public_budget", "government_fund", "state_capital_operations"]),
    "10": ("disclosure_statistics", "section", ["statistic"]),
}  # fmt: skip
THREE_PUBLIC = [
    f"{stage}_{item}"
    for stage in ("budget", "final")
    for item in ("total", "overseas_trips", "vehicles_total", "vehicle_purchase", "vehicle_operation", "receptions")
]

BASIC_EXPENDITURE = {"06": ("basic_expenditure", ["amount"])}

PRINTED_TABLES: dict[str, tuple[str, list[str]]] = dict(
    sorted(
        {
            **SUBJECT_TABLES,
            **{number: (table, amounts) for number, (table, _, amounts) in LINE_TABLES.items()},
            **BASIC_EXPENDITURE,
            "09": ("three_public", THREE_PUBLIC),
        }.items()
    )
)
TABLE_NAMES = {number: table for number, (table, _) in PRINTED_TABLES.items()}
