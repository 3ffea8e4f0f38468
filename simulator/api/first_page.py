"""The first page: what runs here, with a link to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel

from simulator import __version__
from simulator.scenario.model import Scenario

__all__ = ["Link", "add_first_page"]

_HTML, _JSON = "text/html", "application/json"


@dataclass(frozen=True)
class Link:
    """Something that runs, and where: an address of its own, or relative to the page."""

    name: str
    href: str
    about: str


class Index(BaseModel):
    """What runs here."""

    version: str
    scenario: str
    seed: int
    links: list[Link]


_LINKS: Final = (
    Link("API documentation", "docs", "every route of the scoring API, to be tried in the browser"),
    Link("OpenAPI document", "openapi.json", "the same for programs"),
    Link("Metrics", "metrics", "all metrics in Prometheus's text format, as of the latest tick"),
    Link("Simulation", "simulation", "its time, its episodes, who applies at the moment"),
    Link("Health", "health", "whether the API is up"),
)


def add_first_page(app: FastAPI, scenario: Scenario, others: Sequence[Link]) -> None:
    """Adds `/`: a page for people, JSON for whoever prefers it."""
    index = Index(
        version=__version__, scenario=scenario.name, seed=scenario.seed, links=[*_LINKS, *others]
    )

    @cache
    def page() -> HTMLResponse:
        # templates take a twentieth of a run's start, and few runs are looked at
        from simulator.drawing.page_templates import page_environment  # noqa: PLC0415 - see above

        template = page_environment("simulator.api").get_template("index.html.j2")
        return HTMLResponse(template.render(index=index), headers={"vary": "accept"})

    @app.get(
        "/",
        tags=["operations"],
        response_model=Index,
        responses={200: {"content": {_HTML: {"schema": {"type": "string"}}}}},
    )
    def what_runs(request: Request) -> Response:  # in a thread: the first one loads templates
        """What runs here, as a page, or as JSON where that is preferred."""
        from werkzeug.datastructures import MIMEAccept  # noqa: PLC0415 - as templates
        from werkzeug.http import parse_accept_header  # noqa: PLC0415 - as templates

        accepted = parse_accept_header(request.headers.get("accept"), MIMEAccept)
        if accepted.best_match([_HTML, _JSON], _HTML) == _JSON:
            return JSONResponse(index.model_dump(), headers={"vary": "accept"})
        return page()
