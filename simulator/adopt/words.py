"""Names as the words that they are made of, and patterns of words to know them by."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

__all__ = ["Known", "known", "words_of"]

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LONGEST: Final = 300
#: What stands together in names often enough, taken apart.
_TOGETHER: Final = re.compile(
    r"\b(loan|credit|annual|monthly|yearly|net|gross|employment|job|home|marital|applicant|"
    r"customer|revol|debt|delinq|default|total|risk)"
    r"(amount|amnt|amt|income|inc|salary|term|duration|length|status|type|years|months|score|"
    r"ownership|owner|util|ratio|grade|level|id|purpose|age)\b"
)


@lru_cache(maxsize=16384)
def words_of(name: str) -> str:
    """The words of a name in small letters without accents, a blank between them.

    >>> [words_of(name) for name in ("demandeur.revenuMensuel", "DTIRatio", "taux_d'endettement")]
    ['demandeur revenu mensuel', 'dti ratio', 'taux d endettement']
    >>> words_of("loanamnt inq_last_6mths")
    'loan amnt inq last 6 mths'
    """
    plain = unicodedata.normalize("NFKD", name[:_LONGEST])
    bare = "".join(c for c in plain if not unicodedata.combining(c)).replace("œ", "oe")
    return _TOGETHER.sub(r"\1 \2", " ".join(_WORD.findall(bare)).lower())


class Known(NamedTuple):
    """Words by which something is known, from 1, where they mean nothing else, to 0."""

    words: re.Pattern[str]
    surely: float


def known(words: str, surely: float) -> Known:
    """A pattern of whole words.

    >>> bool(known("dti|debt ratio", 1.0).words.search("debt ratio"))
    True
    """
    return Known(re.compile(rf"\b(?:{words})\b"), surely)
