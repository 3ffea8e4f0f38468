"""OpenAPI documents drawn at random: any part may be odd, missing, or refer to itself."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NAMES = st.sampled_from(
    ["income", "revenu mensuel", "age", "dti", "customer_id", "id", "score", "decision", "a.b", "é",
     "prediction", "items", "data", "x{y}", "risk_level", "loanAmount", "name", "status", "", "on"]
)  # fmt: skip
TEXTS = st.one_of(NAMES, st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
SCALARS: st.SearchStrategy[Any] = st.one_of(
    TEXTS,
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
)
PLAIN = st.recursive(
    SCALARS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(TEXTS, inside, max_size=3),
    max_leaves=5,
)
KINDS = st.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null", 7])
REFERENCES = st.sampled_from(["#/components/schemas/A", "#/components/schemas/B", "other.yaml#/x"])


def _schemas(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": KINDS | st.lists(KINDS, max_size=2),
            "properties": st.dictionaries(NAMES, inside, max_size=4),
            "items": inside,
            "enum": st.lists(PLAIN, max_size=4),
            "allOf": st.lists(inside, max_size=2),
            "anyOf": st.lists(inside, max_size=2),
            "minimum": SCALARS,
            "maximum": SCALARS,
            "example": PLAIN,
            "examples": PLAIN,
            "default": PLAIN,
            "description": PLAIN,
            "pattern": st.sampled_from(["^(OWN|RENT)$", "^a|b$", "("]),
            "required": PLAIN,
        },
    )


SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    st.fixed_dictionaries({"$ref": REFERENCES}) | _schemas(st.just({})) | PLAIN,
    _schemas,
    max_leaves=8,
)
CONTENT = st.dictionaries(
    st.sampled_from(["application/json", "text/csv", "multipart/form-data"]),
    st.fixed_dictionaries({"schema": SCHEMAS}, optional={"example": PLAIN, "examples": PLAIN}),
    max_size=2,
)
OPERATIONS = st.fixed_dictionaries(
    {},
    optional={
        "operationId": PLAIN,
        "summary": TEXTS,
        "tags": PLAIN,
        "deprecated": SCALARS,
        "parameters": st.lists(
            st.fixed_dictionaries(
                {"name": TEXTS, "in": st.sampled_from(["query", "path", "header", "body", 1])},
                optional={"schema": SCHEMAS, "required": SCALARS, "type": KINDS},
            )
            | PLAIN,
            max_size=3,
        )
        | PLAIN,
        "requestBody": st.fixed_dictionaries({"content": CONTENT}) | PLAIN,
        "responses": st.dictionaries(
            st.sampled_from(["200", "201", "204", "default", "2XX"]),
            st.fixed_dictionaries({"content": CONTENT}) | PLAIN,
            max_size=2,
        ),
        "security": st.just([{"key": []}]) | PLAIN,
    },
)
PATHS = st.sampled_from(
    ["/score", "/predict/", "/", "/score/batch", "/a/{id}", "/a/{other}", "/a/{id}/explain",
     "/token", "/health", "/models", "/metrics", "/simulation/x", "/a b", "/x/{a-b}:predict",
     "no slash", "/{a}/{a}", "/customers/{customer-id}", "/a/{id}/review", "/é"]
)  # fmt: skip
SCHEMES = st.fixed_dictionaries(
    {"type": st.sampled_from(["http", "apiKey", "oauth2", "x"])},
    optional={"scheme": TEXTS, "in": TEXTS, "name": TEXTS, "flows": PLAIN},
)
#: Documents of the right outer form, whatever is in them.
DOCUMENTS = st.fixed_dictionaries(
    {
        "openapi": st.just("3.1.0"),
        "paths": st.dictionaries(
            PATHS,
            st.dictionaries(
                st.sampled_from(["get", "post", "delete", "put"]), OPERATIONS, max_size=2
            ),
            max_size=4,
        ),
        "components": st.fixed_dictionaries(
            {
                "schemas": st.fixed_dictionaries({"A": SCHEMAS, "B": SCHEMAS}),
                "securitySchemes": st.dictionaries(st.just("key"), SCHEMES),
            }
        ),
    },
    optional={
        "info": PLAIN | st.fixed_dictionaries({"title": TEXTS}),
        "servers": st.just([{"url": "https://x.example/api/{v}/"}]) | PLAIN,
    },
)
