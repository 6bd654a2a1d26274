"""A PostgreSQL server of its own for one measurement: made in a folder, reached by a socket there, and removed.

Nothing of the server outlives a crash (no fsync, no synchronous commit, no more log than must be), because nothing has
to: what it does is read again from the landing folder.
"""

import os
import pwd
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from rivals.costs import Cost, cost_of

USER = "benchmark"
# Only in the name of its socket.
PORT = "5432"
# For a machine of 24 GB on which few queries run at a time: much for each sort and each hash table.
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "shared_buffers": "2GB",
    "effective_cache_size": "16GB",
    "work_mem": "512MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "16GB",
    "max_parallel_workers_per_gather": str(os.cpu_count() or 1),
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}
DEBIAN = Path("/usr/lib/postgresql")
SECONDS_BETWEEN_LOOKS = 0.25


class NoServerError(Exception):
    """PostgreSQL is not installed, or no server could be started; says why."""


def _programs() -> Path:
    """The folder of initdb and postgres: of those on the PATH, of pg_config, or where Debian keeps them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = sorted(DEBIAN.glob("[0-9]*/bin"), key=lambda folder: float(folder.parent.name))
    if shutil.which("pg_config"):
        says = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)  # noqa: S607
        folders.append(Path(says.stdout.strip()))
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServerError("PostgreSQL is not installed (Debian and Ubuntu: apt-get install postgresql)")


class Server:
    """A running server; a context that stops and removes it.

    Attributes:
        environment: the variables with which clients of libpq find it
        cost: after its end, what it took while it ran; its memory is the largest sum of the proportional set sizes of
            all its processes, four times a second, so that shared memory counts once

    """

    def __init__(self, folder: Path) -> None:
        self.programs = _programs()
        self.folder = folder
        self.environment = {"PGHOST": str(folder), "PGPORT": PORT, "PGUSER": USER, "PGDATABASE": "postgres"}
        self.cost = Cost(0, 0, 0)
        self._peak = 0.0
        self._ended = threading.Event()

    def __enter__(self) -> "Server":
        self.folder.mkdir()
        try:
            self._start()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def _start(self) -> None:
        identity: dict = {}
        if os.geteuid() == 0:
            # PostgreSQL does not run as root
            names = [entry.pw_name for entry in pwd.getpwall()]
            account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        data, log = self.folder / "data", self.folder / "server.log"
        initdb = [str(self.programs / "initdb"), "--pgdata", str(data), "--username", USER, "--auth", "trust"]
        initdb += ["--encoding", "UTF8", "--locale", "C", "--no-sync"]
        made = subprocess.run(initdb, cwd="/", capture_output=True, text=True, check=False, **identity)  # noqa: S603
        if made.returncode:
            raise NoServerError(f"PostgreSQL could not make a database: {made.stderr.strip()[-1000:]}")
        settings = SETTINGS | {"unix_socket_directories": str(self.folder)}
        command = [str(self.programs / "postgres"), "-D", str(data)]
        command += [f"--{name}={value}" for name, value in settings.items()]
        with log.open("wb") as output:
            self._started = time.monotonic()
            self._process = subprocess.Popen(command, cwd="/", stdout=output, stderr=output, **identity)  # noqa: S603
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        ready = [str(self.programs / "pg_isready"), "--quiet"]
        while subprocess.run(ready, env=os.environ | self.environment, check=False).returncode:  # noqa: S603
            if self._process.poll() is not None or time.monotonic() - self._started > 60:
                self._stop()
                raise NoServerError(f"PostgreSQL did not start: {log.read_text(errors='replace').strip()[-1000:]}")
            time.sleep(0.05)

    def _look(self) -> None:
        """Keeps the largest memory of all its processes, in MB."""
        parent = self._process.pid
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            try:
                children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
            except OSError:
                return
            self._peak = max(self._peak, sum(map(_proportional_set_size, [str(parent), *children])))

    def _stop(self) -> None:
        self._ended.set()
        self._watch.join()
        if self._process.returncode is not None:
            return
        # at once: what it has in memory need not reach the disk
        self._process.send_signal(signal.SIGQUIT)
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.cost = cost_of(usage, time.monotonic() - self._started)
        if self._peak:
            self.cost = Cost(self.cost.wall, self.cost.processor, self._peak)

    def __exit__(self, *_: object) -> None:
        try:
            self._stop()
        finally:
            shutil.rmtree(self.folder)


def _proportional_set_size(process: str) -> float:
    """In MB; nothing for a process that has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
