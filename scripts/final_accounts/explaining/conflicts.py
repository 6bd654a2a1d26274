"""Identities of a report that hold one by one and cannot hold together: what the model int_joint_conflicts stores."""

from collections.abc import Iterator

import numpy as np

from final_accounts.explaining.joint import Terms, impossible_reports, system_of
from final_accounts.explaining.models import MILLIONTHS, Row, decimal
from final_accounts.explaining.system import UndecidedError, irreducible

COLUMNS = {
    "report_no": "bigint",
    "conflict_no": "integer",
    "instance_no": "bigint",
    "times": "decimal(18, 6)",
    "apart": "decimal(26, 6)",
}


def conflicts_of(numbers: dict[str, np.ndarray]) -> Iterator[Row]:
    """The conflicts of some reports, from the columns of int_joint_sums in the order of reports and instances.

    A report of which the solver's answer could not be checked has a row without a conflict.
    """
    _, cells = np.unique(numbers["cell_no"], return_inverse=True)
    _, reports = np.unique(numbers["report_no"], return_inverse=True)
    terms = Terms(
        report=numbers["report_no"],
        instance=numbers["instance_no"],
        cell=reports * (cells.max(initial=0) + 1) + cells,
        coefficient=numbers["coefficient"],
        half=numbers["half_unit"],
        half_of_parts=numbers["half_of_parts"],
        sign=numbers["sign"],
        right=numbers["miss"],
        slack=numbers["slack"],
        at_most=numbers["is_at_most"],
    )
    for of_report in impossible_reports(terms):
        report_no, unit = int(of_report.report[0]), of_report.unit
        system = system_of(of_report.counted_in(unit))
        try:
            conflicts = [irreducible(system, each) for each in system.conflicts()]
        except UndecidedError:
            yield report_no, None, None, None, None
            continue
        for conflict_no, conflict in enumerate(conflicts, 1):
            apart = decimal(system.apart(conflict) * unit / MILLIONTHS)
            for instance_no, times in sorted(conflict.items()):
                yield report_no, conflict_no, instance_no, decimal(times), apart
