"""Names of metrics as words of the field: each word as what it stands for."""

import re
from functools import lru_cache
from typing import Final

from simulator.adopt.boards.tables import table, words_by

__all__ = ["MEANT", "NEUTRAL", "UNITS", "tokens_of", "words_in"]

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+[0-9]*|[0-9]+[a-z]*")
_IN: Final = re.compile(r"in_(flight|progress)")
_NAMES: Final = table("names")
#: What is written in place of what words mean.
_MEANING: Final = words_by(_NAMES["meanings"])
#: All that words stand for, and words of other business.
MEANT: Final = frozenset({*_MEANING.values(), "data", "pipeline", "job", "jobs", "task", "tasks"})
#: Words that say nothing of what is measured.
NEUTRAL: Final = frozenset(_NAMES["neutral"].split())
#: Words of units.
UNITS: Final = words_by(_NAMES["units"])
_LONGEST: Final = 300


@lru_cache(maxsize=8192)
def words_in(name: str) -> tuple[str, ...]:
    """The words of a name in small letters, in order.

    >>> words_in("creditScoring_f1_score:p95")
    ('credit', 'scoring', 'f1', 'score', 'p95')
    """
    return tuple(one.lower() for one in _WORD.findall(_IN.sub(r"in\1", name[:_LONGEST])))


@lru_cache(maxsize=8192)
def tokens_of(name: str) -> tuple[str, ...]:
    """What the words of a name stand for, in order, those of units as they are.

    >>> tokens_of("model_inference_latency_ms"), tokens_of("txn_failures_total")
    (('model', 'prediction', 'duration', 'ms'), ('transaction', 'error', 'total'))
    """
    return tuple(_MEANING.get(word, word) for word in words_in(name))
