"""Where a run pushes and what it calls itself there, unless something else is chosen."""

from typing import Final

from simulator.errors import PushgatewayError
from simulator.quoting import quoted

__all__ = ["INSTANCE", "USUAL_URL", "checked_instance"]

#: Where a Pushgateway on this machine listens.
USUAL_URL: Final = "http://127.0.0.1:9091"
#: What a run calls itself: the instance label.
INSTANCE: Final = "simulator"
_MOST_CHARACTERS: Final = 200


def checked_instance(name: str) -> str:
    r"""The name, which can be a label's value and be shown.

    Raises:
        PushgatewayError: it is empty, as the instance of groups that others pushed without one
            seems to be; or it is too long; or it holds what cannot be shown, such as an escape.

    >>> checked_instance("étage 1")
    'étage 1'
    >>> checked_instance("a\x07")
    Traceback (most recent call last):
      ...
    simulator.errors.PushgatewayError: the instance 'a\x07' holds a character that cannot be shown
    """
    if not name:
        raise PushgatewayError("the instance is ''; give it a name")
    if len(name) > _MOST_CHARACTERS:
        raise PushgatewayError(
            f"the instance {quoted(name)} has {len(name):,} characters; give it a name of at most "
            f"{_MOST_CHARACTERS}"
        )
    if not name.isprintable():
        raise PushgatewayError(
            f"the instance {quoted(name)} holds a character that cannot be shown"
        )
    return name
