"""Texts of one form, which is said in words where somebody writes another."""

import re
from dataclasses import dataclass
from functools import cached_property

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

__all__ = ["Written"]


@dataclass(frozen=True)
class Written:
    """Marks a text as one that a regular expression matches from end to end.

    `words` say the same to whoever writes it: "should be {words}".

    >>> from typing import Annotated
    >>> from pydantic import TypeAdapter
    >>> code = TypeAdapter(Annotated[str, Written("^[A-Z]{2}$", "two capital letters")])
    >>> code.validate_python("FR"), code.json_schema()["pattern"]
    ('FR', '^[A-Z]{2}$')
    """

    pattern: str
    words: str

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def _checked(self, text: str) -> str:
        if self._compiled.fullmatch(text) is None:
            raise ValueError(f"should be {self.words}")
        return text

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The schema of the text, and then the form."""
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The text's JSON Schema, with the regular expression."""
        return {**handler(schema), "pattern": self.pattern}
