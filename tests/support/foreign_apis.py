"""OpenAPI documents of APIs that are not ours: a bank's in French, a lender's, a model server's."""

from __future__ import annotations

from typing import Any

__all__ = ["BANQUE", "LENDER", "MODEL_SERVER"]


def _object(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - schemas
    return {"type": "object", "properties": fields, "required": list(fields)}


def _json(schema: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - examples
    return {"content": {"application/json": {"schema": schema, **more}}}


def _operation(
    answer: dict[str, Any],
    body: dict[str, Any] | None = None,
    *,
    status: str = "200",
    **more: Any,  # noqa: ANN401 - parts
) -> dict[str, Any]:
    sent = {} if body is None else {"requestBody": _json(body)}
    return {**sent, "responses": {status: _json(answer)}, **more}


NUMBER: dict[str, Any] = {"type": "number"}
WHOLE: dict[str, Any] = {"type": "integer"}
TEXT: dict[str, Any] = {"type": "string"}
TRUTH: dict[str, Any] = {"type": "boolean"}
KEY = {"name": "numeroDossier", "in": "path", "required": True, "schema": TEXT}

_DEMANDE = _object(
    demandeur=_object(
        identifiantClient=TEXT,
        nom=TEXT,
        dateNaissance={"type": "string", "format": "date"},
        age=WHOLE,
        revenuMensuel={**NUMBER, "description": "Revenu net mensuel, en euros"},
        typeContrat={"enum": ["CDI", "CDD", "INTERIM"]},
        ancienneteEmploi={**WHOLE, "description": "Ancienneté chez l'employeur, en mois"},
        statutLogement={"enum": ["PROPRIETAIRE", "LOCATAIRE", "HEBERGE"]},
        fichageFicp=TRUTH,
    ),
    pret=_object(montantDemande=NUMBER, dureeMois=WHOLE),
    charges=_object(
        tauxEndettement={**NUMBER, "maximum": 100}, incidentsPaiement=WHOLE, loyer=NUMBER
    ),
)
_REPONSE = _object(
    numeroDossier=TEXT,
    decision={"enum": ["ACCORD", "REFUS", "ETUDE"]},
    scoreCredit={**WHOLE, "minimum": 0, "maximum": 1000},
    classeRisque={"enum": ["FAIBLE", "MOYEN", "ELEVE"]},
    montantAccorde=NUMBER,
    motifs={"type": "array", "items": _object(code=TEXT, libelle=TEXT, poids=NUMBER)},
    horodatage={"type": "string", "format": "date-time"},
)
#: Nested fields in French, a token, three levels of risk, scores to 1000.
BANQUE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Octroi de crédit", "version": "2"},
    "servers": [{"url": "https://api.banque.example/credit"}],
    "security": [{"jeton": []}],
    "paths": {
        "/demandes/evaluation": {
            "post": _operation(
                {"$ref": "#/components/schemas/Reponse"}, {"$ref": "#/components/schemas/Demande"}
            )
        },
        "/demandes/lot": {
            "post": _operation(
                _object(
                    resultats={"type": "array", "items": {"$ref": "#/components/schemas/Reponse"}},
                    nombre=WHOLE,
                ),
                _object(
                    demandes={
                        "type": "array",
                        "maxItems": 20,
                        "items": {"$ref": "#/components/schemas/Demande"},
                    }
                ),
            )
        },
        "/demandes/{numeroDossier}": {
            "get": _operation({"$ref": "#/components/schemas/Reponse"}, parameters=[KEY])
        },
        "/jeton": {"post": _operation(_object(access_token=TEXT, token_type=TEXT), security=[])},
        "/sante": {"get": _operation(_object(statut=TEXT), security=[])},
        "/agences/{code}": {"get": _operation(_object(code=TEXT, ville=TEXT))},
    },
    "components": {
        "schemas": {"Demande": _DEMANDE, "Reponse": _REPONSE},
        "securitySchemes": {"jeton": {"type": "http", "scheme": "bearer"}},
    },
}

#: Swagger 2: flat fields as in LendingClub's loan book, approved or not, a key in a header.
LENDER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Loans", "version": "1"},
    "basePath": "/api/v1",
    "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "X-Lender-Key"}},
    "paths": {
        "/decisions/": {
            "post": {
                "operationId": "decide",
                "security": [{"key": []}],
                "parameters": [
                    {"in": "body", "name": "body", "schema": {"$ref": "#/definitions/Ask"}}
                ],
                "responses": {"200": {"schema": {"$ref": "#/definitions/Told"}}},
            }
        },
        "/status": {"get": {"responses": {"200": {"schema": _object(status=TEXT)}}}},
    },
    "definitions": {
        "Ask": _object(
            member_id=WHOLE,
            loan_amnt=NUMBER,
            term={"type": "string", "enum": ["36 months", "60 months"]},
            annual_inc=NUMBER,
            dti={**NUMBER, "maximum": 60},
            revol_util=NUMBER,
            emp_length={"type": "string", "enum": ["< 1 year", "5 years", "10+ years"]},
            home_ownership={"type": "string", "enum": ["RENT", "OWN", "MORTGAGE"]},
            open_acc=WHOLE,
        ),
        "Told": _object(
            member_id=WHOLE,
            approved=TRUTH,
            prob_default=NUMBER,
            prediction=WHOLE,
            latency_ms=NUMBER,
        ),
    },
}

#: As KServe and MLflow serve models: rows of a table, tensors with names, a list of instances.
MODEL_SERVER: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Model server", "version": "1"},
    "paths": {
        "/invocations": {
            "post": {
                "requestBody": _json(
                    _object(
                        dataframe_split=_object(
                            columns={"type": "array", "items": TEXT},
                            data={"type": "array", "items": {"type": "array", "items": NUMBER}},
                        )
                    ),
                    example={
                        "dataframe_split": {
                            "columns": ["age", "annual_income", "debt_ratio"],
                            "data": [[41, 30000, 0.3]],
                        }
                    },
                ),
                "responses": {
                    "200": _json(_object(predictions={"type": "array", "items": NUMBER}))
                },
            }
        },
        "/v1/models/credit:predict": {
            "post": _operation(
                _object(predictions={"type": "array", "items": NUMBER}),
                _object(
                    instances={
                        "type": "array",
                        "items": _object(
                            monthly_income_cents=WHOLE, loan_term=WHOLE, utilization=NUMBER
                        ),
                    }
                ),
            )
        },
        "/v2/health/ready": {"get": {"responses": {"200": {"description": "ready"}}}},
    },
}
