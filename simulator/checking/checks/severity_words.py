"""Words of severity that stand for no colour, or are written in two ways."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem, Weight
from simulator.quoting import quoted
from simulator.spelling import did_you_mean

__all__ = ["SEVERITY_WORDS"]

_USUAL: Final = ("critical", "warning", "info", "none", "page", "error", "ticket")
_NO_ALARM: Final = frozenset({"info", "none", "notice", "low", "informational", "debug"})


def _look(material: Material) -> Iterator[Problem]:
    counts = Counter(one.severity for one in material.alarms if one.severity)
    for alarm in material.alarms:
        word = alarm.severity
        if not word:
            if counts:
                said = "has no severity, and others have: routes by severity miss it"
                yield Problem(alarm.subject, said, alarm.place, Weight.NOTE)
            continue
        if "{{" in word:
            continue
        alike = [one for one in counts if one != word and one.lower() == word.lower()]
        other = next((one for one in alike if counts[one] > counts[word]), "")
        if other:
            usual = f"which {counts[other]} others write {quoted(other)}"
            said = f"its severity is {quoted(word)}, {usual}"
            yield Problem(alarm.subject, said, alarm.place, proposal=other)
        elif not alarm.level and word.lower() not in _NO_ALARM:
            guess = did_you_mean(word, _USUAL)
            said = f"its severity {quoted(word)} stands for no colour (--severity){guess}"
            is_slip = bool(guess) and counts[word] == 1 and len(counts) > 1
            yield Problem(
                alarm.subject, said, alarm.place, Weight.FINDING if is_slip else Weight.NOTE
            )


SEVERITY_WORDS: Final = Check("severity-word", "severities that stand for no colour", _look)
