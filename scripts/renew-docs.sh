#!/usr/bin/env bash
# renew-docs.sh [lessons|failures]: writes what is printed today into docs/lessons and docs/failures.md, by running their
# tests with the writing on. Outputs that differ only in what differs every time (process IDs, inodes, durations) stay.
# Needs what the tests need: bin/csrun, and root to become the test users.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root_dir"

case ${1:-all} in
lessons) filter='FullyQualifiedName~What_a_lesson_shows' ;;
failures) filter='FullyQualifiedName~FailureTests' ;;
all) filter='FullyQualifiedName~What_a_lesson_shows|FullyQualifiedName~FailureTests' ;;
*) die "renew-docs.sh: \"$1\" is neither lessons nor failures" ;;
esac
CSRUN_RENEW=1 scripts/test.sh Integration "$filter"
git --no-pager diff --stat -- docs
