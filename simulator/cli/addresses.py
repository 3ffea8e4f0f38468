"""Where what runs answers, as it is printed."""

from collections.abc import Iterator, Mapping

from rich.text import Text

__all__ = ["address_lines"]


def address_lines(addresses: Mapping[str, str]) -> Iterator[Text]:
    """Names and where each answers; printed as they are, since a broken address opens nothing."""
    longest = max(map(len, addresses), default=0)
    for name, url in addresses.items():
        yield Text.assemble((f"{name:<{longest}}", "bold"), f"  {url}")
