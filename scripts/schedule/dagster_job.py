"""A Dagster asset and schedule that build and publish the warehouse every night: `dagster dev -f dagster_job.py`.

FINAL_ACCOUNTS_HOME is the folder of the project.
"""

import json
import os
import subprocess
from pathlib import Path

import dagster

HOME = Path(os.environ.get("FINAL_ACCOUNTS_HOME", "/srv/final_accounts"))
RELEASED, SOME_HELD_BACK, UNFINISHED = 0, 3, 5


@dagster.asset
def published_warehouse(context: dagster.AssetExecutionContext) -> dagster.MaterializeResult:
    """The file that readers open; a build that is not released fails the run, and leaves it as it was."""
    run = subprocess.run([HOME / "scripts" / "build"], cwd=HOME, capture_output=True, text=True, check=False)  # noqa: S603
    context.log.info(f"{run.stdout}\n{run.stderr}")
    if run.returncode not in (RELEASED, SOME_HELD_BACK, UNFINISHED):
        raise dagster.Failure(run.stderr.splitlines()[-1] if run.stderr else "scripts/build failed")
    release = json.loads((HOME / "warehouse" / "current" / "release.json").read_text(encoding="utf-8"))
    return dagster.MaterializeResult(
        metadata={
            "release": release["release_id"],
            "reports": release["reports_released"],
            "held_back": len(release["held_back"]),
        }
    )


nightly = dagster.ScheduleDefinition(
    name="nightly", target=[published_warehouse], cron_schedule="30 2 * * *", execution_timezone="Asia/Shanghai"
)

defs = dagster.Definitions(assets=[published_warehouse], schedules=[nightly])
