# The classic dashboard that a file holds, as {"dashboard": ...}, or {"refusal": "..."} in words.
#
# A file may hold it bare, in the envelope of Grafana's HTTP API ({"dashboard": ..., "meta": ...}),
# or as a V1 resource ({"apiVersion": "dashboard.grafana.app/v1", "metadata": ..., "spec": ...}).
# Read with --slurp.

def quoted: tostring | if length > 60 then .[:57] + "..." else . end | "'\(.)'";

def is_resource: (.apiVersion? | type) == "string" and (.spec? | type) == "object";

def unwrapped:
  if is_resource then .metadata.name? as $name | .spec | if $name then .uid = $name else . end
  elif (.dashboard? | type) == "object" and (has("panels") or has("rows") | not) then .dashboard
  else . end;

# Without a uid Grafana would make one more dashboard of the same title at each import.
def with_uid:
  if (.uid | type) == "string" and .uid != "" then .
  else .uid = (.title | ascii_downcase | gsub("[^a-z0-9]+"; "-") | .[:40] | gsub("^-|-$"; ""))
    | if .uid == "" then .uid = "imported" else . end
  end;

def refusal:
  if (.elements? | type) == "object" then
    "it is of the V2 model (elements and layout); export it from Grafana as Classic"
  elif (.title? | type) != "string" or .title == "" then "it has no title"
  elif (.panels? | type) != "array" and (.rows? | type) != "array" then "it has no panels"
  elif [.panels[]?, .rows[]?, .rows[]?.panels[]?, .templating?.list[]?, .annotations?.list[]?]
       | all(type == "object") | not then "a panel, variable or annotation is not a JSON object"
  else null end;

if length != 1 then {refusal: "it holds \(length) JSON documents"}
elif .[0] | type != "object" then {refusal: "it holds a JSON \(.[0] | type)"}
elif .[0] | is_resource and (.kind? // "Dashboard") != "Dashboard" then
  {refusal: "it is of kind \(.[0].kind | quoted)"}
else .[0] | unwrapped | refusal as $refusal
  | if $refusal then {refusal: $refusal} else {dashboard: with_uid} end
end
