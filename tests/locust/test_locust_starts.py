"""Where Locust's users cannot run."""

from __future__ import annotations

import subprocess
import sys

from tests.support.checkout import CHECKOUT


def test_a_locustfile_says_where_it_cannot_run() -> None:
    file = CHECKOUT / "locustfiles" / "scoring.py"
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, runpy; sys.platform = 'win32'; runpy.run_path({str(file)!r})",
        ],
        capture_output=True,
        text=True,
        timeout=60.0,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr == "scoring: needs Linux or macOS; on Windows, run it in WSL\n"
