"""What a project self-evaluation form (项目支出绩效自评表) is once it has been read, whichever form it was."""

from dataclasses import dataclass, field

from final_accounts.ingest.tables.others import OtherCell


@dataclass
class Form:
    """One self-evaluation form; `apart` are its cells that no raw table has a place for.

    `misread` says why it was not understood, blank where it was: then all its cells are apart, and it has no rows.
    """

    number: int
    pages: list[int] = field(default_factory=list)
    head: dict[str, str] = field(default_factory=dict)
    funding: list[dict[str, str]] = field(default_factory=list)
    indicators: list[dict[str, str]] = field(default_factory=list)
    analyses: list[dict[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    title: str = ""
    apart: list[OtherCell] = field(default_factory=list)
    misread: str = ""
    # every cell that it was read from, by identity
    cells: set[int] = field(default_factory=set)
