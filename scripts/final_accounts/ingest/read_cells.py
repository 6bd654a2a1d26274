"""The cells of the tables of one file, as they were read and as the identities judge them."""

from dataclasses import dataclass

from final_accounts.ingest.proof import CellVerdict


@dataclass
class ReadCell:
    """A cell of a table: what was read, where it stands in the file, and what the identities say of it.

    `box` is its left, top, right and bottom edge in points on the page as it is seen, `doubt` why the reading may be
    wrong. Of a picture, `again` is how the cell was read the second time, and `is_twice` whether both times alike.
    """

    table_no: str
    row_no: str
    column: str
    text: str
    page: int
    box: list[float] | None = None
    doubt: str | None = None
    is_amount: bool = False
    again: str | None = None
    is_twice: bool = False
    verdict: CellVerdict | None = None

    def __post_init__(self) -> None:
        # as it comes back from a file
        if isinstance(self.verdict, dict):
            self.verdict = CellVerdict(**self.verdict)

    @property
    def key(self) -> tuple[str, str, str]:
        """Its table, row and column."""
        return self.table_no, self.row_no, self.column

    @property
    def has_digits(self) -> bool:
        """Whether a number was read."""
        return any(character.isdigit() for character in self.text)
