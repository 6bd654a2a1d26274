"""What dbt remembers of the project's files, given to each copy of it: to read them all anew takes ten seconds.

dbt keeps it in a file, with the place of the project and a hash of its connection inside. Both are mended for a copy;
where dbt finds anything else changed, it reads all files, as it would without.
"""

import atexit
import hashlib
import pprint
import shutil
import tempfile
from functools import cache
from pathlib import Path

import msgpack
import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from final_accounts.release.record import code_hash
from final_accounts.release.taking import take
from final_accounts.warehouse.dbt import run_dbt
from final_accounts.warehouse.paths import PUBLISHED, Warehouse

REMEMBERED = Path("target") / "partial_parse.msgpack"
CODE = Path("target") / "parsed_code.sha256"


def remember(top: Path) -> None:
    """Writes what dbt would remember after a build of this copy of the project."""
    parsed, code, place = _parsed()
    moved = _moved(parsed, str(place), str(top))
    moved["state_check"]["profile_hash"]["checksum"] = _connection_hash(top)
    (top / "target").mkdir()
    (top / REMEMBERED).write_bytes(msgpack.packb(moved))
    (top / CODE).write_text(code, encoding="utf-8")


@cache
def _parsed() -> tuple[dict, str, Path]:
    """What dbt remembers of a copy, the hash of its code, and where it was."""
    # projects.py asks for this module
    from projects import copy_files

    top = Path(tempfile.mkdtemp(prefix="parsed"))
    atexit.register(shutil.rmtree, top, ignore_errors=True)
    copy_files(top)
    built = _built(top)
    taken = take(top, None, built.parent)
    assert run_dbt(["parse"], built, top, code=taken.project).success
    parsed = msgpack.unpackb((top / REMEMBERED).read_bytes(), strict_map_key=False)
    assert parsed["state_check"]["profile_hash"]["checksum"] == _connection_hash(top), "dbt hashes something else"
    return parsed, code_hash(top), top


def _built(top: Path) -> Path:
    """The file that a build of a project lets dbt write."""
    return Warehouse.of(top).candidate / "built" / PUBLISHED.name


def _connection_hash(top: Path) -> str:
    """Dbt's hash of how it reaches the file that a build writes (build_manifest_state_check in its parser)."""
    profile = yaml.safe_load((top / "profiles" / "profiles.yml").read_text(encoding="utf-8"))["final_accounts"]
    settings = profile["outputs"][profile["target"]] | {"path": str(_built(top)), "schema": "main"}
    del settings["type"]
    keys = sorted(DuckDBCredentials.from_dict(settings).connection_info())
    return hashlib.sha256(pprint.pformat(keys).encode()).hexdigest()


def _moved(value: object, old: str, new: str) -> object:
    """A value with one place in all of its texts put for another."""
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {key: _moved(each, old, new) for key, each in value.items()}
    if isinstance(value, list):
        return [_moved(each, old, new) for each in value]
    return value
