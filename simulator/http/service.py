"""What kind of server is asked, as far as messages and errors depend on it."""

from dataclasses import dataclass, fields
from typing import Self

from simulator.errors import SimulatorError

__all__ = ["ExchangeErrors", "Service"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeErrors:
    """The exception for each way in which an exchange goes wrong.

    `address`: URL, credentials or CA file cannot be used, so nothing was asked. `unreachable`:
    there is no connection, or it was cut. `unavailable`: the server is too slow, or says that it
    cannot answer now. `too_long`: the answer is larger than we take. `refused`: it does not take
    this request. `denied`: it does not accept who asks. `elsewhere`: what is there is something
    else, is not trusted, or names another address.
    """

    address: type[SimulatorError]
    unreachable: type[SimulatorError]
    unavailable: type[SimulatorError]
    too_long: type[SimulatorError]
    refused: type[SimulatorError]
    denied: type[SimulatorError]
    elsewhere: type[SimulatorError]

    @classmethod
    def all(cls, error: type[SimulatorError]) -> Self:
        """The same exception for all of them."""
        return cls(**dict.fromkeys((one.name for one in fields(cls)), error))


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of server: its name in messages, its variables' prefix, and its errors."""

    name: str
    prefix: str
    errors: ExchangeErrors

    @property
    def username_variable(self) -> str:
        """The environment variable with the user's name."""
        return f"{self.prefix}_USERNAME"

    @property
    def password_variable(self) -> str:
        """The environment variable with the password."""
        return f"{self.prefix}_PASSWORD"

    @property
    def ca_file_variable(self) -> str:
        """The environment variable that names a file of authorities to trust."""
        return f"{self.prefix}_CA_FILE"
