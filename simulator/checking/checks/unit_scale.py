"""Shares shown in the wrong one of Grafana's two units of per cent."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.checks.step_reach import bounds_of
from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem
from simulator.promql.bounds import SHARE

__all__ = ["UNIT_SCALE"]

_HUNDRED: Final = 100.0


def _look(material: Material) -> Iterator[Problem]:
    for one in material.painted:
        found = bounds_of(one, material)
        if found is None or found.why != SHARE.why or one.mappings:
            continue
        if one.unit == "percent" and found.high == 1.0:
            said = "its query is a share from 0 to 1, which the unit percent writes as at most 1%"
            yield Problem(one.subject, said, one.place, proposal="unit percentunit")
        elif one.unit == "percentunit" and found.high == _HUNDRED:
            said = "its query is in per cent already, which percentunit writes as up to 10000%"
            yield Problem(one.subject, said, one.place, proposal="unit percent")


UNIT_SCALE: Final = Check("unit-scale", "shares in the wrong unit of per cent", _look)
