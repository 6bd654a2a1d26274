"""scripts/test_spark says what is missing before it sets anything up; what it tests is in tests/spark."""

import os
import subprocess
from pathlib import Path

import pytest
from final_accounts.warehouse.paths import TOP


def _run(java_home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JAVA_HOME": str(java_home)}
    return subprocess.run([TOP / "scripts" / "test_spark"], env=environment, capture_output=True, text=True, timeout=60)


def test_without_java_it_says_so(tmp_path: Path) -> None:
    """And how to get it."""
    run = _run(tmp_path / "nowhere")
    assert (run.returncode, run.stdout) == (1, "")
    assert f"«{tmp_path}/nowhere/bin/java -version» fails: No such file or directory." in run.stderr
    assert "apt-get install openjdk-17-jre-headless" in run.stderr


@pytest.mark.parametrize(("version", "release"), [("11.0.2", "11"), ("1.8.0_392", "1")])
def test_an_old_java_is_named(tmp_path: Path, version: str, release: str) -> None:
    """With the release that is there and the one that is needed."""
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    java.chmod(0o755)
    run = _run(tmp_path)
    assert run.returncode == 1
    assert f"Spark runs on Java 17 or later, and {java} is Java {release}." in run.stderr
