"""Help texts of metrics: names in braces become what follows from the platform's policy."""

from simulator.mapping.templates import parts_of
from simulator.scenario.platform.policy import Policy

__all__ = ["help_text"]


def help_text(text: str, policy: Policy) -> str:
    """The text with `{decisions}` and `{levels}` replaced: from which score on each of them is.

    Other braces stay as they are.

    >>> help_text("Risk: {levels}.", Policy())
    'Risk: low from 740, medium from 670, high from 580.'
    >>> help_text("{decisions}", Policy(score_range=(100, 0), accepted_from=20, reviewed_from=20))
    'accepted up to 20, refused beyond'
    """
    parts = parts_of(text)
    if len(parts) == 1:
        return text
    said = {"decisions": _decisions(policy), "levels": _levels(policy)}
    return "".join(
        said.get(part, f"{{{part}}}") if place % 2 else part for place, part in enumerate(parts)
    )


def _decisions(policy: Policy) -> str:
    names, (bound, rest) = policy.decision_names, _directions(policy)
    found = [f"{names.accepted} {bound} {policy.accepted:.12g}"]
    if policy.reviewed != policy.accepted:
        found.append(f"{names.review} by a person {bound} {policy.reviewed:.12g}")
    return ", ".join([*found, f"{names.refused} {rest}"])


def _levels(policy: Policy) -> str:
    """All but the last, which has what is left."""
    bound, _ = _directions(policy)
    return ", ".join(f"{one.name} {bound} {one.lowest:.12g}" for one in policy.levels()[:-1])


def _directions(policy: Policy) -> tuple[str, str]:
    worst, best = policy.score_range
    return ("from", "below") if best > worst else ("up to", "beyond")
