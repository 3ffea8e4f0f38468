"""Where this installation has what is no code: what it ships, and the programs that it fetched.

The top-level folders of a checkout are the only source; a wheel holds a copy in the package.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal, TypeAlias

import platformdirs

from simulator.errors import StackError

__all__ = ["Part", "is_checkout", "locustfile", "shipped", "tools_folder"]

Part: TypeAlias = Literal["compose", "dashboards", "locustfiles"]

_PACKAGE: Final = Path(__file__).resolve().parent
_COPY: Final = _PACKAGE / "shipped"  # as pyproject.toml has it


def shipped(part: Part) -> Path:
    """A folder that comes with the package, to read."""
    return (_PACKAGE.parent if is_checkout() else _COPY) / part


def locustfile(name: str = "scoring.py") -> Path:
    """A file for `locust -f`.

    Raises:
        StackError: Locust is not installed.
    """
    if find_spec("locust") is None:
        raise StackError(
            "Locust is not installed; run: pip install 'scoring-platform-simulator[locust]'"
        )
    return shipped("locustfiles") / name


def tools_folder() -> Path:
    """Where fetched programs are: `.tools` of a checkout, or a folder of this user's cache."""
    if is_checkout():
        return _PACKAGE.parent / ".tools"
    return platformdirs.user_cache_path("scoring-platform-simulator", appauthor=False) / "tools"


def is_checkout() -> bool:
    """Whether this package runs in its checkout, where there is a Makefile, too."""
    return not _COPY.is_dir()
