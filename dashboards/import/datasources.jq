# A dashboard of any Grafana, asking the data sources of this one:
#   {"dashboard": ..., "notes": [...], "problems": [...], "library": [...]}
# `notes` say what was taken for what; `problems` name what could not be mapped; `library` lists the
# library panels, {"uid", "what"}, that must be on the server already.
#
# Reads {"dashboard": ...}. Given: $sources, a list that holds what GET /api/datasources lists;
# $chosen, the uid of the Prometheus among them.

def quoted: tostring | if length > 60 then .[:57] + "..." else . end | "'\(.)'";

# ------------------------------------------------------------------ the data sources that are here

# Types that answer PromQL through the same queries as Prometheus's own.
def speaks_promql:
  IN("prometheus", "grafana-amazonprometheus-datasource", "grafana-azureprometheus-datasource",
     "victoriametrics-datasource", "victoriametrics-metrics-datasource");

# What every Grafana has: mixed, another panel's result, its own streams, expressions.
def is_built_in: test("^-- .* --$") or IN("grafana", "__expr__");

def here: . as $name | [$sources[0][] | select(.uid == $name), select(.name == $name)][0];

# The one to take for another of the same type; none where it would be a guess.
def of_type:
  . as $type
  | [$sources[0][] | select(.type == $type)]
  | if $type == "prometheus" then map(select(.uid == $chosen))
    elif length == 1 then . else map(select(.isDefault)) end
  | if length > 0 then .[0]
    elif $type | speaks_promql then $chosen | here
    else null end;

# ----------------------------------------------------- an export's inputs: replaced in every text

def input_value:
  if .type != "datasource" then
    if (.value | type) == "string" then {value}
    else {problem: "input \(.name | quoted) has no value"} end
  elif .pluginId == "datasource" then {value: "grafana"}
  elif .pluginId // "" | is_built_in then {value: .pluginId}
  else (.pluginId // "prometheus" | of_type) as $found
    | if $found then {value: $found.uid, note: "${\(.name)} is \($found.name)"}
      else {problem: "input \(.name | quoted): there is no \(.pluginId) to choose"} end
  end;

def with_inputs:
  [.dashboard.__inputs[]? | objects | select((.name | type) == "string") | . + input_value] as $all
  | .dashboard |= (del(.__inputs, .__requires)
      | reduce ($all[] | select(.problem | not)) as $input (.;
          walk(if type == "string" then split("${\($input.name)}") | join($input.value) else . end)))
  | .notes += [$all[].note // empty]
  | .problems += [$all[].problem // empty];

# --------------------------- library panels: what the file brings is put where it is to be shown

def every_panel: .panels[]?, .panels[]?.panels[]?, .rows[]?.panels[]?;

def with_library_panels:
  [.dashboard.__elements[]? | objects] as $elements
  | .dashboard |= (del(.__elements) | every_panel |= (
      .libraryPanel.uid? as $uid
      | [$elements[] | select($uid != null and .uid == $uid).model | objects][0] as $model
      | if $model then $model + {id, gridPos, title: (.title // $model.title)} else . end))
  | .library = [.dashboard | every_panel | select((.libraryPanel? | type) == "object")
      | {uid: (.libraryPanel.uid | tostring), what: "panel \(.title // .libraryPanel.name | quoted)"}];

# ------------------------------------------------------------- what a reference names, and becomes

# Below schema version 33 a reference is a text, which Grafana itself turns into an object.
def reference($schema): if $schema < 33 then .uid else {type, uid} end;

def variable_name:
  (capture("^(?:\\$\\{?(?<a>\\w+)(?::[^}]*)?\\}?|\\[\\[(?<b>\\w+)(?::[^]]*)?\\]\\])$") | .a // .b) // null;

# Whether a variable leads to a data source that is here.
def leads_here: .type == "datasource" or (.current?.value? // .query | tostring | here) != null;

# {"to": ...} with a note, or {"problem": ...}, or {} to leave it as it is. $promql: what is asked
# looks like PromQL. Where nothing is named, Grafana asks its default data source.
def resolved($variables; $schema; $promql):
  . as $given
  | (if type == "object" then .type // "" else "" end) as $type
  | (if type == "object" then .uid // "" else . // "" end | tostring) as $name
  | (if $type != "" then $type | of_type elif $promql then "prometheus" | of_type else null end) as $other
  | ($name | variable_name) as $variable
  | ($name | here | if . and ($type == "" or .type == $type) then . else null end) as $found
  | if ($name | is_built_in) or ($type | IN("datasource", "grafana", "__expr__")) then {}
    elif $name == "" or $given == "default" then
      if $other then {to: ($other | reference($schema))}
      elif $type != "" then {problem: "there is no \($type) to choose"}
      else {} end
    elif $variable and ($variables | has($variable)) then
      if $variables[$variable] | leads_here then {}
      else {problem: "variable \($variable | quoted) names a data source that is not here"} end
    elif $found then
      if ($given | type) == "string" then {to: ($found | reference($schema))} else {} end
    elif $other then
      {to: ($other | reference($schema)), note: "\($name | quoted) is taken for \($other.name)"}
    elif $type != "" then {problem: "no data source \($name | quoted) is here, and no \($type) to choose"}
    else {problem: "no data source \($name | quoted) is here, and its type is not told"} end;

# --------------------------------------------------------------------------- where references stand

# LogQL has its streams in braces without a name, and filters its lines.
def looks_like_promql:
  (.expr? | type) == "string" and .expr != "" and (.expr | test("(^|\\()\\s*\\{|\\|[=~]") | not);

def asks_promql_of_variable:
  .type != "query"
  or (.query? | if type == "object" then .query? else . end | tostring
      | test("^\\s*(label_values|label_names|query_result|metrics)\\s*\\("));

def asked: (.targets? | arrays) // [];

# Each place as {"path", "what", "promql"}: a panel that asks something, its queries that name a
# source of their own, annotations, variables.
def places:
  . as $board
  | (path(every_panel) as $at | ($board | getpath($at)) as $panel
      | "panel \($panel.title // "without a title" | quoted)" as $what
      | ($panel.datasource | if type == "object" then .uid else . end) as $named
      | [$panel | asked[] | objects] as $queries
      | select($queries != [])
      | {path: $at, what: $what,
         promql: ($queries | map(select(.datasource == null or .datasource == $panel.datasource))
                  | length > 0 and all(looks_like_promql))},
        ($panel | asked | to_entries[] | select(.value | type == "object")
          | select(.value.datasource != null or $named == "-- Mixed --")
          | {path: ($at + ["targets", .key]), promql: (.value | looks_like_promql),
             what: (if .value.datasource == $panel.datasource then $what
                    else "\($what), query \(.value.refId // .key)" end)})),
    (path(.annotations?.list[]?) as $at | ($board | getpath($at))
      | {path: $at, what: "annotation \(.name | quoted)",
         promql: (looks_like_promql or (.target? | looks_like_promql))}),
    (path(.templating?.list[]?) as $at | ($board | getpath($at))
      | select(.type | IN("query", "adhoc", "groupby"))
      | {path: $at, what: "variable \(.name | quoted)", promql: asks_promql_of_variable});

def with_references:
  .dashboard as $board
  | ($board.schemaVersion | numbers // 0) as $schema
  | ([$board.templating?.list[]? | {key: (.name | tostring), value: .}] | from_entries) as $variables
  | reduce ($board | places) as $place (.;
      ($place.path + ["datasource"]) as $at
      | (.dashboard | getpath($at) | resolved($variables; $schema; $place.promql)) as $result
      | if $result.to then .dashboard |= setpath($at; $result.to) else . end
      | .notes += [$result.note // empty]
      | .problems += [$result.problem // empty | "\($place.what): \(.)"]);

# ------------------------------------------------- variables that let people choose a data source

def matches($name):
  (.regex? // "" | tostring | ltrimstr("/") | sub("/[a-z]*$"; "")) as $regex
  | $regex == "" or (try ($name | test($regex)) catch true);

# The text of a variable's value counts up to Grafana 10.0, the value itself from 10.1. A variable
# offers what is of the type that its query names.
def pointed_at($source):
  .query = $source.type
  | .current = {selected: true, text: $source.name, value: $source.uid}
  | if .multi? == true then .current |= (.text = [.text] | .value = [.value]) else . end;

def with_variables:
  reduce (.dashboard | path(.templating?.list[]? | select(.type == "datasource"))) as $at (.;
    (.dashboard | getpath($at)) as $variable
    | ($variable.query // "prometheus" | tostring | of_type) as $source
    | "variable \($variable.name | quoted)" as $what
    | if $source == null then .problems += ["\($what): there is no \($variable.query) to choose"]
      elif $variable | matches($source.name) | not then
        .problems += ["\($what) offers only what matches \($variable.regex), and \($source.name) does not"]
      else .dashboard |= setpath($at; $variable | pointed_at($source)) end);

{dashboard, notes: [], problems: [], library: []}
| with_inputs | with_library_panels | with_references | with_variables
| .notes |= unique | .problems |= unique
