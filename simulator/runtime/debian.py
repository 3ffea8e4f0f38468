"""Fetches the stack's programs from Debian's or Ubuntu's own archive, without root.

apt verifies every package against the distribution's signed lists. It works here on lists and a
cache of its own, so that it needs no rights and a fresh container with empty lists will do; and
packages are unpacked, not installed, so that nothing outside the project's folder changes.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.errors import StackError
from simulator.runtime.binaries import FILE_NAMES, REQUIRED, has_apt, locate, missing
from simulator.runtime.temporary import claimed_folder, living_after_clearing

__all__ = ["install"]

_PACKAGES = ("prometheus", "prometheus-pushgateway", "prometheus-alertmanager")
_INSTALLED = (*REQUIRED, "promtool", "alertmanager", "amtool")
_NETWORK_SECONDS = 300.0
_LOCAL_SECONDS = 60.0
_FETCHING = "fetch-"  # how folders begin that are gone again when all is fetched


def install(tools: Path) -> Path:
    """The folder with the programs, `tools/debian/usr/bin`, fetched unless it is complete already.

    Raises:
        StackError: where apt is missing, cannot reach its archive, or a program does not run; or
            the folder cannot be written to.
    """
    if not has_apt():
        raise StackError("apt-get, apt-cache and dpkg-deb are needed to fetch the programs")
    try:
        return _installed(tools)
    except OSError as error:
        raise StackError(
            f"cannot keep programs in {tools}: {error.strerror or error}; make it writable, "
            f"or run: sudo apt-get install {' '.join(_PACKAGES)}"
        ) from error


def _installed(tools: Path) -> Path:
    tools.mkdir(parents=True, exist_ok=True)
    target = tools / "debian"
    programs = target / "usr" / "bin"
    with _locked(tools / "install.lock"):
        if not missing(_INSTALLED, folders=[programs]):
            return programs
        living_after_clearing(tools, _FETCHING)
        with claimed_folder(tools, _FETCHING) as folder:
            tree = _unpack(_download(folder), folder / "tree")
            _check(tree / "usr" / "bin")
            # Only a complete and checked tree gets the name that is looked for.
            shutil.rmtree(target, ignore_errors=True)
            tree.rename(target)
    return programs


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """One installer at a time: a second one waits, then finds the work done."""
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _download(folder: Path) -> list[Path]:
    archives = folder / "archives"
    for name in ("archives", "state/lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    (folder / "state" / "status").touch()
    options = _apt_options(folder)
    # A source that cannot be reached only matters when a package is missing afterwards.
    update = _run(["apt-get", *options, "update"], timeout_seconds=_NETWORK_SECONDS, check=False)
    try:
        packages = [*_PACKAGES, *_web_page_packages(options)]
        _run(
            ["apt-get", *options, "download", *packages],
            timeout_seconds=_NETWORK_SECONDS,
            cwd=archives,
        )
    except StackError as error:
        said = update.stderr.strip()
        raise StackError(f"{error}\napt-get update said: {said}" if said else str(error)) from error
    return sorted(archives.glob("*.deb"))


def _apt_options(folder: Path) -> list[str]:
    """Options that turn every path apt writes to into one under `folder`."""
    settings = {
        "Dir::State": folder / "state",
        "Dir::State::Lists": folder / "state" / "lists",
        # Nothing counts as installed: a version that only this machine has cannot be downloaded.
        "Dir::State::Status": folder / "state" / "status",
        "Dir::Cache": folder / "cache",
        # Where root runs this, apt would download as the user _apt, who may not write here.
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    pairs = [f"{name}={value}" for name, value in settings.items()]
    return ["-qq", *(word for pair in pairs for word in ("-o", pair))]


def _web_page_packages(options: list[str]) -> list[str]:
    """The script and font packages that Debian's pages link to instead of carrying them."""
    only_depends = [
        f"--no-{kind}" for kind in ("recommends", "suggests", "conflicts", "breaks", "replaces")
    ]
    quiet = [option for option in options if option != "-qq"]  # apt-cache knows no -qq
    command = ["apt-cache", *quiet, "depends", "--recurse", *only_depends, "--no-enhances"]
    listing = _run([*command, *_PACKAGES], timeout_seconds=_LOCAL_SECONDS).stdout
    names = {line.strip() for line in listing.splitlines() if not line.startswith((" ", "|"))}
    return sorted(name for name in names if name.startswith(("libjs-", "fonts-")))


def _unpack(packages: list[Path], tree: Path) -> Path:
    for package in packages:
        _run(["dpkg-deb", "-x", str(package), str(tree)], timeout_seconds=_LOCAL_SECONDS)
    return tree


def _check(programs: Path) -> None:
    """Runs every program once: a library that is missing here shows now, by name."""
    if absent := missing(_INSTALLED, folders=[programs]):
        names = ", ".join(FILE_NAMES[name][0] for name in absent)
        raise StackError(f"the packages {', '.join(_PACKAGES)} hold no {names}")
    for name in _INSTALLED:
        program = locate(name, folders=[programs])
        _run([str(program), "--version"], timeout_seconds=_LOCAL_SECONDS)


def _run(
    argv: list[str], *, timeout_seconds: float, cwd: Path | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, no shell, no input from outside
            argv,
            cwd=cwd,
            env=os.environ | {"LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise StackError(
            f"{' '.join(argv[:1])} took longer than {timeout_seconds:.0f} s; is the network up?"
        ) from error
    if check and done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise StackError(f"{Path(argv[0]).name} failed with exit code {done.returncode}: {said}")
    return done
