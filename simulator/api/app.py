"""The API's routes."""

from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Path
from fastapi.responses import JSONResponse, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from simulator import __version__
from simulator.api.archive import Record
from simulator.api.measuring import Measuring
from simulator.api.platform import Platform
from simulator.api.refusals import INVALID, add_refusals
from simulator.api.schemas import (
    Application,
    Batch,
    BatchResult,
    Decision,
    Erasure,
    Explanation,
    ModelVersion,
    Review,
)
from simulator.api.service import Fault
from simulator.metrics.platform import ROUTES

__all__ = ["create_app"]

Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


def create_app(platform: Platform) -> FastAPI:
    """The scoring API over a platform."""
    app = FastAPI(
        title="Scoring API",
        version=__version__,
        description="A simulated credit-scoring platform. No decision here concerns anybody.",
    )
    app.add_middleware(Measuring, ledger=platform.ledger)
    add_refusals(app, platform.ledger)
    _add_scoring(app, platform)
    _add_decisions(app, platform)
    _add_operations(app, platform)
    return app


def _add_scoring(app: FastAPI, platform: Platform) -> None:
    service, desk, ledger = platform.service, platform.desk, platform.ledger

    @app.post(ROUTES["score"][1], tags=["scoring"], responses=INVALID, response_model=Decision)
    async def score(application: Application) -> Response:
        """Scores one application."""
        try:
            await service.admit()
            served = await service.work()
        except Fault as fault:
            ledger.applications(application.channel, fault.reason, 1)
            raise
        ledger.applications(application.channel, "success", 1)
        return JSONResponse(desk.decide(application, served).__dict__)

    @app.post(ROUTES["batch"][1], tags=["scoring"], responses=INVALID, response_model=BatchResult)
    async def score_batch(batch: Batch) -> Response:
        """Scores up to a hundred applications; all of them, or none."""
        n = len(batch.applications)
        try:
            await service.admit()
            await service.work(is_batch=True)
        except Fault as fault:
            ledger.applications(batch.channel, fault.reason, n)
            raise
        ledger.applications(batch.channel, "success", n)
        decisions = [desk.decide(each, service.served()).__dict__ for each in batch.applications]
        return JSONResponse({"decisions": decisions})


def _add_decisions(app: FastAPI, platform: Platform) -> None:
    service, desk = platform.service, platform.desk

    async def kept(decision_id: str) -> Record:
        await service.look_up()
        record = desk.archive.get(decision_id)
        if record is None:
            raise HTTPException(404, f"there is no decision {decision_id!r}")
        return record

    @app.get(ROUTES["decision"][1], tags=["decisions"], responses=INVALID)
    async def decision(id: Key) -> Decision:  # noqa: A002 - the name in the path
        """A decision taken before."""
        return desk.shown(await kept(id))

    @app.get(ROUTES["explanation"][1], tags=["decisions"], responses=INVALID)
    async def explanation(id: Key) -> Explanation:  # noqa: A002 - the name in the path
        """The reasons for a decision."""
        return desk.explained(await kept(id))

    @app.post(ROUTES["review"][1], tags=["decisions"], responses=INVALID)
    async def review(id: Key, review: Review) -> Decision:  # noqa: A002 - the name in the path
        """A person's own decision, in place of the automated one."""
        record = await kept(id)
        record.decision, record.reviewed_by = review.decision, review.reviewer
        return desk.shown(record)

    @app.delete(ROUTES["erasure"][1], tags=["decisions"], responses=INVALID)
    async def erasure(id: Key) -> Erasure:  # noqa: A002 - the name in the path
        """Deletes everything kept about an applicant."""
        await service.look_up()
        deleted = desk.archive.erase(id)
        if not deleted:
            raise HTTPException(404, f"there is nothing about an applicant {id!r}")
        return Erasure(applicant_id=id, deleted=deleted)

    @app.get(ROUTES["models"][1], tags=["models"])
    async def models() -> list[ModelVersion]:
        """The deployed model versions."""
        await service.look_up()
        return desk.models()


def _add_operations(app: FastAPI, platform: Platform) -> None:
    @app.get("/health", tags=["operations"])
    async def health() -> dict[str, str]:
        """Whether the API is up."""
        return {"status": "ok", "version": __version__}

    @app.get("/metrics", tags=["operations"])
    async def metrics() -> Response:
        """All metrics, as they were last pushed."""
        return Response(platform.exposition(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    @app.get("/simulation", tags=["simulation"])
    async def simulation() -> dict[str, Any]:
        """The state of the simulation: its time, its episodes, and who applies at the moment."""
        return platform.state
