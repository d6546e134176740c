#!/usr/bin/env bash
# skip-expected.sh TEST REASON: succeeds where tests/expected-skips.txt foresees that skip on this machine.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
test_name=$1 reason=$2

# The conditions that a line may name.
holds() {
    case $1 in
        always) true ;;
        not-root) ! is_root ;;
        no-alpine) ! compgen -G "$(default_image_path)/alpine-minirootfs-*" >/dev/null ;;
        no-*) ! have "${1#no-}" ;;
        *) die "tests/expected-skips.txt: unknown condition '$1'" ;;
    esac
}

while read -r condition test_glob reason_glob; do
    case $condition in '' | '#'*) continue ;; esac
    # shellcheck disable=SC2053,SC2254 # the right sides are patterns on purpose
    if [[ $test_name == $test_glob && $reason == $reason_glob ]] && holds "$condition"; then exit 0; fi
done <"$root_dir/tests/expected-skips.txt"
exit 1
