from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("compose", "dashboards", "locustfiles", "simulator")
FILES = (".gitignore", "LICENSE", "README.md", "pyproject.toml")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution of a copy of the checkout, offline."""
    source = tmp_path_factory.mktemp("source")
    for part in PARTS:
        shutil.copytree(
            CHECKOUT / part, source / part, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in FILES:
        shutil.copy(CHECKOUT / name, source)
    (source / "compose" / ".env").write_text("GRAFANA_ADMIN_PASSWORD=hush\n")
    folder = tmp_path_factory.mktemp("built")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, source],
        capture_output=True,
        text=True,
        timeout=120.0,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = folder.glob("*.whl")
    return found
