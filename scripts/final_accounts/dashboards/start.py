"""scripts/superset/start: Superset with the dashboards, over a published file.

Superset keeps its own database, its secret key and its environment in one folder. It opens the published file for each
query and closes it again, so that it sees the next release at once and never stands in the way of a build.
"""

import argparse
import logging
import os
import secrets
import sys
from pathlib import Path

import duckdb

from final_accounts.dashboards.bundle import DashboardsError, assets, read
from final_accounts.warehouse.paths import PUBLISHED

NOT_STARTED = 1
FOLDER = "FINAL_ACCOUNTS_SUPERSET"
PASSWORD = "FINAL_ACCOUNTS_SUPERSET_PASSWORD"  # noqa: S105 - the name of a variable


def prepare(folder: Path, files: dict[str, str], user: str, password: str | None) -> str | None:
    """Brings Superset's database up to date and imports the files; returns the password of a user it had to make."""
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "secret_key"
    if not key.exists():
        key.write_text(secrets.token_urlsafe(48), encoding="ascii")
    # Superset reads its configuration when it is imported.
    import flask_migrate
    from superset.app import create_app

    with create_app().app_context():
        import superset
        from superset import appbuilder, security_manager  # type: ignore[attr-defined]
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.utils.core import override_user

        flask_migrate.upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        made = None
        found = security_manager.find_user(user)
        if found is None:
            made = password or secrets.token_urlsafe(12)
            role = security_manager.find_role("Admin")
            found = security_manager.add_user(user, "Final", "Accounts", f"{user}@localhost", role, password=made)
        elif password:
            security_manager.reset_password(found.id, password)
        with override_user(found):
            ImportAssetsCommand(files).run()
    return made


def server(host: str, port: int) -> list[str]:
    """The command that serves Superset: one process, so that all of it sees the same file."""
    return [
        sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}", "--worker-class", "gthread", "--threads", "8",
        "--timeout", "120", "--no-control-socket", "--log-level", "warning", "superset.app:create_app()",
    ]  # fmt: skip


def main() -> int:
    """Parses the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/superset/start",
        description="Install Superset in an environment of its own, import the dashboards of "
        "scripts/superset/dashboards.yml, and serve them. Run it again after a release that changes columns.",
        epilog=f"{FOLDER} names the folder of its environment and of its own database (default: warehouse/superset). "
        f"{PASSWORD} gives the password; without it one is made for a new user and printed. "
        "Exit status: 1 not started (the reason is named), 2 wrong usage.",
    )
    parser.add_argument("--database", type=Path, default=PUBLISHED, metavar="FILE", help="default: %(default)s")
    parser.add_argument("--user", default="admin", metavar="NAME", help="who logs in (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s, this machine only")
    parser.add_argument("--port", type=int, default=8088, help="default: %(default)s")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    if not options.database.exists():
        print(f"{options.database} does not exist: run scripts/build, or name a file with --database.", file=sys.stderr)
        return NOT_STARTED
    try:
        # the link, not where it leads now: the next release is another file
        files = assets(read(), options.database.absolute())
    except (DashboardsError, duckdb.Error) as error:
        print(f"The dashboards do not fit {options.database}:\n{error}", file=sys.stderr)
        return NOT_STARTED
    os.umask(0o077)  # its own database and key are for nobody else
    print("Bringing Superset's own database up to date and importing the dashboards …", file=sys.stderr)
    made = prepare(Path(os.environ[FOLDER]), files, options.user, os.environ.get(PASSWORD))
    if made and PASSWORD not in os.environ:
        print(f"Password of {options.user}: {made}  (kept nowhere; a new one: set {PASSWORD} and start again)")
    for slug in ("departments", "department"):
        print(f"http://{options.host}:{options.port}/superset/dashboard/{slug}/")
    sys.stdout.flush()
    command = server(options.host, options.port)
    os.execv(command[0], command)  # noqa: S606 - nothing of it comes from outside


if __name__ == "__main__":
    sys.exit(main())
