"""What a run of the benchmark measured, and the file that it is kept in."""

import json
from dataclasses import dataclass
from pathlib import Path

from rivals.costs import BenchmarkError, Cost


@dataclass(frozen=True)
class Record:
    """One number of reports.

    Attributes:
        reports: how many
        parts: what each part of the build took
        to_the_suspects: what one process took that proves the identities and finds who is to blame: what the rivals do,
            and more
        rivals: what each rival took; None for one that ran out of memory
        size: of the database, in MB

    """

    reports: int
    parts: dict[str, Cost]
    to_the_suspects: Cost
    rivals: dict[str, Cost | None]
    size: float

    @property
    def whole(self) -> Cost:
        """All parts of the build, one after the other."""
        return sum(self.parts.values(), Cost(0, 0, 0))


def write_records(records: list[Record], file: Path) -> None:
    """Writes the figures as JSON."""
    file.write_text(json.dumps(records, default=vars, indent=2) + "\n", encoding="utf-8")


def read_records(file: Path) -> list[Record]:
    """Reads what write_records wrote.

    Raises:
        BenchmarkError: it is not such a file.

    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        records = [
            Record(
                int(record["reports"]),
                {part: Cost(**cost) for part, cost in record["parts"].items()},
                Cost(**record["to_the_suspects"]),
                {rival: cost and Cost(**cost) for rival, cost in record["rivals"].items()},
                float(record["size"]),
            )
            for record in found
        ]
    except OSError as error:
        raise BenchmarkError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BenchmarkError(
            f"{file} does not hold the figures that scripts/benchmark --json writes: {error}"
        ) from error
    if not records:
        raise BenchmarkError(f"{file} holds the figures of no run")
    return records
