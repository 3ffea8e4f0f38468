"""Sentences about mutants, for tables and logs."""

from simulator.mutation.kinds import Kind
from simulator.mutation.results import KindShare, Mutation

__all__ = ["share_text", "summary_text"]


def share_text(one: KindShare) -> str:
    """A share in per cent, rounded down: 89.9 % is no 90 %."""
    return "-" if one.share is None else f"{int(one.share * 100 + 1e-9)} %"


def summary_text(found: Mutation) -> str:
    """How many were noticed in all, and of which kinds too few were."""
    tried = [one for one in found.kinds if one.kind is not Kind.UNIT]
    n_noticed = sum(one.n_noticed for one in tried)
    n_all = n_noticed + sum(one.n_survived for one in tried)
    weak = [one.kind.value for one in tried if not one.is_enough(found.least)]
    told = f"{n_noticed} of {n_all} that matter are noticed where a limit stands"
    if weak:
        return f"{told}; less than {found.least:.0%} of {', '.join(weak)}"
    return told
