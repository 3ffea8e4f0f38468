"""Rule files in folders, among what else is there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.errors import RuleError
from simulator.rules.model import Group
from simulator.rules.reading import read_rule_files

__all__ = ["RuleFiles", "read_rules_in"]

_SUFFIXES: Final = frozenset({".yml", ".yaml", ".json"})
_OF_A_RULE: Final = re.compile(rb"\b(?:alert|record|grafana_alert)[\"']?[ \t]*:")
_OF_A_DASHBOARD: Final = re.compile(rb"\"(?:panels|schemaVersion|templating)\"")
_MOST_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """The groups in files and folders, and what in the folders is none: file and reason."""

    groups: tuple[Group, ...]
    skipped: tuple[tuple[Path, str], ...] = ()


def read_rules_in(paths: Iterable[Path]) -> RuleFiles:
    """The groups in files, and in all YAML and JSON files below folders, in the order of names.

    Raises:
        RuleError: a file is no rule file, or a folder holds none, or one that is half written.
    """
    groups: list[Group] = []
    skipped: list[tuple[Path, str]] = []
    problems: list[str] = []
    for path in paths:
        before = len(groups)
        for file in _files_of(path):
            try:
                groups += read_rule_files([file])
            except RuleError as error:
                if not path.is_dir() or _is_meant_as_rules(file):
                    problems += str(error).splitlines()
                else:
                    skipped.append((file, str(error).removeprefix(f"{file}: ")))
        if path.is_dir() and len(groups) == before and not problems:
            problems.append(f"{path}: no rule file in this folder")
    if problems:
        raise RuleError("\n".join(problems))
    return RuleFiles(tuple(groups), tuple(skipped))


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.rglob("*") if one.suffix in _SUFFIXES and one.is_file())


def _is_meant_as_rules(file: Path) -> bool:
    """Whether a file that cannot be read has the words of a rule."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES)
    except OSError:
        return True  # nobody knows
    return bool(_OF_A_RULE.search(content)) and not _OF_A_DASHBOARD.search(content)
