#!/usr/bin/env bash
# Imports the dashboards beside this file into a Grafana. See --help.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here programs=$here/import
readonly EXIT_GRAFANA=1 EXIT_INPUT=2 EXIT_UNMAPPED=3
readonly DEFAULT_FOLDER='MLOps Scoring Platform' DEFAULT_FOLDER_UID=mlops-scoring

usage() {
  cat <<'TEXT'
usage: import-grafana-dashboards.sh [FILE.json ...]

Imports the two dashboards (or the files named) into a Grafana; repeating it updates them.
Needs bash, curl and jq 1.6 or newer.

Files may be of any Grafana: inputs of an export, fixed uids, names and defaults of Prometheus data
sources become the one chosen here, library panels in the file are put in their place. What cannot
be mapped is named. The V2 model is refused: export such a dashboard as Classic.

Everything is set by the environment:

  GRAFANA_URL         where Grafana answers             (http://localhost:3000)
  GRAFANA_TOKEN       a service account token, role Admin (or Editor with
                      datasources:read); or
  GRAFANA_USER        a user's name, with
  GRAFANA_PASSWORD    its password
  GRAFANA_DATASOURCE  uid or name of the Prometheus data source
                      (the default one if it is a Prometheus, or the only Prometheus)
  GRAFANA_FOLDER      the folder's title                (MLOps Scoring Platform)

Secrets are handed to curl on a pipe: they are on no command line and in no output.

Exit codes: 0 imported, 1 Grafana refused or cannot be reached, 2 wrong input, 3 imported, but
some panels have no data source (each is named).
TEXT
}

fail() { # code, line ...
  local code=$1
  shift
  printf 'import: %s\n' "$@" >&2
  exit "$code"
}

# One value of a curl configuration file: quotes and backslashes escaped.
quoted() {
  local value=${1//\\/\\\\}
  printf '"%s"' "${value//\"/\\\"}"
}

# printf is a builtin of bash, so what it prints is never in the process list.
credentials() {
  if [[ -n $token ]]; then
    printf 'header = %s\n' "$(quoted "Authorization: Bearer $token")"
  elif [[ -n $user ]]; then
    printf 'user = %s\n' "$(quoted "$user:$password")"
  fi
}

# Sets `status` (000: no answer) and `body`.
call() { # method, path, body
  local method=$1 path=$2 data=${3-} answer
  local arguments=(--silent --show-error --max-time 30 --request "$method"
    --header 'Accept: application/json' --write-out '\n%{http_code}' --config /dev/fd/3)
  if [[ -n $data ]]; then
    arguments+=(--header 'Content-Type: application/json' --data-binary @-)
  fi
  curl_error=''
  if ! answer=$(curl "${arguments[@]}" "$url$path" 3< <(credentials) <<<"$data" 2>"$scratch/curl"); then
    curl_error=$(<"$scratch/curl")
  fi
  status=${answer##*$'\n'}
  body=${answer%$'\n'*}
  [[ $status =~ ^[0-9]{3}$ ]] || status=000
}

message() { # Grafana's own words, or nothing
  jq --raw-output '.message? // empty' <<<"$body" 2>/dev/null || true
}

# What went wrong, in words, and the end.
refused() { # what was tried
  local said
  said=$(message)
  said=${said:+ Grafana says: $said}
  case $status in
    000) fail $EXIT_GRAFANA "no Grafana answers at $url (${curl_error:-no answer})." \
      'Start it, or set GRAFANA_URL.' ;;
    401) fail $EXIT_GRAFANA "$1: not logged in (401).$said" \
      'Set GRAFANA_TOKEN, or GRAFANA_USER and GRAFANA_PASSWORD, to one that is valid.' ;;
    403) fail $EXIT_GRAFANA "$1: not allowed (403).$said" \
      'The account needs to read data sources (role Admin, or datasources:read) and to write dashboards (role Editor).' ;;
    404) fail $EXIT_GRAFANA "$1: not found (404).$said" \
      "Is $url a Grafana, with its sub-path if it has one?" ;;
    412) fail $EXIT_GRAFANA "$1: refused as a conflict (412).$said" \
      'A dashboard of that title exists in the folder under another uid, or belongs to a plugin: rename or delete it.' ;;
    400) fail $EXIT_GRAFANA "$1: refused as bad (400).$said" \
      'A provisioned dashboard cannot be overwritten: change its file instead.' ;;
    *) fail $EXIT_GRAFANA "$1: Grafana answered $status.$said" ;;
  esac
}

check_tools() {
  local tool
  for tool in curl jq; do
    command -v "$tool" >/dev/null ||
      fail $EXIT_INPUT "$tool is missing; install it (Debian: apt-get install $tool, macOS: brew install $tool)."
  done
}

check_input() {
  [[ $url =~ ^https?://[^[:space:]@]+$ ]] ||
    fail $EXIT_INPUT 'GRAFANA_URL must be http://... or https://..., without user or password in it.'
  [[ -z $user || -n $password ]] || fail $EXIT_INPUT 'GRAFANA_USER is set but GRAFANA_PASSWORD is not.'
  [[ $token$user$password != *$'\n'* ]] || fail $EXIT_INPUT 'GRAFANA_TOKEN, _USER or _PASSWORD holds a line break.'
  local i
  for i in "${!files[@]}"; do
    read_file "${files[i]}" "$scratch/$i.classic.json"
  done
}

# The classic dashboard that a file holds, whatever is around it.
read_file() { # file, where to
  [[ -r $1 && ! -d $1 ]] || fail $EXIT_INPUT "$1: cannot be read."
  jq --slurp --compact-output --from-file "$programs/classic.jq" "$1" >"$2" 2>"$scratch/jq" ||
    fail $EXIT_INPUT "$1: not a dashboard. $(head -c 200 "$scratch/jq")"
  local refusal
  refusal=$(jq --raw-output '.refusal // empty' "$2")
  [[ -z $refusal ]] || fail $EXIT_INPUT "$1: not a dashboard to import: $refusal."
}

check_health() {
  call GET /api/health
  [[ $status == 200 || $status == 503 ]] || refused 'asking for its health'
  [[ $(jq --raw-output '.database? // empty' <<<"$body" 2>/dev/null || true) == ok ]] ||
    fail $EXIT_GRAFANA "what answers at $url is not a healthy Grafana (/api/health, status $status)."
}

choose_datasource() { # sets `datasource`, as {"uid", "name"}
  call GET /api/datasources
  [[ $status == 200 ]] || refused 'listing the data sources'
  local list=$body chosen candidates
  printf '%s' "$list" >"$scratch/sources"
  candidates=$(jq --raw-output '[.[] | select(.type == "prometheus") | "\(.name) (uid \(.uid))"]
    | if length == 0 then "none" else join(", ") end' <<<"$list")
  if [[ -n $wanted ]]; then
    chosen=$(jq --compact-output --arg wanted "$wanted" \
      'map(select(.uid == $wanted)) + map(select(.name == $wanted)) | first // empty' <<<"$list")
    [[ -n $chosen ]] ||
      fail $EXIT_INPUT "no data source has the uid or name '$wanted' (GRAFANA_DATASOURCE)." \
        "Prometheus data sources here: $candidates."
    [[ $(jq --raw-output .type <<<"$chosen") == prometheus ]] ||
      fail $EXIT_INPUT "the data source '$wanted' is of type $(jq --raw-output .type <<<"$chosen"), not prometheus." \
        "Prometheus data sources here: $candidates."
  else
    chosen=$(jq --compact-output 'map(select(.type == "prometheus"))
      | map(select(.isDefault)) + (if length == 1 then . else [] end) | first // empty' <<<"$list")
    [[ $candidates != none ]] ||
      fail $EXIT_INPUT 'this Grafana has no Prometheus data source.' \
        'Add one (Connections, Data sources), then run this again.'
    [[ -n $chosen ]] ||
      fail $EXIT_INPUT 'several Prometheus data sources, and none is the default: set GRAFANA_DATASOURCE.' \
        "Prometheus data sources here: $candidates."
  fi
  datasource=$(jq --compact-output '{uid, name}' <<<"$chosen")
}

prepare_folder() { # sets `folder`, its uid
  call GET "/api/folders?limit=1000"
  [[ $status == 200 ]] || refused 'listing the folders'
  folder=$(jq --raw-output --arg title "$folder_title" \
    'map(select(.title == $title)) | first | .uid // empty' <<<"$body")
  [[ -z $folder ]] || return 0
  local fresh
  fresh=$(jq --null-input --compact-output --arg title "$folder_title" '{title: $title}')
  if [[ $folder_title == "$DEFAULT_FOLDER" ]]; then
    fresh=$(jq --compact-output --arg uid "$DEFAULT_FOLDER_UID" '. + {uid: $uid}' <<<"$fresh")
  fi
  call POST /api/folders "$fresh"
  if [[ $status == 409 || $status == 412 ]] && [[ $folder_title == "$DEFAULT_FOLDER" ]]; then
    # It is there under another title: somebody renamed it.
    call GET "/api/folders/$DEFAULT_FOLDER_UID"
  fi
  [[ $status == 200 ]] || refused "making the folder '$folder_title'"
  folder=$(jq --raw-output .uid <<<"$body")
}

# The dashboards with the data sources of this Grafana, and what is to be said about them.
map_files() {
  local i chosen
  chosen=$(jq --raw-output .uid <<<"$datasource")
  for i in "${!files[@]}"; do
    jq --compact-output --slurpfile sources "$scratch/sources" --arg chosen "$chosen" \
      --from-file "$programs/datasources.jq" "$scratch/$i.classic.json" \
      >"$scratch/$i.mapped.json" 2>"$scratch/jq" ||
      fail $EXIT_INPUT "${files[i]}: not a dashboard that is understood. $(head -c 200 "$scratch/jq")"
  done
}

# Library panels that neither the file nor Grafana has, a line for each.
missing_library_panels() { # mapped file
  local uid what
  while IFS=$'\t' read -r uid what; do
    if [[ $uid =~ ^[A-Za-z0-9_-]{1,40}$ ]]; then
      call GET "/api/library-elements/$uid"
      [[ $status != 200 ]] || continue
      [[ $status == 404 ]] || refused "looking for the library panel '$uid'"
    fi
    printf '%s: its library panel is neither in the file nor in this Grafana\n' "$what"
  done < <(jq --raw-output '.library[] | [.uid, .what] | @tsv' "$1")
}

import_file() { # mapped file; what cannot be mapped is added to `unmapped`
  local mapped=$1 title missing line
  title=$(jq --raw-output .dashboard.title "$mapped")
  call POST /api/dashboards/db "$(jq --compact-output --arg folder "$folder" '
    {dashboard: (.dashboard + {id: null} | del(.version)), folderUid: $folder, overwrite: true,
     message: "import-grafana-dashboards.sh"}' "$mapped")"
  [[ $status == 200 ]] || refused "importing '$title'"
  printf '%s: %s%s\n' "$title" "$url" "$(jq --raw-output '.url | sub("^.*/d/"; "/d/")' <<<"$body")"
  jq --raw-output '"  \(.notes[])"' "$mapped"
  missing=$(missing_library_panels "$mapped")
  while IFS= read -r line; do
    [[ -z $line ]] || unmapped+=("'$title', $line.")
  done < <(jq --raw-output '.problems[]' "$mapped" && printf '%s\n' "$missing")
}

main() {
  if [[ ${1-} == -h || ${1-} == --help ]]; then
    usage
    exit 0
  fi
  [[ ${1-} != -* ]] || fail $EXIT_INPUT "unknown option $1; --help shows the use."
  url=${GRAFANA_URL:-http://localhost:3000}
  url=${url%/}
  token=${GRAFANA_TOKEN-} user=${GRAFANA_USER-} password=${GRAFANA_PASSWORD-}
  wanted=${GRAFANA_DATASOURCE-}
  folder_title=${GRAFANA_FOLDER:-$DEFAULT_FOLDER}
  # Not for children: a program's environment can be read by the user's other programs.
  unset GRAFANA_TOKEN GRAFANA_USER GRAFANA_PASSWORD
  files=("$@")
  [[ $# -gt 0 ]] || files=("$here/scoring-ml-dashboard.json" "$here/scoring-business-dashboard.json")
  check_tools
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  check_input
  check_health
  choose_datasource
  map_files
  prepare_folder
  local i unmapped=()
  for i in "${!files[@]}"; do
    import_file "$scratch/$i.mapped.json"
  done
  printf "data source: %s, folder: %s\n" "$(jq --raw-output .name <<<"$datasource")" "$folder_title"
  [[ ${#unmapped[@]} -eq 0 ]] ||
    fail $EXIT_UNMAPPED 'imported, but these will say that their data source was not found:' \
      "${unmapped[@]}" 'Add the data source, or choose another in the panel.'
}

main "$@"
