"""Mutants as JSON for programs."""

from typing import Any

from simulator.mutation.results import Mutation, Tried

__all__ = ["mutation_json"]


def mutation_json(found: Mutation) -> dict[str, Any]:
    """All of it: the shares by kind, and each mutant with its place and fate."""
    return {
        "seed": found.seed,
        "mutants": len(found.tried),
        "possible": found.n_possible,
        "least_noticed": found.least,
        "is_enough": found.is_enough,
        "kinds": [
            {
                "kind": one.kind.value,
                "noticed": one.n_noticed,
                "survived": one.n_survived,
                "share": one.share,
                "equivalent": one.n_equivalent,
                "without_limit": one.n_unwatched,
                "without_limit_noticed": one.n_unwatched_noticed,
            }
            for one in found.kinds
        ],
        "notes": list(found.notes),
        "tried": [_tried(one) for one in found.tried],
    }


def _tried(one: Tried) -> dict[str, Any]:
    change = one.mutant.change
    return {
        "kind": change.kind.value,
        "file": str(change.place.file),
        "place": str(change.place),
        "subject": change.subject,
        "changed": change.said,
        "query": change.query or None,
        "mutated": change.mutated or None,
        "has_limit": change.is_watched,
        "fate": one.fate.value,
        "why": one.why,
    }
