"""What an API asks a client to show, from its security schemes or the headers that it takes."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import JsonValue

from simulator.adopt.openapi.document import Document, Node
from simulator.adopt.openapi.operations import base_path
from simulator.adopt.openapi.samples import plain, sample
from simulator.adopt.roles import Role, Seen
from simulator.adopt.words import words_of
from simulator.adopt.written_routes import route_text

__all__ = ["Asked", "asked_by"]

_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_PLAIN: Final = re.compile("[A-Za-z0-9_.~-]{1,64}")
_KEY_HEADER: Final = re.compile(
    r"(x )?(api|auth|access|app|subscription)( \w+)? ?(key|token|secret)|api key|x token"
)
_SECRETS: Final = {
    "client_id": re.compile(r"client id|id client"),
    "client_secret": re.compile(r"client secret|secret"),
    "username": re.compile(r"user ?name|user|email|login|identifiant|utilisateur"),
    "password": re.compile(r"password|pass|pwd|mot de passe|motdepasse"),
}
#: By what OpenAPI 3 and Swagger 2 call a flow: its grant (RFC 6749), and the secrets of it.
_GRANTS: Final = {
    "clientCredentials": ("client_credentials", ("client_id", "client_secret")),
    "application": ("client_credentials", ("client_id", "client_secret")),
    "password": ("password", ("username", "password")),
}
_SCOPE: Final = re.compile(r"[^\s{}\"\\]+")
_TOKENS: Final = {"access token", "token", "jwt", "access"}
_SECONDS: Final = 3600.0


@dataclass
class Asked:
    """Authentication as a mapping has it, why, and the routes that ask for it."""

    content: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    by: set[tuple[str, str]] = field(default_factory=set)
    token_form: str | None = None


def asked_by(document: Document, looked_at: Sequence[tuple[Seen, Role]]) -> Asked:
    """What is asked for, by most of the routes that ask for anything."""
    schemes = _schemes(document)
    counts = Counter(name for one, _ in looked_at for name in one.operation.asks)
    found = Asked()
    for name, _ in counts.most_common():
        kind = _kind(document.node(schemes.get(name)))
        if isinstance(kind, str):
            found.notes.append(f"not placed: security scheme {name}: {kind}")
        elif found.content is None:
            found.content = kind
            found.notes.append(
                f"sure: security scheme {name}, which {counts[name]} of its routes ask for"
            )
            found.by = {_form(one) for one, _ in looked_at if name in one.operation.asks}
            _add_token(document, schemes.get(name), looked_at, found)
        elif kind != found.content:
            found.notes.append(f"not placed: security scheme {name}: an API has one way to log in")
    return found if found.content is not None else _by_headers(looked_at, found)


def _form(one: Seen) -> tuple[str, str]:
    return one.operation.method, one.operation.path


def _schemes(document: Document) -> Node:
    components = document.node(document.root.get("components"))
    return document.node(
        components.get("securitySchemes") or document.root.get("securityDefinitions")
    )


def _kind(scheme: Node) -> dict[str, Any] | str:
    """How a mapping says it, or why it cannot."""
    kind, where = str(scheme.get("type")), scheme.get("in")
    name = str(scheme.get("name", ""))
    if kind in {"oauth2", "openIdConnect"} or (
        kind == "http" and str(scheme.get("scheme")).lower() == "bearer"
    ):
        return {"kind": "bearer"}
    if kind == "apiKey" and where == "header":
        if name.lower() == "authorization":
            return {"kind": "bearer"}
        return (
            {"kind": "api-key", "header": name}
            if _HEADER.fullmatch(name)
            else "its header has no usual name"
        )
    if kind == "apiKey" and where in {"query", "cookie"}:
        return (
            {"kind": "api-key", where: name} if _PLAIN.fullmatch(name) else "its name is not usual"
        )
    if kind == "basic" or (kind == "http" and str(scheme.get("scheme")).lower() == "basic"):
        return {"kind": "basic"}
    return f"{kind} {scheme.get('scheme', '')}".strip() + ", which a mapping does not have"


def _add_token(
    document: Document, scheme: object, looked_at: Sequence[tuple[Seen, Role]], found: Asked
) -> None:
    """The route that hands out tokens: an operation, else where the scheme says that it is."""
    if found.content is None or found.content["kind"] != "bearer":
        return
    for one, role in looked_at:
        if role.of == "token" and not one.keys:
            answer = _token_answer(one)
            found.token_form = f"POST {one.operation.path}"
            found.content |= {"token": route_text("POST", one.operation.path)}
            found.content |= {"answer": answer} if answer else {}
            found.content |= _credentials(one)
            found.notes.append(f"{role.why}: it hands out the token")
            return
    flows = document.node(document.node(scheme).get("flows"))
    urls = [document.node(flow).get("tokenUrl") for flow in flows.values()]
    urls.append(document.node(scheme).get("tokenUrl"))
    url = next((one for one in urls if isinstance(one, str) and one), None)
    if url is None:
        return
    try:
        path = urlsplit(url).path
    except ValueError:
        return
    host = _other_host(document, url)
    found.content |= {"token_host": host} if host else {}
    if flow := _flow(document, scheme):
        found.content |= {"credentials": flow}
    path = path if path.startswith("/") else f"{base_path(document)}/{path}"
    form = f"POST {path.rstrip('/')}"
    if any(
        f"{one.operation.method} {one.operation.path}" == form and role.of != "token"
        for one, role in looked_at
    ):
        found.token_form = form
    found.content |= {"token": form}
    found.notes.append("sure: the token's address as the scheme has it")


def _other_host(document: Document, url: str) -> str:
    """Where a token is asked for, if its address has another host than the API's."""
    servers = document.root.get("servers")
    first = document.node(servers[0]) if isinstance(servers, list) and servers else {}
    own = urlsplit(str(first.get("url", ""))).netloc or document.root.get("host", "")
    parts = urlsplit(url)
    is_other = parts.scheme in {"http", "https"} and parts.netloc != own
    return f"{parts.scheme}://{parts.netloc}" if is_other and "@" not in parts.netloc else ""


def _flow(document: Document, scheme: object) -> dict[str, str]:
    """What is sent for a token, where scopes are part of that; empty where they are not."""
    node = document.node(scheme)
    flows = {name: document.node(one) for name, one in document.node(node.get("flows")).items()}
    flows |= {str(node["flow"]): node} if "flow" in node else {}  # Swagger 2
    name = next((one for one in flows if one in _GRANTS), None)
    scopes = document.node(flows[name].get("scopes")) if name else {}
    said = " ".join(one for one in scopes if _SCOPE.fullmatch(one))
    if name is None or not said:
        return {}
    grant, secrets = _GRANTS[name]
    return {"grant_type": grant, **{one: f"{{{one}}}" for one in secrets}, "scope": said[:200]}


def _credentials(one: Seen) -> dict[str, Any]:
    """What is sent for a token, where it is JSON: its fields, by what they are called."""
    if one.operation.is_form or not one.operation.body.fields:
        return {}
    found: dict[str, str] = {}
    for name, shape in one.operation.body.fields.items():
        said = words_of(name)
        secret = next((value for value, words in _SECRETS.items() if words.fullmatch(said)), None)
        other = plain(sample(shape))
        found[name] = f"{{{secret}}}" if secret else str(other)
    return {"credentials": found, "credentials_as": "json"} if "{" in str(found.values()) else {}


def _token_answer(one: Seen) -> JsonValue:
    body = sample(one.operation.answer)
    if not isinstance(body, dict):
        return None
    found = dict(body)
    for name, value in body.items():
        said = words_of(name)
        if said in _TOKENS:
            found[name] = "{token}"
        elif said == "token type":
            found[name] = "Bearer"
        elif said in {"expires in", "expires"} and isinstance(value, int | float):
            found[name] = int(_SECONDS)
    return found if "{token}" in found.values() else None


def _by_headers(looked_at: Sequence[tuple[Seen, Role]], found: Asked) -> Asked:
    """Headers with a key that routes take, where no scheme says so."""
    names = [
        (one, each.name)
        for one, _ in looked_at
        for each in one.operation.parameters
        if each.part == "header"
        and _KEY_HEADER.fullmatch(words_of(each.name))
        and each.is_required
        and _HEADER.fullmatch(each.name)
    ]
    if names:
        header = names[0][1]
        found.content = {"kind": "api-key", "header": header}
        found.notes.append(f"likely: the header {header}, which {len(names)} of its routes want")
        found.by = {_form(one) for one, name in names if name == header}
    return found
