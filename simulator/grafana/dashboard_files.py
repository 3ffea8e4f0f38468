"""Dashboards in files and folders, with the library panels that are beside them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from simulator.errors import DashboardError
from simulator.grafana.library_panels import Library, library_panels
from simulator.grafana.model import Dashboard, Panel
from simulator.grafana.parsing import NotADashboardError, dashboard_from
from simulator.quoting import shortened
from simulator.reading.files import read_text
from simulator.reading.json_text import json_in

__all__ = [
    "MAX_DASHBOARD_BYTES",
    "DashboardFiles",
    "dashboard_of",
    "read_dashboard",
    "read_dashboard_files",
    "read_dashboards",
]

MAX_DASHBOARD_BYTES = 8 * 1024 * 1024
"""Far above any dashboard a browser could draw; keeps a wrong file from filling the memory."""

_WORDS = (b'"panels"', b'"elements"', b'"templating"', b'"schemaVersion"')


def read_dashboard(path: Path, library: Library = MappingProxyType({})) -> Dashboard:
    """The dashboard in a JSON file; `library` are the library panels of other files.

    Raises:
        DashboardError: the file cannot be read, is larger than `MAX_DASHBOARD_BYTES`, is not
            JSON, or is no dashboard; the text starts with the file's path.
    """
    return _dashboard_in(path, _document(path), library)


def dashboard_of(text: str, path: Path) -> Dashboard:
    """The dashboard of a file's text.

    Raises:
        DashboardError: it is not JSON or no dashboard; the text starts with the file's path.
    """
    return _dashboard_in(path, _json_of(text, path), {})


def _document(path: Path) -> object:
    return _json_of(read_text(path, most=MAX_DASHBOARD_BYTES, error=DashboardError), path)


def _json_of(text: str, path: Path) -> object:
    return json_in(text, path, error=DashboardError, has_unique_keys=False)


def _dashboard_in(path: Path, document: object, library: Library) -> Dashboard:
    try:
        return replace(dashboard_from(document, library), file=path)
    except DashboardError as error:
        raise type(error)(f"{path}: {error}") from error


@dataclass(frozen=True, slots=True)
class DashboardFiles:
    """The dashboards in files and folders, and what in the folders is none: file and reason."""

    dashboards: tuple[Dashboard, ...]
    skipped: tuple[tuple[Path, str], ...] = ()


def read_dashboard_files(paths: Iterable[Path]) -> DashboardFiles:
    """The dashboards in files, and in all JSON files below folders, in the order of their names.

    Files of library panels are for the dashboards. Of other JSON in a folder, and of what is called
    so and is none, is said what it is. A dashboard with a value of the wrong kind around its panels
    has, among others, one panel that says so.

    Raises:
        DashboardError: a file is no dashboard, a folder holds none or one that is half written, or
            nothing else is there than dashboards with values of the wrong kind.
    """
    library: Library = {}
    documents: list[tuple[Path, object, bool]] = []
    skipped: list[tuple[Path, str]] = []
    for path in paths:
        for file in _files_of(path):
            try:
                document = _document(file)
            except DashboardError as error:
                if not path.is_dir() or _is_meant_as_dashboard(file):
                    raise
                skipped.append((file, str(error).removeprefix(f"{file}: ")))
                continue
            if held := library_panels(document):
                library = {**library, **held}
            else:
                documents.append((file, document, path.is_dir()))
    return _those_of(documents, library, skipped)


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.rglob("*.json") if not file.is_dir())
    if not files:
        raise DashboardError(f"{path}: no *.json in this folder")
    return files


def _is_meant_as_dashboard(file: Path) -> bool:
    """Whether a file that cannot be read has the words of a dashboard, as one half written has."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_DASHBOARD_BYTES)
    except OSError:
        return True  # nobody knows
    return any(word in content for word in _WORDS)


def _those_of(
    documents: Iterable[tuple[Path, object, bool]],
    library: Library,
    skipped: list[tuple[Path, str]],
) -> DashboardFiles:
    found: list[Dashboard] = []
    spoilt: list[DashboardError] = []
    for file, document, is_in_folder in documents:
        try:
            found.append(_dashboard_in(file, document, library))
        except NotADashboardError as error:
            if not is_in_folder:
                raise
            skipped.append((file, str(error).removeprefix(f"{file}: ")))
        except DashboardError as error:
            spoilt.append(error)
            found.append(_spoilt(file, error))
    if spoilt and len(spoilt) == len(found):
        raise spoilt[0]
    if not found:
        named = ", ".join(str(file) for file, _ in skipped) or "library panels only"
        raise DashboardError(f"no dashboard in these files: {shortened(named)}")
    return DashboardFiles(tuple(found), tuple(sorted(skipped)))


def _spoilt(file: Path, error: DashboardError) -> Dashboard:
    """What there is of a dashboard that cannot be read: its file, and why."""
    panel = Panel("", None, file.name, "", unresolved=str(error).removeprefix(f"{file}: "))
    return Dashboard("", str(file), (panel,), file=file)


def read_dashboards(paths: Iterable[Path]) -> list[Dashboard]:
    """The dashboards alone.

    Raises:
        DashboardError: as `read_dashboard_files`.
    """
    return list(read_dashboard_files(paths).dashboards)
