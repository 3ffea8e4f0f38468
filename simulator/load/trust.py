"""Which certificates an `https` host may have: one rule for the users and for what looks at it."""

import ssl
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

import certifi

from simulator.errors import SimulatorError
from simulator.quoting import quoted

__all__ = ["Trust"]


@dataclass(frozen=True)
class Trust:
    """Certificates are verified, against the usual authorities or those of one file in PEM."""

    ca_file: str = field(default_factory=certifi.where)

    @classmethod
    def of(cls, given: str) -> Self:
        """Trust in the authorities of a file, such as a self-signed certificate; '' for the usual.

        Raises:
            SimulatorError: the file cannot be read, or holds no certificate.
        """
        trust = cls(given) if given else cls()
        try:
            trust.context()
        except OSError as error:  # ssl.SSLError is one
            why = error if Path(given).is_file() else "there is no such file"
            raise SimulatorError(
                f"--ca-file {quoted(given)}: {why}; give a file of certificates in PEM"
            ) from error
        return trust

    def context(self, **_: object) -> ssl.SSLContext:
        """The context of every connection; geventhttpclient passes a file of its own, unheeded."""
        return self._context

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca_file)
