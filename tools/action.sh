#!/usr/bin/env bash
# What action.yml runs. Takes INPUT_PATHS, INPUT_FORMAT, INPUT_ENVIRONMENT, INPUT_SARIF, INPUT_UPLOAD and INPUT_VERSION, and
# writes the outputs exit-code and sarif. Ends as the check does.
set -euo pipefail

version=${INPUT_VERSION:-}
if [[ -z $version ]]; then
  version=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).version' \
    "$GITHUB_ACTION_PATH/package.json")
fi

paths=()
while IFS= read -r path; do
  if [[ -n $path ]]; then paths+=("$path"); fi
done <<<"${INPUT_PATHS:-.}"

options=()
if [[ -n ${INPUT_ENVIRONMENT:-} ]]; then options+=("--environment=$INPUT_ENVIRONMENT"); fi

check() {
  # What follows -- is no option, whatever it is called.
  npx --yes --package="pulumi-pinned-images@$version" -- \
    pinned-images check "$@" ${options[@]+"${options[@]}"} -- ${paths[@]+"${paths[@]}"}
}

output() {
  if [[ -n ${GITHUB_OUTPUT:-} ]]; then printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; fi
}

sarif=${INPUT_SARIF:-}
if [[ $sarif == *$'\n'* ]]; then
  echo "::error title=pinned-images::the input sarif has more than one line; name one file"
  exit 2
fi
case ${INPUT_UPLOAD:-false} in
  # What nobody named is kept where it is in nobody's way.
  true) sarif=${sarif:-${RUNNER_TEMP:-.}/pinned-images.sarif} ;;
  false) ;;
  *)
    echo "::error title=pinned-images::the input upload is neither true nor false"
    exit 2
    ;;
esac
if [[ -n $sarif ]]; then
  # Findings are said by the second run, in the log; one that could not begin ends here.
  code=0
  check --format=sarif --output="$sarif" || code=$?
  if [[ $code -eq 2 ]]; then
    output exit-code "$code"
    exit "$code"
  fi
  output sarif "$sarif"
fi

code=0
check --format="${INPUT_FORMAT:-github}" || code=$?
output exit-code "$code"
exit "$code"
