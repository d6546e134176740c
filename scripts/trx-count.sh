#!/usr/bin/env bash
# trx-count.sh FILE...: N passed, N failed, N skipped, summed over TRX result files. A file that is missing (its test
# host crashed or hung) counts as one failure; so does a run that was aborted.
set -euo pipefail
total() { # total ATTRIBUTE-VALUE FILE: how many results have that outcome
    grep -o '<UnitTestResult [^>]*>' "$2" | grep -c "outcome=\"$1\"" || true
}
passed=0 failed=0 skipped=0
for file in "$@"; do
    if [ ! -s "$file" ]; then
        failed=$((failed + 1))
        continue
    fi
    passed=$((passed + $(total Passed "$file")))
    skipped=$((skipped + $(total NotExecuted "$file")))
    bad=$(grep -o '<UnitTestResult [^>]*>' "$file" | grep -vcE 'outcome="(Passed|NotExecuted)"' || true)
    if [ "$bad" -eq 0 ] && grep -qE '<ResultSummary outcome="(Failed|Aborted|Error|Timeout)"' "$file"; then bad=1; fi
    failed=$((failed + bad))
done
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
