"""Rule files of every form, read into groups."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from simulator.errors import RuleError
from simulator.reading.files import read_text
from simulator.reading.json_text import json_in
from simulator.reading.yaml_text import yaml_documents_in
from simulator.rules.fields import Fields
from simulator.rules.grafana_rules import grafana_group, is_grafana_rule
from simulator.rules.model import Group, Place
from simulator.rules.prometheus_groups import prometheus_group

__all__ = ["groups_in", "read_rule_files"]

_MOST_BYTES: Final = 4 * 1024 * 1024
_MOST_PROBLEMS: Final = 50
_DEEPEST: Final = 8
"""Levels in which groups are looked for: a list of Kubernetes's has them on the fifth."""

_IN_TEXT: Final = "groups:"


def read_rule_files(files: Sequence[Path]) -> tuple[Group, ...]:
    """The groups of all files, in order.

    A file may be one of Prometheus's, `kind: PrometheusRule` or a list of these, a ConfigMap or
    Helm values that hold one, and what Grafana's provisioning, HTTP interfaces and operators write
    as YAML or JSON; of YAML it may have several documents.

    Raises:
        RuleError: with a line for each problem of all files: a file cannot be read, has no group,
            or has a rule that cannot be one.
    """
    groups: list[Group] = []
    problems: list[str] = []
    for file in files:
        try:
            text = read_text(file, most=_MOST_BYTES, error=RuleError)
            groups += groups_in(text, file)
        except RuleError as error:
            problems += str(error).splitlines()
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        said = problems[:_MOST_PROBLEMS] + [f"and {more} more problems"] * (more > 0)
        raise RuleError("\n".join(said))
    return tuple(groups)


def groups_in(text: str, file: Path) -> tuple[Group, ...]:
    """The groups of one file's text.

    None in an empty file, as Prometheus has it.

    Raises:
        RuleError: as of files.

    >>> text = "groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]"
    >>> groups_in(text, Path("a.yml"))[0].alerts[0].name
    'A'
    """
    problems: list[str] = []
    documents = _documents(text, file)
    found = [
        group
        for number, document in enumerate(documents)
        for group in _groups(document, Place(file, document=number), problems, _DEEPEST)
    ]
    if not found and not problems and any(one is not None and one != {} for one in documents):
        problems.append(f"{file}: a mapping with a list of groups is wanted, and none is there")
    if problems:
        raise RuleError("\n".join(problems))
    return tuple(found)


def _documents(text: str, file: Path) -> Sequence[object]:
    if text.lstrip()[:1] in {"{", "["} and file.suffix.lower() == ".json":
        return [json_in(text, file, error=RuleError)]
    try:
        return yaml_documents_in(text, file, error=RuleError, has_aliases=True)
    except RuleError as error:
        is_template = "{{-" in text or "{{ ." in text or "{{ include" in text
        hint = "; it looks like a Helm template: give what `helm template` makes of it"
        raise RuleError(f"{error}{hint if is_template else ''}") from error


def _groups(
    value: Any,  # noqa: ANN401 - a file of others, of any form
    place: Place,
    problems: list[str],
    depth: int,
) -> Iterator[Group]:
    """The groups in a value, wherever they are in it."""
    if isinstance(value, str):
        yield from _groups_in_text(value, place, problems)
    elif isinstance(value, list) and depth:
        yield from _groups_in_list(value, place, problems, depth)
    elif isinstance(value, Mapping) and depth:
        yield from _groups_in_mapping(Fields(value, place, problems), depth)


def _groups_in_mapping(fields: Fields, depth: int) -> Iterator[Group]:
    values, place, problems = fields.values, fields.place, fields.problems
    if is_grafana_rule(_spec(fields).values):
        yield grafana_group(_trigger(fields), [_spec(fields)])
    elif isinstance(values.get("groups"), list) or _is_of_groups(fields):
        yield from (_group(one) for one in fields.each("groups"))
    elif isinstance(values.get("rules"), list) and values["rules"]:
        yield _group(fields)
    else:
        for key, below in values.items():
            yield from _groups(below, place.below(str(key)), problems, depth - 1)


def _is_of_groups(fields: Fields) -> bool:
    """Whether it is a file for groups that has something else there, which is told."""
    return "groups" in fields.values and not (fields.place.inside or fields.place.path)


def _spec(fields: Fields) -> Fields:
    """A rule of Kubernetes's has what it says in its specification."""
    is_there = isinstance(fields.values.get("spec"), Mapping) and "title" in fields.values["spec"]
    return fields.below("spec") if is_there else fields


def _trigger(fields: Fields) -> Fields:
    spec = _spec(fields)
    return spec.below("trigger") if spec is not fields else fields


def _groups_in_list(
    value: Sequence[object], place: Place, problems: list[str], depth: int
) -> Iterator[Group]:
    """Grafana's list of all rules names the group of each; other lists hold files."""
    by_group: dict[tuple[str, str], list[Fields]] = {}
    for number, one in enumerate(value):
        here = place.below(number)
        if isinstance(one, Mapping) and is_grafana_rule(one):
            rule = Fields(one, here, problems)
            by_group.setdefault((rule.text("folderUID"), rule.text("ruleGroup")), []).append(rule)
        else:
            yield from _groups(one, here, problems, depth - 1)
    for rules in by_group.values():
        yield grafana_group(rules[0], rules)


def _group(group: Fields) -> Group:
    rules = group.values.get("rules")
    is_grafana = isinstance(rules, list) and any(
        isinstance(one, Mapping) and is_grafana_rule(one) for one in rules
    )
    return grafana_group(group, group.each("rules")) if is_grafana else prometheus_group(group)


def _groups_in_text(value: str, place: Place, problems: list[str]) -> Iterator[Group]:
    """Those of a file within the file, as a ConfigMap's data are."""
    if _IN_TEXT not in value or "\n" not in value or place.inside is not None:
        return
    try:
        documents = yaml_documents_in(value, place, error=RuleError, has_aliases=True)
    except RuleError:
        return  # a text that speaks of groups
    for document in documents:
        inside = Place(place.file, place.path, place.document, ())
        yield from _groups(document, inside, problems, _DEEPEST)
