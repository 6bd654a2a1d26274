"""The queries of arithmetic.py as a project of SQLMesh: one model a query, each computed in full.

The project lies in the work folder, because its models name the landing folder. SQLMesh runs it by its own command.
"""

import json
from pathlib import Path

from rivals.arithmetic import queries

SCHEMA = "arithmetic"


def write_project(landing: Path, registry: Path, project: Path, database: Path) -> None:
    """Writes a project that computes the results of a landing folder in a database, which also keeps its state."""
    config = {
        "gateways": {
            "duckdb": {
                "connection": {
                    "type": "duckdb",
                    "database": str(database),
                    "connector_config": {"preserve_insertion_order": False},
                }
            }
        },
        "default_gateway": "duckdb",
        "model_defaults": {"dialect": "duckdb"},
        "disable_anonymized_analytics": True,
    }
    models = project / "models"
    models.mkdir(parents=True)
    # JSON is YAML, too
    (project / "config.yaml").write_text(json.dumps(config, indent=2), encoding="utf-8")
    for name, query in queries(landing, registry, SCHEMA).items():
        model = f"MODEL (name {SCHEMA}.{name}, kind FULL);\n{query.strip()}\n"
        (models / f"{name}.sql").write_text(model, encoding="utf-8")
