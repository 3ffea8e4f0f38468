"""Which names and addresses mean this machine and no other."""

from ipaddress import ip_address

__all__ = ["is_loopback"]


def is_loopback(name: str) -> bool:
    """Whether a name or address means this machine and no other.

    >>> [is_loopback(n) for n in ("127.0.0.1", "127.8.9.1", "::1", "localhost", "a.localhost.")]
    [True, True, True, True, True]
    >>> [is_loopback(n) for n in ("0.0.0.0", "::", "192.168.0.1", "localhost.example", "")]
    [False, False, False, False, False]
    """
    name = name.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761, section 6.3
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
