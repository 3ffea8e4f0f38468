"""What an API's answers and requests can say: the names that stand in braces in templates."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from simulator.mapping.api_part import MappedEndpoint

__all__ = [
    "ANSWER_VALUES",
    "CREDENTIALS",
    "KEY_VALUES",
    "MODEL_VALUES",
    "OF_EACH_ANSWER",
    "OF_SERVED",
    "PUSHED_VALUES",
    "REASON_VALUES",
    "SENT_VALUES",
    "VALUES_OF",
]

_Values: TypeAlias = Mapping[str, str]

#: What every answer can say, a stub's too, and what that is.
OF_EACH_ANSWER: Final[_Values] = {
    "timestamp": "when it was answered, as in 2026-01-05T09:30:00.125Z",
    "unix_seconds": "the same in seconds since 1970",
    "request_id": "a new key for each request",
}
#: What the answer of an endpoint can say beside.
OF_SERVED: Final[_Values] = {
    **OF_EACH_ANSWER,
    "processing_time_ms": "milliseconds from the request's arrival to the answer",
    "processing_time_seconds": "the same in seconds",
}
#: What an answer can say of a decision.
ANSWER_VALUES: Final[_Values] = {
    "applicant_id": "the applicant's key, as it was sent",
    "decision_id": "the key under which the decision is kept",
    "score": "the score, on the platform's scale",
    "decision": "accepted, review or refused, or the platform's own word",
    "is_accepted": "true where it is accepted",
    "is_refused": "true where it is refused",
    "accepted_as_number": "1 where it is accepted, else 0",
    "refused_as_number": "1 where it is refused, else 0",
    "risk_level": "the name of the score's band in the platform's policy, or its own word",
    "model": "what the model is called",
    "model_version": "the version that scored",
    "probability_of_default": "what the score stands for",
    "repayment_probability": "1 less that",
    "confidence": "the larger of both probabilities",
    "amount": "the amount that was asked for",
    "approved_amount": "the same where it is accepted, else 0",
    "contributions": "what each feature added to the log-odds of default, by name",
    "reasons": "the same as a list, strongest first, each as `reason` has it",
    "features": "what the model got, by name, in the units and words of what is sent",
    "reviewed_by": "the person who decided, or null",
    **OF_SERVED,
}
#: What can be said of one of the reasons for a decision.
REASON_VALUES: Final[_Values] = {
    "feature": "its name, as in what is sent",
    "reason": "the platform's words for it",
    "value": "what the model got",
    "contribution": "what it added to the log-odds of default",
    "rank": "1 for the strongest",
}
#: What can be said of a deployed version of the model.
MODEL_VALUES: Final[_Values] = {
    "model": "what the model is called",
    "version": "its version",
    "stage": "production, canary or retired, or the platform's own word",
    "traffic_share": "its share of the requests",
}
#: What every request of Locust's users can say.
SENT_VALUES: Final[_Values] = {
    "channel": "the channel through which it comes",
    "timestamp": "when it is sent, as in 2026-01-05T09:30:00.125Z",
    "unix_seconds": "the same in seconds since 1970",
    "request_id": "a new key for each request",
}
#: What it can say of somebody, where it is to a stub.
PUSHED_VALUES: Final[_Values] = {**SENT_VALUES, "applicant_id": "the key of an applicant"}
#: Of what the keys of their applicants are made.
KEY_VALUES: Final[_Values] = {
    "worker": "what this process of Locust's is called",
    "number": "another one for each person",
    "uuid": "the same as a UUID",
    **{f"digits_{n}": f"the same as a text of {n} digits, the last ones" for n in range(3, 13)},
}
#: What they can send for a token, by the variables of the environment that hold it.
CREDENTIALS: Final[_Values] = {
    "client_id": "SIMULATOR_API_CLIENT_ID",
    "client_secret": "SIMULATOR_API_CLIENT_SECRET",
    "username": "SIMULATOR_API_USERNAME",
    "password": "SIMULATOR_API_PASSWORD",
}
#: What the answer of an endpoint can say.
VALUES_OF: Final[Mapping[MappedEndpoint, _Values]] = {
    "score": ANSWER_VALUES,
    "batch": {
        "count": "how many applications it had",
        "n_accepted": "how many of them were accepted",
        "n_review": "how many a person is to look at",
        "n_refused": "how many were refused",
        "mean_score": "the mean of their scores",
        **OF_SERVED,
    },
    "decision": ANSWER_VALUES,
    "explanation": ANSWER_VALUES,
    "review": ANSWER_VALUES,
    "erasure": {
        "applicant_id": "whose decisions were deleted",
        "deleted": "how many they were",
        **OF_SERVED,
    },
    "models": {"models": "a list, each as `each` has it", **OF_SERVED},
    "health": {"status": "ok", "version": "the simulator's version", **OF_SERVED},
}
