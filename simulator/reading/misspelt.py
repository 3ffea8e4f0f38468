"""What a misspelt key or word of a file was probably meant to be."""

import re
from typing import Final

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from simulator.reading.schema_places import keys, schema_of
from simulator.spelling import did_you_mean

__all__ = ["meant"]

_QUOTED: Final = re.compile(r"'([^']*)'")


def meant(error: ErrorDetails, model: type[BaseModel]) -> str:
    """The end of a problem's message: a question, where a key or a word is nearly one that exists.

    Of the keys that the model has in its place, or of the words that are allowed there.
    """
    match error["type"]:
        case "extra_forbidden":
            *place, key = error["loc"]
            return did_you_mean(str(key), keys(schema_of(model), place))
        case "union_tag_invalid":
            context = error["ctx"]
            return did_you_mean(str(context["tag"]), _QUOTED.findall(context["expected_tags"]))
        case "literal_error":
            return did_you_mean(str(error["input"]), _QUOTED.findall(error["ctx"]["expected"]))
    return ""
