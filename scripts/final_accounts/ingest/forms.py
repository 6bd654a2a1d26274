"""Project self-evaluation forms (stub while the tables are proved)."""

from dataclasses import dataclass, field


@dataclass
class Form:
    number: int
    head: dict = field(default_factory=dict)
    funding: list = field(default_factory=list)
    indicators: list = field(default_factory=list)
    analyses: list = field(default_factory=list)
    problems: list = field(default_factory=list)


def read_forms(document):
    return []
