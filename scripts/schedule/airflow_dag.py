"""An Airflow DAG that builds and publishes the warehouse every night: one task, as one command does all of it.

Put it into the folder of DAGs; FINAL_ACCOUNTS_HOME is the folder of the project.
"""

import os

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import dag

HOME = os.environ.get("FINAL_ACCOUNTS_HOME", "/srv/final_accounts")


@dag(
    schedule="30 2 * * *",
    start_date=pendulum.datetime(2025, 1, 1, tz="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    tags=["final_accounts"],
)
def final_accounts() -> None:
    """3 and 5 are released, not whole: the task succeeds, and scripts/build has told whom it concerns."""
    BashOperator(
        task_id="build", bash_command="scripts/build || case $? in 3|5) ;; *) exit 1 ;; esac", cwd=HOME, append_env=True
    )


final_accounts()
