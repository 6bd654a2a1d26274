"""What dbt knows of the tables of a warehouse: keys, joins, texts, and columns that may name a natural person."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

# Set in the `meta` of a column, of a seed as of a model.
TAG = "may_name_a_person"
# Set in the `meta` of a view whose rows a release stores: dbt keeps them by number, readers have them with their words.
STORED = "stored_in_release"


@dataclass(frozen=True)
class ForeignKey:
    """A column whose values are all found in the key of another table."""

    column: str
    table: str
    key: str


@dataclass
class Relation:
    """A table or view that dbt builds."""

    schema: str
    name: str
    is_view: bool  # in a release; without personal data none is
    is_seed: bool
    sql: str  # what dbt ran; empty for a seed
    description: str
    columns: dict[str, str]  # the description by name
    personal: frozenset[str]  # the columns that may name a natural person
    file: Path  # the CSV file of a seed, the SQL file of a model
    key: tuple[str, ...] = ()
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)  # the relations that it is made of

    @property
    def full_name(self) -> str:
        """The name with its schema."""
        return f"{self.schema}.{self.name}"


def relations_of(nodes: Iterable[dict[str, Any]]) -> list[Relation]:
    """The relations among the nodes that dbt ran, each after those that it is made of.

    A key is what the test `has_the_key` checks; a foreign key is what a test `relationships` checks, where the column
    that it points to is the key of its table; DuckDB has none from one schema to another.
    """
    nodes = list(nodes)
    built = {node["unique_id"]: node for node in nodes if node["resource_type"] in ("model", "seed")}
    relations = {identifier: _relation(node) for identifier, node in built.items()}
    for test in _tests(nodes, "has_the_key"):
        relations[test["attached_node"]].key = tuple(test["test_metadata"]["kwargs"]["columns"])
    by_name = {relation.name: relation for relation in relations.values()}
    for test in _tests(nodes, "relationships"):
        _add_foreign_key(relations[test["attached_node"]], test["test_metadata"]["kwargs"], by_name)
    parents = {
        identifier: [parent for parent in node["depends_on"].get("nodes", []) if parent in built]
        for identifier, node in built.items()
    }
    for identifier, relation in relations.items():
        relation.parents = [relations[parent].full_name for parent in parents[identifier]]
    return [relations[identifier] for identifier in TopologicalSorter(parents).static_order()]


def _tests(nodes: Iterable[dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    """The generic tests of a name."""
    for node in nodes:
        if node["resource_type"] == "test" and (node.get("test_metadata") or {}).get("name") == name:
            yield node


def _add_foreign_key(relation: Relation, arguments: dict[str, Any], by_name: dict[str, Relation]) -> None:
    """Adds what a test `relationships` says, where the column that it points to is the key of a table beside it."""
    (name,) = re.findall(r"ref\(['\"](\w+)['\"]\)", arguments["to"])
    target = by_name[name]
    if target.key == (arguments["field"],) and target.schema == relation.schema:
        relation.foreign_keys.append(ForeignKey(arguments["column_name"], target.full_name, arguments["field"]))


def _relation(node: dict[str, Any]) -> Relation:
    """A relation without its keys."""
    is_seed = node["resource_type"] == "seed"
    return Relation(
        schema=node["schema"],
        name=node["alias"],
        is_view=not is_seed
        and node["config"]["materialized"] == "view"
        and not (node["config"].get("meta") or {}).get(STORED, False),
        is_seed=is_seed,
        sql=node.get("compiled_code") or "",
        description=node["description"].strip(),
        columns={column["name"]: column["description"].strip() for column in node["columns"].values()},
        personal=frozenset(
            column["name"]
            for column in node["columns"].values()
            if (column.get("config", {}).get("meta") or column.get("meta") or {}).get(TAG)
        ),
        file=Path(node["original_file_path"]),
    )
