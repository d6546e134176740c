#!/usr/bin/env bash
# make test: every test project, then one closing line summed over all of them: N passed, N failed, N skipped.
# As root the integration tests run csrun as the ordinary test user and as root; as an ordinary user they run it as
# that user and skip root's part. A skip that tests/expected-skips.txt does not foresee fails the run.
#
#   scripts/test.sh [PROJECT-PATTERN [VSTEST-FILTER]]     e.g. scripts/test.sh Integration FullyQualifiedName~Exit
set -uo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root_dir" || exit 1

exec 2>&1 # one stream: the closing line stays last
pattern=${1:-}
filter=${2:-}
out=$root_dir/artifacts/test
results=$out/results
rm -rf "$results"
mkdir -p "$results"

if is_root; then scripts/setup.sh --test || exit 1; fi
CSRUN_IMAGE_PATH=$(default_image_path)
export CSRUN_IMAGE_PATH
export CSRUN_BIN=${CSRUN_BIN:-$root_dir/bin/csrun}

# The tests only need net10.0; one framework halves the build.
CsrunTargetFrameworks=net10.0
CsrunNativeTfm=$(scripts/native-tfm.sh) || exit 1
export CsrunTargetFrameworks CsrunNativeTfm
say "building the tests"
dotnet build runtime.sln -c Release --artifacts-path "$out" -v quiet --nologo -clp:NoSummary || exit 1

failed_projects=()
for project in tests/Csrun.*.Tests; do
    name=$(basename "$project")
    case $name in *"$pattern"*) ;; *) continue ;; esac
    # A project without a test yet has nothing to say.
    grep -rqE '\[[A-Za-z]*(Fact|Theory)' --include='*.cs' "$project" || continue
    log=$results/$name.log
    started=$SECONDS
    timeout --kill-after=30 1200 dotnet test "$out/bin/$name/release/$name.dll" \
        --logger "trx;LogFileName=$name.trx" --results-directory "$results" \
        ${filter:+--filter "$filter"} >"$log" 2>&1
    code=$?
    counts=$(scripts/trx-count.sh "$results/$name.trx")
    # One line, which is not the closing line's form: that stands once, at the end.
    say "$name: $counts ($((SECONDS - started)) s)"
    if [ "$code" -ne 0 ]; then
        failed_projects+=("$name")
        # Each failure with its message; the whole log stays in artifacts/.
        grep -vE '^\s*(Passed|Skipped) |^$' "$log" | tail -n 400
        [ -e "$results/$name.trx" ] || warn "$name ended without results (exit code $code): $log"
    fi
done

skips=$(scripts/trx-skips.sh "$results"/*.trx)
unexpected=0
if [ -n "$skips" ]; then
    say "skipped:"
    printf '%s\n' "$skips" | sed 's/^/  /; s/\t/: /'
    while IFS=$'\t' read -r test reason; do
        if ! scripts/skip-expected.sh "$test" "$reason"; then
            warn "unexpected skip: $test: $reason"
            warn "  fix: make it run here, or foresee it in tests/expected-skips.txt"
            unexpected=$((unexpected + 1))
        fi
    done <<<"$skips"
fi

[ ${#failed_projects[@]} -eq 0 ] || warn "failed: ${failed_projects[*]}"
scripts/trx-count.sh "$results"/*.trx
[ ${#failed_projects[@]} -eq 0 ] && [ "$unexpected" -eq 0 ]
