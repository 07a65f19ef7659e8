"""A host and a port, as they are written in a setting."""

HIGHEST_PORT = 65_535


class WrongAddress(ValueError):
    """A web address is a host and a port, such as 127.0.0.1:8080."""


def host_and_port(address: str) -> tuple[str, int]:
    """The two parts of an address; raises WrongAddress."""
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) <= HIGHEST_PORT):
        raise WrongAddress(WrongAddress.__doc__)
    return host.strip("[]"), int(port)
