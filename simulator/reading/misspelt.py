"""What a misspelt key or word of a file was probably meant to be."""

from collections.abc import Iterable

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from simulator.quoting import shortened
from simulator.reading.schema_places import keys, schema_of
from simulator.reading.wording import words_in
from simulator.spelling import did_you_mean

__all__ = ["meant", "meant_word"]


def meant(error: ErrorDetails, model: type[BaseModel]) -> str:
    """The end of a problem's message: a question, where a key or a word is nearly one that exists.

    Of the keys that the model has in its place, or of the words that are allowed there. Where no
    key is near, all of them.
    """
    match error["type"]:
        case "extra_forbidden":
            *place, key = error["loc"]
            known = list(dict.fromkeys(keys(schema_of(model), place)))
            among = shortened(f"; there are {', '.join(known)}") if known else ""
            return did_you_mean(str(key), known) or among
        case "union_tag_invalid":
            return did_you_mean(str(error["ctx"]["tag"]), words_in(error))
        case "literal_error":
            return meant_word(error["input"], words_in(error))
    return ""


def meant_word(value: object, known: Iterable[str]) -> str:
    """The same of a value that is none of the words that are allowed."""
    return did_you_mean(value, known) if isinstance(value, str) else ""
