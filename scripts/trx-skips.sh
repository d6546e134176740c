#!/usr/bin/env bash
# trx-skips.sh FILE...: one line for each skipped test: its name, a tab, the reason.
set -euo pipefail
cat "$@" /dev/null | awk '
    function text(s) {
        gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&#xD;|&#xA;/, "", s); gsub(/&amp;/, "\\&", s)
        return s
    }
    function attribute(s, name) {
        if (!match(s, " " name "=\"[^\"]*\"")) return ""
        return substr(s, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
    }
    BEGIN { RS = "<UnitTestResult " }
    NR > 1 {
        head = " " $0; sub(/>.*/, "", head)
        if (attribute(head, "outcome") != "NotExecuted") next
        body = $0
        sub(/<\/UnitTestResult>.*/, "", body)
        reason = "no reason given"
        if (match(body, /<(StdOut|Message)>[^<]*/)) {
            reason = substr(body, RSTART, RLENGTH)
            sub(/^<[A-Za-z]+>/, "", reason)
        }
        gsub(/[\n\t]+/, " ", reason)
        print text(attribute(head, "testName")) "\t" text(reason)
    }'
