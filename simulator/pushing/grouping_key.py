"""How the labels of a group travel in the path of a request."""

import base64
import re
from collections.abc import Mapping

from simulator.errors import PushgatewayError

__all__ = ["group_path", "labels_path"]

# Characters that no URL rule touches (RFC 3986, "unreserved"); all else travels as base64.
_PLAIN = re.compile(r"[A-Za-z0-9._~-]+")


def group_path(job: str, instance: str) -> str:
    r"""The path of a group; values that a path cannot hold as they are travel as base64.

    See "URL" in the Pushgateway's README. A value of dots alone counts among them: clients and
    servers take it for a step in the path.

    Raises:
        PushgatewayError: a value that UTF-8 cannot hold.

    >>> group_path("ml-model", "simulator")
    '/metrics/job/ml-model/instance/simulator'
    >>> group_path("minio", "paris/1")
    '/metrics/job/minio/instance@base64/cGFyaXMvMQ=='
    >>> group_path("minio", "")
    '/metrics/job/minio/instance@base64/='
    """
    return labels_path({"job": job, "instance": instance})


def labels_path(labels: Mapping[str, str]) -> str:
    """The path of a group with any grouping labels, `job` among them.

    Raises:
        PushgatewayError: a value that UTF-8 cannot hold.

    >>> labels_path({"shard": "1", "job": "minio"})
    '/metrics/job/minio/shard/1'
    """
    rest = {name: value for name, value in labels.items() if name != "job"}
    parts = {"job": labels.get("job", ""), **rest}
    return "/metrics/" + "/".join(_path_of_label(name, value) for name, value in parts.items())


def _path_of_label(name: str, value: str) -> str:
    if _PLAIN.fullmatch(value) and value.strip("."):
        return f"{name}/{value}"
    try:
        encoded = base64.urlsafe_b64encode(value.encode()).decode()
    except UnicodeEncodeError as error:
        raise PushgatewayError(f"{name} {value!a} is not valid Unicode; rename it") from error
    return f"{name}@base64/{encoded or '='}"
