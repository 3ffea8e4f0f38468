"""A platform's own words for decisions and levels of risk, and its scale of scores."""

import re
from collections.abc import Sequence
from typing import Any, Final

from simulator.adopt.answers import score_range
from simulator.adopt.openapi.shapes import Shape
from simulator.adopt.words import words_of
from simulator.adopt.yaml_notes import Noted
from simulator.scenario.platform.score_scale import usual_score

__all__ = ["add_policy"]

_ACCEPTED: Final = re.compile(
    r"\b(approv\w*|accept\w*|accord\w*|grant\w*|eligible|good|"
    r"legit\w*|favorable|allow\w*|pass\w*|ok|yes|oui|"
    r"solvable|no default|non default|genuine|normal|clear|low|valide\w*|qualif\w*)\b"
)
_REFUSED: Final = re.compile(
    r"\b(reject\w*|refus\w*|declin\w*|denied|deny|bad|default\w*|"
    r"fraud\w*|block\w*|ineligible|unfavorable|defavorable|"
    r"not (approved|eligible|accepted)|no|non|high|insolvable|"
    r"suspicious|fail\w*|risky|disqualif\w*)\b"
)
_REVIEW: Final = re.compile(
    r"\b(review|refer\w*|manual\w*|pending|etud\w*|conditional\w*|"
    r"manuel\w*|attente|medium|investigat\w*|hold|monitor|"
    r"further|examen|a verifier|verif\w*|flag\w*|challenge)\b"
)
_BEST_FIRST: Final = (
    r"very low|tres faible|minimal|excellent|aaa", r"low|faible|bas|good|bon|safe|green|vert|sur",
    r"medium low|moderate low|low medium|a surveiller",
    r"medium|moyen\w*|moderate|modere|moderee|fair|average|orange|yellow",
    r"medium high|moderate high", r"high|eleve\w*|fort|poor|bad|mauvais|red|rouge|risky",
    r"very high|tres eleve\w*|critical|critique|severe|extreme|very poor|default",
)  # fmt: skip
#: Points at which levels begin on a scale from 300 to 850, the best first, by how many there are.
_LEVELS: Final = {
    2: (640, 300),
    3: (700, 600, 300),
    4: (740, 670, 580, 300),
    5: (760, 700, 640, 580, 300),
    6: (760, 720, 680, 640, 580, 300),
    7: (780, 740, 700, 670, 640, 580, 300),
    8: (800, 760, 730, 700, 670, 640, 580, 300),
    9: (800, 770, 740, 710, 680, 640, 610, 580, 300),
    10: (800, 770, 740, 710, 680, 640, 610, 580, 540, 300),
}
_LONGEST_WORD: Final = 128  # of a label
_USUAL: Final = (300.0, 850.0)


def add_policy(noted: Noted, words: dict[str, Shape], score: tuple[str, Shape] | None) -> None:
    """Says in a mapping what an answer's words and its scores are, each with its reason."""
    policy: dict[str, Any] = {}
    api = noted.content["api"]
    scale = _USUAL
    if score is not None and (found := score_range(*score)) is not None:
        scale = found
        policy["score_range"] = [_short(end) for end in found]
        noted.say(
            ("platform", "policy", "score_range"),
            f"likely: the limits or the example of {score[0]}",
        )
    said: dict[str, Any] = {}
    if "decision" in words:
        _decisions(noted, words["decision"], said, policy, scale)
    if "risk_level" in words:
        _levels(noted, words["risk_level"], policy, scale)
    if said:
        api["words"] = said
    if policy:
        noted.content["platform"] = {"policy": policy}


def _short(number: float) -> float:
    return int(number) if number == int(number) else number


def _decisions(
    noted: Noted,
    shape: Shape,
    said: dict[str, Any],
    policy: dict[str, Any],
    scale: tuple[float, float],
) -> None:
    at = ("api", "words", "decision")
    words = _usable(shape)
    found = decision_words(words)
    if found is None:
        known = ", ".join(words[:6]) or "none are listed"
        noted.add(
            ("api",),
            f"words of a decision are not known ({known}): write them under words.decision, "
            "for accepted, review and refused",
        )
        return
    said["decision"] = found
    left = [word for word in words if word not in found.values()]
    noted.say(
        at,
        "likely: the words that are listed for it",
        f"not placed: {', '.join(left)}" if left else "",
    )
    if "review" not in found:
        policy["reviewed_from"] = _short(usual_score(640, *scale))
        noted.say(
            ("platform", "policy", "reviewed_from"),
            "likely: there is no word for a decision that waits for a "
            "person, so nobody reviews: this is where all are accepted",
        )


def decision_words(words: Sequence[str]) -> dict[str, str] | None:
    """Which of the words is which decision; None where one is accepted or refused by no word.

    >>> decision_words(["APPROVE", "REFER", "DECLINE"])
    {'accepted': 'APPROVE', 'review': 'REFER', 'refused': 'DECLINE'}
    >>> decision_words(["blue", "red"]) is None
    True
    """
    found: dict[str, str] = {}
    for word in words:
        said = words_of(word)
        for name, pattern in (("review", _REVIEW), ("refused", _REFUSED), ("accepted", _ACCEPTED)):
            if pattern.search(said):
                found.setdefault(name, word)
                break
    if not {"accepted", "refused"} <= found.keys():
        return None
    return {name: found[name] for name in ("accepted", "review", "refused") if name in found}


def _levels(noted: Noted, shape: Shape, policy: dict[str, Any], scale: tuple[float, float]) -> None:
    words = _usable(shape)
    if not 2 <= len(words) <= max(_LEVELS):  # noqa: PLR2004 - as a platform has them
        known = ", ".join(words[:6]) or "none are listed"
        noted.add(
            ("api",),
            f"levels of risk are not known ({known}): write them under platform.policy.risk_levels",
        )
        return
    ordered, why = levels_in_order(words)
    begins = [usual_score(points, *scale) for points in _LEVELS[len(ordered)]]
    policy["risk_levels"] = [
        {"name": word, "lowest": _short(lowest)}
        for word, lowest in zip(ordered, begins, strict=True)
    ]
    noted.say(
        ("platform", "policy", "risk_levels"),
        f"guess: the words that are listed, the best first {why}; where each begins is not said",
    )


def levels_in_order(words: Sequence[str]) -> tuple[list[str], str]:
    """Levels from the best to the worst, and by what.

    >>> levels_in_order(["HIGH", "LOW", "MEDIUM"])[0]
    ['LOW', 'MEDIUM', 'HIGH']
    """
    ranks = [_rank(words_of(word)) for word in words]
    if all(rank is not None for rank in ranks) and len(set(ranks)) == len(ranks):
        return [word for _, word in sorted(zip(ranks, words, strict=True))], "by what they mean"
    return list(words), "as they are listed"


def _rank(words: str) -> int | None:
    """How bad a level is by the longest of the words that are known in it; None of others."""
    found = [
        (len(match[0]), rank)
        for rank, pattern in enumerate(_BEST_FIRST)
        if (match := re.search(rf"\b({pattern})\b", words)) is not None
    ]
    return max(found)[1] if found else None


def _usable(shape: Shape) -> list[str]:
    """Words that a label can say, each once."""
    found = [str(one) for one in shape.enum if isinstance(one, str)]
    return [
        one
        for one in dict.fromkeys(found)
        if one.isprintable() and one == one.strip() and 0 < len(one) <= _LONGEST_WORD
    ]
