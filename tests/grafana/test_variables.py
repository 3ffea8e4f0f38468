import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.grafana.model import Variable
from simulator.grafana.variables import Binding, bind_variables, bound_to, substitute

BINDINGS = {
    "one": Binding(("a.b",)),
    "many": Binding(("a.b", "c"), is_regex=True),
    "single": Binding(("a.b",), is_regex=True),
    "all": Binding(("$__all",), options=("x", "y"), is_regex=True),
    "star": Binding(("$__all",), options=("x",), is_regex=True, all_value=".*"),
    "named": Binding(("5m",), text=("five minutes",)),
}


def promql(text: str) -> str:
    return substitute(text, BINDINGS, style="promql")


def test_every_spelling_of_a_reference_is_replaced() -> None:
    assert promql("$one ${one} [[one]]") == "a.b a.b a.b"


def test_unknown_names_and_macros_stay() -> None:
    text = "$unknown ${unknown:csv} [[unknown]] $__rate_interval ${one.path}"
    assert promql(text) == text


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("$many", r"(a\\.b|c)"),
        ("$single", r"a\\.b"),
        ("$all", "(x|y)"),
        ("$star", ".*"),
        ("${star:csv}", ".*"),
        ("${many:csv}", "a.b,c"),
        ("${many:raw}", "a.b,c"),
        ("${many:pipe}", "a.b|c"),
        ("${many:regex}", r"(a\.b|c)"),
        ("${many:glob}", "{a.b,c}"),
        ("${many:json}", '["a.b", "c"]'),
        ("${many:doublequote}", '"a.b","c"'),
        ("${many:singlequote}", "'a.b','c'"),
        ("${many:percentencode}", "a.b%2Cc"),
        ("[[many:csv]]", "a.b,c"),
        ("${named:text}", "five minutes"),
        ("${named}", "5m"),
        ("${many:nonsense}", r"(a\\.b|c)"),
    ],
)
def test_formats(reference: str, text: str) -> None:
    assert promql(reference) == text


@pytest.mark.parametrize(
    ("value", "plain", "regex"),
    [
        ("a\\b", "a\\\\b", "a\\\\\\\\b"),
        ("it's", "it\\\\'s", "it's"),
        ("a+b", "a+b", "a\\\\+b"),
        ("/v1/{id}", "/v1/{id}", "/v1/\\\\{id\\\\}"),
    ],
)
def test_a_single_choice_is_inserted_as_is_and_a_multiple_one_as_a_regex(
    value: str, plain: str, regex: str
) -> None:
    single, multiple = Binding((value,)), Binding((value,), is_regex=True)
    assert substitute("$x", {"x": single}, style="promql") == plain
    assert substitute("$x", {"x": multiple}, style="promql") == regex


def test_outside_of_queries_several_values_are_in_braces() -> None:
    assert substitute("$many", BINDINGS) == "{a.b,c}"


def binding(variable: Variable, value: str | None = None, **keys: object) -> tuple[str, ...]:
    given_values = {} if value is None else {variable.name: value}
    options = keys.get("options")
    found = {variable.name: options} if isinstance(options, list) else None
    bound = bind_variables([variable], given_values, span_ms=3_600_000, options=found)
    return bound[variable.name].values


def test_a_given_value_comes_before_the_saved_one() -> None:
    window = Variable("window", "custom", current=("15m",), options=("6s", "15m"))
    assert (binding(window), binding(window, "6s")) == (("15m",), ("6s",))


def test_a_custom_variable_without_a_saved_value_takes_its_first_option() -> None:
    assert binding(Variable("window", "custom", options=("6s", "15m"))) == ("6s",)


@pytest.mark.parametrize("kind", ["constant", "textbox"])
def test_a_constant_takes_its_query(kind: str) -> None:
    assert binding(Variable("limit", kind, query="0.5")) == ("0.5",)


def test_an_interval_variable_on_auto_follows_the_range() -> None:
    every = Variable("every", "interval", current=("$__auto_interval_every",), auto_count=30)
    assert binding(every) == ("2m",)


def test_an_automatic_interval_is_at_least_its_shortest() -> None:
    auto = ("$__auto",)
    every = Variable("every", "interval", current=auto, auto_count=3600, auto_min="1m")
    assert binding(every) == ("1m",)


def test_a_saved_value_that_is_gone_is_replaced_by_the_first_option() -> None:
    job = Variable("job", "query", current=("old",))
    assert binding(job, options=["a", "b"]) == ("a",)
    assert binding(job, options=["old", "b"]) == ("old",)
    assert binding(job, options=[]) == ()


def test_all_stays_all_and_stands_for_every_option_found() -> None:
    job = Variable("job", "query", current=("$__all",), include_all=True)
    bound = bind_variables([job], {}, span_ms=0, options={"job": ["a", "b"]})
    assert bound["job"].chosen == ("a", "b")


def test_a_query_variable_without_any_value_is_all_where_that_is_offered() -> None:
    assert binding(Variable("job", "query", include_all=True)) == ("$__all",)


def test_a_given_name_that_the_dashboard_lacks_is_bound() -> None:
    assert bind_variables([], {"x": "1"}, span_ms=0)["x"].values == ("1",)


def test_a_repeated_variable_is_bound_to_one_value_at_a_time() -> None:
    bound = bound_to(BINDINGS, "all", "y")
    assert substitute("$all", bound, style="promql") == "y"


_NAMES = st.from_regex(r"[a-z]{1,6}", fullmatch=True)


@given(_NAMES, st.text(alphabet="abc.", min_size=1, max_size=5))
def test_a_reference_becomes_exactly_its_value(name: str, value: str) -> None:
    bound = {name: Binding((value,))}
    assert substitute(f"<${name}> <${{{name}}}> <[[{name}]]>", bound) == " ".join(
        [f"<{value}>"] * 3
    )


@given(st.text(alphabet=st.characters(exclude_characters="$["), max_size=30))
def test_a_text_without_references_is_left_alone(text: str) -> None:
    assert promql(text) == text
