"""The page that shows the OpenAPI document, with scripts and styles from this machine."""

import base64
import hashlib
import re
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

__all__ = ["add_docs"]

_ASSETS: Final = "/docs/assets"
_INLINE_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def add_docs(app: FastAPI) -> None:
    """Adds `/docs` to an app that has none; the browser is told to load nothing from elsewhere."""
    folder = Path(str(files("fastapi_offline") / "static"))
    app.mount(_ASSETS, StaticFiles(directory=folder), name="assets")
    page = get_swagger_ui_html(
        openapi_url="openapi.json",
        title=f"{app.title}: documentation",
        swagger_js_url=f"{_ASSETS[1:]}/swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS[1:]}/swagger-ui.css",
        swagger_favicon_url=f"{_ASSETS[1:]}/favicon.png",
        swagger_ui_parameters={"supportedSubmitMethods": ["get", "post", "put", "patch", "delete"]},
    )
    page.headers["content-security-policy"] = _policy(bytes(page.body).decode())

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        """The page; it is the same for everybody."""
        return page


def _policy(page: str) -> str:
    """What the page may load: our files, its own script, and the styles that Swagger UI sets.

    >>> "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='" in _policy("<script></script>")
    True
    """
    digests = (hashlib.sha256(script.encode()) for script in _INLINE_SCRIPT.findall(page))
    scripts = " ".join(f"'sha256-{base64.b64encode(d.digest()).decode()}'" for d in digests)
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
