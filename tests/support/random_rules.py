"""Random rules of every form over a few signals, drawn with a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulator.seeding import generator

if TYPE_CHECKING:
    import numpy as np

VALUES: Final = ["sig", "min by (pair) (sig)", "sig * 10", "sum(sig)", "rate(total[4s])"]
LABELS: Final = [
    {"severity": "page"},
    {"i": "{{ $labels.i }}!"},
    {"shown": "{{ $value }}"},
    {"level": "{{ if gt $value 5.0 }}high{{ else if lt $value 2.0 -}} low {{- else }}{{ end }}"},
    {"level": '{{ if eq $labels.pair "0" }}a{{ if ge $value 4.5 }}b{{ end }}{{ else }}c{{ end }}'},
]
FORMS: Final = [
    "{value} > {n}",
    "{n} < {value}",
    "({value}) <= ({n})",
    "{value} >= {n} / 2 * 2",
    "{value} > {n} and on () vector(1)",
    "{value} > {n} unless on () (absent(sig) or sum(sig) > 40)",
    "{value} == {n}",
    "{value} != {n} # not > 3",
    "absent(sig{{i='{i}'}})",
    "{value} > {n} or sig < 2",
    "count(sig > {n}) > 1",
    "sig{{i='{i}'}} > ignoring (i) group_left () count(sig)",
    "{value} > bool {n}",
    "max_over_time(sig[3s]) - {n} > 0",
    "changes(sig[5s]) > 1",
    "recorded:sig > {n}",
    "recorded:twice > {n} * 2",
]


def random_rules(seed: int, groups: int, rules: int) -> dict[str, Any]:
    """A rule file of alerts, ahead of them recordings, one of which reads the other."""
    rng = generator(seed, "random rules")
    recordings = [
        {"name": "recordings", "interval": "1s", "rules": _recording("recorded:sig", "sig + 0")},
        {
            "name": "more",
            "interval": "2s",
            "rules": _recording("recorded:twice", "2 * recorded:sig"),
        },
    ]
    return {"groups": [*recordings, *(_group(rng, n, rules) for n in range(groups))]}


def _recording(name: str, expr: str) -> list[dict[str, Any]]:
    return [{"record": name, "expr": expr, "labels": {"made": "here"}}, _beat(name)]


def _beat(name: str) -> dict[str, Any]:
    """An alert that is always on: it tells when its group was evaluated."""
    return {"alert": f"Beat {name}", "expr": "vector(1)"}


def _group(rng: np.random.Generator, number: int, rules: int) -> dict[str, Any]:
    group: dict[str, Any] = {"name": f"g{number}", "interval": str(rng.choice(["1s", "2s"]))}
    if rng.random() < 0.8:  # else what is asked for may still be under way
        group["query_offset"] = str(rng.choice(["2s", "3s"]))
    if number % 5 == 1:  # so that some of them are compared, whatever is drawn
        group["limit"] = 3
    if rng.random() < 0.2:
        group["labels"] = {"team": "x"}
    made = [_alert(rng, f"R{number}x{n}") for n in range(rules)]
    return {**group, "rules": [_beat(f"g{number}"), *made]}


def _alert(rng: np.random.Generator, name: str) -> dict[str, Any]:
    form = str(rng.choice(FORMS))
    expr = form.format(
        value=rng.choice(VALUES), n=int(rng.integers(0, 10)), i=int(rng.integers(0, 6))
    )
    alert: dict[str, Any] = {
        "alert": name,
        "expr": expr,
        "annotations": {"form": str(FORMS.index(form))},
    }
    if rng.random() < 0.7:
        alert["for"] = str(rng.choice(["0", "0s", "1s", "1500ms", "2s", "3s", "5s"]))
    if rng.random() < 0.4:
        alert["keep_firing_for"] = str(rng.choice(["1s", "2s", "2500ms", "4s"]))
    if rng.random() < 0.5:
        alert["labels"] = LABELS[int(rng.integers(len(LABELS)))]
    return alert
