"""What queries demand beyond names, and the mapping that each demand gives."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from simulator.adopt.boards.adopting import adopted
from simulator.errors import MappingError
from simulator.mapping.loading import default_mapping, parse_mapping
from simulator.reading.yaml_text import yaml_in
from simulator.rules.reading import groups_in
from simulator.runtime.stack_files import own_dashboards
from tests.support.boards import SOURCE, board, metrics, of, of_rules


@pytest.mark.parametrize(
    ("query", "name", "content"),
    [
        (
            "histogram_quantile(0.95, sum by (le) (rate(model_inference_latency_ms_bucket[5m])))",
            "model_inference_latency_ms",
            {"measure": "predictions", "scale": 1000.0},
        ),
        (
            "rate(fraud_prediction_latency_seconds_sum[5m])"
            " / rate(fraud_prediction_latency_seconds_count[5m])",
            "fraud_prediction_latency_seconds",
            {"measure": "predictions"},
        ),
        ("sum(rate(http_requests_total[5m]))", "http_requests_total",
         {"measure": "http_requests", "type": "counter"}),
        ("loan_default_probability", "loan_default_probability", {"last": "default-probability"}),
        ("prediction_confidence", "prediction_confidence",
         {"complement": {"last": "default-probability"}}),
        ("credit_score", "credit_score", {"last": "score"}),
        ("avg_credit_score", "avg_credit_score", {"mean": {"of": {"measure": "scores"}}}),
        ("model_age_days", "model_age_days",
         {"time": {"of": "trained", "seconds": "since"}, "scale": 1 / 86_400}),
        ("max(data_drift_score)", "data_drift_score", {"measure": "psi", "fold": "max"}),
        ("ml_model_f1_score", "ml_model_f1_score", {"measure": "f1"}),
        ("sum(increase(fraud_detected_total[1h]))", "fraud_detected_total",
         {"measure": "scored", "where": {"decision": "refused"}}),
        ("kafka_brokers", "kafka_brokers", {"measure": "brokers"}),
        ("sum by (server, disk) (minio_node_disk_free_bytes)", "minio_node_disk_free_bytes",
         {"measure": "drive_free_bytes", "labels": {"server": "node", "disk": "drive"}}),
        ("minio_cluster_disk_offline_total", "minio_cluster_disk_offline_total",
         {"measure": "drives_offline", "labels": {"server": "server"}}),
    ],
)  # fmt: skip
def test_a_metric_is_of_what_its_name_and_its_use_say(
    query: str, name: str, content: dict[str, Any]
) -> None:
    assert of(query) == {name: content}


@pytest.mark.parametrize(
    "query",
    [
        "model_training_accuracy",
        "rate(drift_checks_total[5m])",
        "rate(training_runs_total[5m])",
        "rate(emails_sent_total[5m])",
        "redis_commands_duration_seconds_total",
        "mlflow_experiments_total",
        "acme_widgets_total",
        "warehouse_rows_total",
    ],
)
def test_what_is_no_business_of_a_scoring_platform_is_listed_and_not_adopted(query: str) -> None:
    found = adopted([board(query)], (), SOURCE)
    assert metrics(found) == {}
    assert len(found.proposal.not_adopted) == 1
    assert "# not adopted: " in found.text


def test_a_divided_metric_has_the_labels_of_what_it_is_divided_by() -> None:
    found = of("db_pool_active / db_pool_max", 'db_pool_active{env="eu"}')
    assert found["db_pool_active"]["constant"] == found["db_pool_max"]["constant"] == {"env": "eu"}
    assert found["db_pool_max"]["always"]["value"] > 0


def test_what_is_divided_by_an_aggregation_has_its_labels() -> None:
    found = of("rate(http_errors_total[5m]) / sum by (endpoint) (rate(http_requests_total[5m]))")
    assert found["http_errors_total"]["labels"] == {"endpoint": "route"}
    assert found["http_requests_total"]["labels"] == {"endpoint": "route"}


def test_labels_that_cannot_be_equal_are_reported() -> None:
    found = adopted(
        [board("rate(api_errors_total[5m]) / rate(api_requests_total[5m])",
               "sum by (error_type) (rate(api_errors_total[5m]))")],
        (), SOURCE,
    )  # fmt: skip
    assert "error_type is of one alone" in " ".join(found.proposal.contradictions)


@pytest.mark.parametrize(
    ("matcher", "label"),
    [
        ('status=~"5.."', "status"),
        ('status=~"[45]xx"', "class"),
        ('status="500"', "status"),
        ('status=~"2xx|5xx"', "class"),
        ('status="error"', {"dimension": "class", "values": {"2xx": "success", "*": "error"}}),
    ],
)
def test_a_matcher_of_a_status_has_values_that_it_takes(matcher: str, label: object) -> None:
    found = of(f"sum(rate(http_requests_total{{{matcher}}}[5m]))")
    assert found["http_requests_total"]["labels"] == {"status": label}


@pytest.mark.parametrize(
    ("matcher", "values"),
    [
        ('success="false"', {"success": "true", "*": "false"}),
        ('success="true"', {"success": "true", "*": "false"}),
        ('status="failed"', {"success": "success", "*": "failed"}),
        ('status=~"ERROR"', {"success": "SUCCESS", "*": "ERROR"}),
    ],
)
def test_both_words_of_an_outcome_are_written(matcher: str, values: dict[str, str]) -> None:
    (label,) = of(f"rate(scoring_requests_total{{{matcher}}}[5m])")["scoring_requests_total"][
        "labels"
    ].values()
    assert label == {"dimension": "outcome", "values": values}


def test_decisions_are_called_as_queries_call_them() -> None:
    found = of('sum(rate(predictions_total{prediction=~"fraud.*"}[5m]))')
    assert found["predictions_total"] == {
        "measure": "scored",
        "labels": {
            "prediction": {
                "dimension": "decision",
                "values": {"accepted": "legitimate", "review": "legitimate", "refused": "fraud"},
            }
        },
    }


def test_two_labels_do_not_tell_apart_the_same() -> None:
    found = adopted([board("sum by (model, model_name) (ml_model_accuracy)")], (), SOURCE)
    assert metrics(found)["ml_model_accuracy"]["labels"] == {"model": "model"}
    assert "model_name: another label has the model" in found.text


def test_variables_and_legends_name_labels_that_no_query_shows() -> None:
    variables = [
        {"name": "m", "type": "query", "query": "label_values(ml_model_accuracy, model_name)"},
        {"name": "e", "type": "query", "query": {"query": "query_result(ml_model_accuracy)"},
         "regex": '/env="([^"]+)"/'},
    ]  # fmt: skip
    found = of("ml_model_accuracy", legend="{{version}}", variables=variables)
    assert found["ml_model_accuracy"]["labels"] == {"version": "version", "model_name": "model"}
    assert found["ml_model_accuracy"]["constant"] == {"env": "production"}


def test_a_constant_has_the_value_that_is_asked_for() -> None:
    found = of('scoring_requests_total{namespace="credit", cluster=~"prod-.*", job="api"}')
    assert found["scoring_requests_total"]["constant"] == {
        "namespace": "credit",
        "cluster": "prod-1",
    }
    assert found["scoring_requests_total"]["job"] == "api"


def test_a_variable_s_saved_value_is_one_of_a_constant_and_not_all() -> None:
    variables = [
        {"name": "ns", "type": "query", "query": "label_values(scoring_requests_total, namespace)",
         "current": {"value": "$__all", "text": "All"}},
    ]  # fmt: skip
    found = of('scoring_requests_total{namespace=~"$ns"}', variables=variables)
    assert found["scoring_requests_total"]["constant"] == {"namespace": "scoring"}


def test_a_text_of_an_alert_names_labels() -> None:
    found = of_rules("kafka_lag_messages > 100", summary="{{ $labels.group }} is behind")
    assert found["kafka_lag_messages"]["labels"] == {"group": "group"}


def test_recorded_names_are_evaluated_and_not_emitted() -> None:
    groups = groups_in(
        json.dumps({"groups": [{"name": "g", "rules": [
            {"record": "route:errors", "expr": "sum by (path) (rate(http_errors_total[5m]))"},
            {"alert": "A", "expr": "route:errors > 1"},
        ]}]}),
        Path("rules.json"),
    )  # fmt: skip
    found = metrics(adopted([], groups, SOURCE))
    assert list(found) == ["http_errors_total"]
    assert found["http_errors_total"]["labels"] == {"path": "route"}


@pytest.mark.parametrize(
    ("query", "content"),
    [
        ("rate(prediction_count[5m])", {"measure": "predictions", "type": "counter"}),
        ("predictions_total", {"measure": "predictions", "type": "counter"}),
    ],
)
def test_use_decides_on_the_type_and_not_the_name_alone(
    query: str, content: dict[str, Any]
) -> None:
    assert next(iter(of(query).values())) == content


def test_a_resource_that_nothing_simulates_is_an_extra_signal_within_its_threshold() -> None:
    found = of_rules("process_queue_depth > 170")["process_queue_depth"]["signal"]
    assert found["whole"] is True
    assert found["base"] < 170 < found["max"]


def test_scores_that_are_held_against_less_than_one_are_probabilities() -> None:
    assert of_rules("avg(risk_score) > 0.7")["risk_score"] == {"last": "default-probability"}


def test_percent_is_told_by_a_threshold() -> None:
    assert of_rules("model_accuracy < 85")["model_accuracy"]["scale"] == 100.0
    assert "scale" not in of_rules("model_accuracy * 100 < 85")["model_accuracy"]
    assert "scale" not in of_rules("model_accuracy < 0.85")["model_accuracy"]


def test_severities_of_an_event_are_its_levels() -> None:
    found = of('increase(drift_alerts_total{severity="critical"}[1h])')["drift_alerts_total"]
    assert found["events"]["levels"] == [{"above": 0.25, "labels": {"severity": "critical"}}]


def test_topics_and_groups_are_called_as_queries_call_them() -> None:
    found = adopted(
        [board('kafka_consumergroup_lag{consumergroup="loader", topic="credit-scores"}')],
        (),
        SOURCE,
    )
    platform: Any = yaml_in(found.text, SOURCE, error=MappingError)
    assert platform["platform"]["kafka"]["topic"] == "credit-scores"
    assert platform["platform"]["kafka"]["consumer_groups"][0]["label"] == "loader"


def test_up_has_the_jobs_that_are_asked_for() -> None:
    found = of('up{job="credit-api"}', 'up{job="grafana"}')
    assert found["up"] == {"up": {"components": {"scoring-api": "credit-api"}}}


def test_every_guess_has_a_grade_and_a_reason() -> None:
    text = adopted([board("ml_model_auc", "acme_widgets")], (), SOURCE).text
    assert "# sure: auc on the latest labels: auc in its name" in text.replace("\n  #   ", " ")
    assert parse_mapping(text, SOURCE).name == "adopted"


def test_only_a_part_is_adopted_that_has_a_pattern_in_its_name() -> None:
    boards = [board("ml_model_auc", "ml_model_accuracy")]
    found = adopted(boards, (), SOURCE, only=re.compile("auc$"))
    assert list(metrics(found)) == ["ml_model_auc"]
    with pytest.raises(MappingError, match="no query reads a metric whose name has nothing"):
        adopted(boards, (), SOURCE, only=re.compile("nothing"))


def test_what_a_person_changed_stays_when_it_is_written_again() -> None:
    boards = [board("ml_model_auc", "ml_model_accuracy", "ml_model_recall")]
    first = adopted(boards, (), SOURCE)
    mine = first.text.replace(
        "ml_model_auc: {measure: auc}", "ml_model_auc: {measure: gini}  # mine"
    )
    mine = mine.replace("  ml_model_recall: {measure: recall}\n", "")
    mine = mine.replace("name: adopted", "name: ours")
    second = adopted(boards, (), SOURCE, before=mine)
    assert "ml_model_auc: {measure: gini}  # mine" in second.text
    assert "name: ours" in second.text
    assert "ml_model_recall:\n" not in second.text
    assert second.kept == ("ml_model_auc",)
    assert second.taken_out == ("ml_model_recall",)
    assert list(metrics(second)) == ["ml_model_auc", "ml_model_accuracy"]


def test_what_nobody_changed_is_written_anew() -> None:
    first = adopted([board("ml_model_auc")], (), SOURCE)
    again = adopted([board("ml_model_auc")], (), SOURCE, before=first.text)
    more = adopted([board("ml_model_auc", legend="{{model}}")], (), SOURCE, before=first.text)
    assert again.text == first.text
    assert metrics(more)["ml_model_auc"]["labels"] == {"model": "model"}


def test_failures_beside_decisions_are_one_metric() -> None:
    found = of(
        'sum(rate(predictions_total{status="error"}[5m])) / sum(rate(predictions_total[5m]))',
        "sum by (prediction_class) (rate(predictions_total[5m]))",
    )
    assert found["predictions_total"] == {
        "union": [
            {
                "measure": "scored",
                "constant": {"status": "success"},
                "labels": {"prediction_class": "decision"},
            },
            {"measure": "unscored", "constant": {"status": "error"}},
        ]
    }


def test_a_decision_may_be_called_an_error() -> None:
    found = of('rate(decisions_total{outcome=~"approved|rejected|error"}[5m])')["decisions_total"]
    scored, failed = found["union"]
    assert scored["labels"]["outcome"]["values"]["accepted"] == "approved"
    assert failed == {"measure": "unscored", "constant": {"outcome": "error"}}


def test_a_service_s_own_health_is_whether_requests_are_answered() -> None:
    assert of("model_loaded")["model_loaded"]["flag"]["below"] == 0.05


def test_how_many_features_have_drifted_is_counted() -> None:
    assert "count" in of("drifted_features_count")["drifted_features_count"]
    assert "ratio" in of("dataset_drifted_features_share")["dataset_drifted_features_share"]


def test_a_signal_has_usual_values_of_labels_that_no_query_tells() -> None:
    found = of("sum by (operation) (rate(db_queries_total[5m]))")["db_queries_total"]
    assert found["signal"]["labels"] == {"operation": ["read", "write"]}


def test_a_value_that_only_a_part_has_is_no_constant() -> None:
    low, every = (f"sum(rate(predictions_total{one}[5m]))" for one in ('{confidence="low"}', ""))
    found = adopted([board(f"{low} / {every}")], (), SOURCE)
    assert "constant" not in metrics(found)["predictions_total"]
    assert "not had: confidence: " in found.text


def test_what_a_signal_is_divided_by_comes_with_it() -> None:
    found = of_rules(
        "container_memory_usage_bytes / container_spec_memory_limit_bytes > 0.8",
        "rate(container_cpu_usage_seconds_total[5m])"
        " / (container_spec_cpu_quota / container_spec_cpu_period) > 0.8",
    )
    limit = found["container_spec_memory_limit_bytes"]["always"]["value"]
    assert found["container_memory_usage_bytes"]["signal"]["base"] < 0.8 * limit
    assert {"container_spec_cpu_quota", "container_spec_cpu_period"} <= found.keys()


def test_what_a_pattern_takes_reads_well() -> None:
    found = of('up{job=~".*-intelligence|.*-predictor"}')
    assert found["up"] == {"up": {"components": {"scoring-api": "scoring-intelligence"}}}


def test_a_limit_has_the_labels_of_what_is_divided_by_it() -> None:
    found = of_rules("db_pool_active / db_pool_max > 0.9", summary="{{ $labels.pod }} is full")
    pods = found["db_pool_active"]["signal"]["labels"]
    assert pods == found["db_pool_max"]["signal"]["labels"]
    assert list(pods) == ["pod"]


@pytest.mark.parametrize(
    ("query", "content"),
    [
        ("loan_requests_total", {"measure": "applications"}),
        ("loan_requests_approved_total",
         {"measure": "scored", "where": {"decision": "accepted"}}),
        ("loans_created_total", {"measure": "applications"}),
    ],
)  # fmt: skip
def test_requests_for_loans_are_applications(query: str, content: dict[str, Any]) -> None:
    assert of(f"rate({query}[5m])") == {query: content}


def test_a_word_and_its_opposite_are_the_bad_and_the_good_decision() -> None:
    found = of('rate(predictions_total{outcome=~"churn|no_churn|error"}[5m])')["predictions_total"]
    label = found["union"][0]["labels"]["outcome"]
    assert label["values"]["refused"] == "churn"
    assert label["values"]["accepted"] == "no_churn"


def test_the_project_s_own_dashboards_are_of_the_measures_that_its_mapping_has() -> None:
    found = parse_mapping(adopted(own_dashboards(), (), SOURCE).text, SOURCE).metrics
    ours = default_mapping().metrics
    odd = {
        name
        for name, metric in found.items()
        if (metric.form, metric.said) != (ours[name].form, ours[name].said)
    }
    assert odd == {"ml_model_accuracy"}  # by name alone it is plain accuracy
    assert len(found) > 20
