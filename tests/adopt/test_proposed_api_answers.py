"""The platform under a proposed mapping answers what is sent to the foreign API, in its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from simulator.api.access import guard_of
from simulator.api.app import create_app
from tests.support.foreign_apis import BANQUE, LENDER
from tests.support.proposals import proposed
from tests.support.scoring_client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

DEMANDE = {
    "demandeur": {
        "identifiantClient": "C-1",
        "nom": "Curie",
        "dateNaissance": "1967-11-07",
        "age": 45,
        "revenuMensuel": 2500.0,
        "typeContrat": "CDI",
        "ancienneteEmploi": 80,
        "statutLogement": "PROPRIETAIRE",
        "fichageFicp": False,
    },
    "pret": {"montantDemande": 8000.0, "dureeMois": 36},
    "charges": {"tauxEndettement": 20.0, "incidentsPaiement": 0, "loyer": 0.0},
}
ASKED = {
    "member_id": 7,
    "loan_amnt": 8000.0,
    "term": "36 months",
    "annual_inc": 30000.0,
    "dti": 20.0,
    "revol_util": 20.0,
    "emp_length": "5 years",
    "home_ownership": "OWN",
    "open_acc": 3,
}


def answering(document: dict[str, Any]) -> Client:
    """A client of a platform whose API is the one that the document proposes."""
    mapping, _ = proposed(document)
    client = Client(platform=mapping.platform.model_dump(mode="json", exclude_unset=True))
    client.app = create_app(client.backend, guard_of("127.0.0.1"), (), mapping.api)
    return client


@pytest.fixture(scope="module")
def banque() -> Iterator[Client]:
    with answering(BANQUE) as opened:
        yield opened


def token(client: Client) -> dict[str, str]:
    shown = client.send("POST", "/credit/jeton").json()["access_token"]
    return {"Authorization": f"Bearer {shown}"}


def resolved(document: dict[str, Any], name: str) -> dict[str, Any]:
    schema: dict[str, Any] = (
        document.get("components", {}).get("schemas") or document["definitions"]
    )
    return schema[name]


def test_an_application_is_scored_and_answered_as_its_schema_says(banque: Client) -> None:
    answer = banque.send("POST", "/credit/demandes/evaluation", json=DEMANDE, headers=token(banque))
    assert answer.status_code == 200
    jsonschema.validate(answer.json(), resolved(BANQUE, "Reponse"))
    assert answer.json()["decision"] == "ACCORD"


def test_a_batch_is_answered_one_by_one_with_how_many_they_were(banque: Client) -> None:
    answer = banque.send(
        "POST", "/credit/demandes/lot", json={"demandes": [DEMANDE] * 3}, headers=token(banque)
    )
    assert answer.json()["nombre"] == 3
    for one in answer.json()["resultats"]:
        jsonschema.validate(one, resolved(BANQUE, "Reponse"))


def test_a_decision_is_read_by_the_key_that_it_was_answered_with(banque: Client) -> None:
    shown = token(banque)
    taken = banque.send("POST", "/credit/demandes/evaluation", json=DEMANDE, headers=shown).json()
    read = banque.send("GET", f"/credit/demandes/{taken['numeroDossier']}", headers=shown)
    assert (read.status_code, read.json()["scoreCredit"]) == (200, taken["scoreCredit"])


def test_without_a_token_only_what_is_open_answers(banque: Client) -> None:
    assert banque.send("GET", "/credit/agences/75").status_code == 401
    assert banque.send("GET", "/credit/sante").status_code == 200


def test_a_lenders_truth_values_and_numbers_are_its_decision() -> None:
    with answering(LENDER) as client:
        answer = client.send(
            "POST", "/api/v1/decisions/", json=ASKED, headers={"X-Lender-Key": "k"}
        ).json()
    jsonschema.validate(answer, resolved(LENDER, "Told"))
    assert (answer["member_id"], answer["approved"], answer["prediction"]) == (7, True, 0)
