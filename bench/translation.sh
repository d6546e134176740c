#!/usr/bin/env bash
# A million IDs translated from disk to container, through two maps: for each number of lines the milliseconds.
set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"

out=$root_dir/artifacts/bench
CsrunTargetFrameworks=net10.0 dotnet build "$root_dir/bench/translation" -c Release --artifacts-path "$out" -v quiet --nologo -clp:NoSummary >&2
dotnet "$out/bin/translation/release/translation.dll" | while read -r lines ms _; do
    printf '%s lines: %s ms\n' "$lines" "$ms"
done
