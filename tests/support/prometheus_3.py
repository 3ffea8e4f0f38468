"""Fetches a Prometheus 3 for the tests into .tools/prometheus-3, from Debian's next release.

    python -m tests.support.prometheus_3

Debian's stable releases have a 2.x. Packages of the next one are unpacked beside it, not installed;
apt verifies them against the keys that every Debian has, from the same archive as its own.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

RELEASE = "forky"
PACKAGES = ("prometheus", "promtool")
TOOLS = Path(__file__).parents[2] / ".tools"
TARGET = TOOLS / "prometheus-3"
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SECONDS = 300.0


def main() -> int:
    """Fetches it unless it is there; says so where it cannot be had, and leaves it to the tests."""
    if all((TARGET / "usr" / "bin" / name).is_file() for name in PACKAGES):
        return 0
    sys.stdout.write("setup: fetching Prometheus 3, which only tests need\n")
    TOOLS.mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="fetch-3-", dir=TOOLS) as folder:
            _fetch(Path(folder))
    except (OSError, LookupError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip()
        sys.stderr.write(
            f"setup: no Prometheus 3 ({said}); tests of it are skipped, and fail where CI is set. "
            f"By hand: put prometheus and promtool 3.x into {TARGET}/usr/bin/\n"
        )
    return 0


def _fetch(folder: Path) -> None:
    for name in ("lists/partial", "cache/archives/partial", "parts", "debs"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "sources.list").write_text(f"deb [signed-by={KEYS}] {_archive()} {RELEASE} main\n")
    settings = {
        "Dir::State::Lists": folder / "lists",
        "Dir::State::Status": folder / "status",
        "Dir::Cache": folder / "cache",
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": folder / "parts",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    _run("apt-get", "-qq", *options, "update")
    _run("apt-get", "-qq", *options, "download", *PACKAGES, cwd=folder / "debs")
    for package in (folder / "debs").glob("*.deb"):
        _run("dpkg-deb", "-x", str(package), str(folder / "tree"))
    for name in PACKAGES:
        _run(str(folder / "tree" / "usr" / "bin" / name), "--version")
    shutil.rmtree(TARGET, ignore_errors=True)
    (folder / "tree").rename(TARGET)


def _archive() -> str:
    """Where this system has its own packages from."""
    release = platform.freedesktop_os_release().get("VERSION_CODENAME", "stable")
    sources = _run("apt-get", "--print-uris", "update")
    if found := re.search(rf"'(\S+)/dists/(?:{release}|stable|testing)/InRelease'", sources):
        return found[1]
    raise LookupError("no archive of Debian's is among the sources of apt")


def _run(*argv: str, cwd: Path | None = None) -> str:
    done = subprocess.run(
        argv,
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
