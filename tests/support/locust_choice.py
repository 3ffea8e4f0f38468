"""What Locust was asked to run, with its defaults where a test says nothing."""

from __future__ import annotations

from argparse import Namespace

from simulator.load.choice import Choice


def chosen(**changed: object) -> Choice:
    options: dict[str, object] = {
        "scenario": "traffic-surge",
        "seed": None,
        "compress": 1.0,
        "pushgateway": "none",
        "push_interval": "5s",
        "keep_groups": False,
        "history": "",
        "instance": "simulator",
        "take_over": False,
        "mapping": None,
        "allow_series": None,
        "kind": "",
        "think_time": "",
        "pacing": "",
        "open": False,
    }
    return Choice.of(Namespace(**{**options, **changed}))
