"""Where the programs of the local stack are, and what to do when one is missing."""

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from simulator.errors import StackError
from simulator.installation import tools_folder

__all__ = [
    "FILE_NAMES",
    "REQUIRED",
    "find",
    "how_to_install",
    "locate",
    "missing",
    "search_folders",
]

FILE_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "prometheus": ("prometheus",),
        "promtool": ("promtool",),
        "pushgateway": ("prometheus-pushgateway", "pushgateway"),
        "alertmanager": ("prometheus-alertmanager", "alertmanager"),
        "amtool": ("amtool",),
        "grafana": ("grafana", "grafana-server"),
    }
)
"""The file names of a program, Debian's first."""

REQUIRED = ("prometheus", "pushgateway")
"""Without these there is no stack; the others are started where they are installed."""

_DOWNLOADS = "https://prometheus.io/download/"


def search_folders() -> tuple[Path, ...]:
    """Where programs are looked for: PATH, then what was fetched, then Grafana's own."""
    tools = tools_folder()
    on_path = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    own = [tools / "debian" / "usr" / "bin", tools / "bin"]
    # Grafana's Debian package keeps its programs outside a user's PATH.
    return (*on_path, *own, Path("/usr/share/grafana/bin"), Path("/usr/sbin"))


def locate(name: str, *, folders: Iterable[Path] | None = None) -> Path | None:
    """The program's file, or None; `name` is a key of `FILE_NAMES`."""
    path = os.pathsep.join(
        str(folder) for folder in (search_folders() if folders is None else folders)
    )
    found = (shutil.which(file_name, path=path) for file_name in FILE_NAMES[name])
    return next((Path(file) for file in found if file), None)


def missing(names: Iterable[str] = REQUIRED, *, folders: Iterable[Path] | None = None) -> list[str]:
    """Those of `names` that are not installed, in the same order."""
    looked_in = search_folders() if folders is None else tuple(folders)
    return [name for name in names if locate(name, folders=looked_in) is None]


def find(name: str, *, folders: Iterable[Path] | None = None) -> Path:
    """The program's file.

    Raises:
        StackError: when it is not installed; says how to get it on this platform.
    """
    file = locate(name, folders=folders)
    if file is None:
        raise StackError(
            f"{name} is neither on PATH nor in {tools_folder()}; "
            + how_to_install(platform=sys.platform, has_apt=has_apt())
        )
    return file


def has_apt() -> bool:
    """Whether Debian's package tools are here."""
    return all(shutil.which(tool) for tool in ("apt-get", "apt-cache", "dpkg-deb"))


def how_to_install(*, platform: str, has_apt: bool) -> str:
    """What to type on this platform, as the end of a sentence.

    >>> how_to_install(platform="linux", has_apt=True)
    'run: simulator stack --install-only (needs no root)'
    """
    if has_apt:
        return "run: simulator stack --install-only (needs no root)"
    if platform == "darwin":
        return (
            "run: brew install prometheus alertmanager grafana, and put the Pushgateway from "
            f"{_DOWNLOADS}#pushgateway into {tools_folder()}/bin"
        )
    return f"download it from {_DOWNLOADS} for this platform and put it into {tools_folder()}/bin"
