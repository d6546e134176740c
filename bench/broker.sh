#!/usr/bin/env bash
# What the broker adds to a start: csrun run with a volume that the broker maps, and with the same volume plain, turn by turn.
# As root, who starts a broker on a socket of its own; csrun runs as the ordinary test user. Prints medians in milliseconds.
#
#   bench/broker.sh [ROUNDS]
set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"

is_root || die "bench/broker.sh: root only" "it starts a broker" "sudo bench/broker.sh"
rounds=${1:-100}
csrun=$(reachable "$test_user" "$root_dir/bin/csrun")
CSRUN_IMAGE_PATH=$(default_image_path)
export CSRUN_IMAGE_PATH
work=$(mktemp -d /var/tmp/csrun-bench-broker.XXXXXX)
broker_dir=/run/csrun-bench-broker-$$
"$root_dir/bin/csrun" broker serve --socket "$broker_dir/broker.sock" 2>"$work/log" &
broker=$!
trap 'kill "$broker" 2>/dev/null || true; rm -rf "$work" "$broker_dir"' EXIT
export CSRUN_ROOT=$work/state CSRUN_BROKER=$broker_dir/broker.sock
mkdir "$work/state" "$work/data"
chown "$test_user:" "$work" "$work/state" "$work/data"
first=$(getsubids "$test_user" | awk '{print $3; exit}')
image=busybox
[ -n "$CSRUN_IMAGE_PATH" ] && image=alpine

# One shell of the user's for all rounds: what starts it is not to be measured.
# shellcheck disable=SC2016
as_user "$test_user" bash -c '
    csrun=$1 rounds=$2 first=$3 data=$4 image=$5
    one() { # NAME VOLUME
        local start=${EPOCHREALTIME/./}
        "$csrun" run --userns "map=0:$first:65536" -v "$2" "$image" true
        echo "$1 $((${EPOCHREALTIME/./} - start))"
    }
    one warm "$data:/data:idmap" >/dev/null
    for ((i = 0; i < rounds; i++)); do
        one plain "$data:/data"
        one mapped "$data:/data:idmap"
    done' - "$csrun" "$rounds" "$first" "$work/data" "$image" >"$work/times"

median() { awk -v name="$1" '$1 == name {print $2}' "$work/times" | sort -n | awk '{a[NR] = $1} END {printf "%.2f", a[int((NR + 1) / 2)] / 1000}'; }
plain=$(median plain)
mapped=$(median mapped)
awk -v p="$plain" -v m="$mapped" -v n="$rounds" 'BEGIN {printf "plain volume %s ms, mapped by the broker %s ms: %.2f ms more (medians of %d)\n", p, m, m - p, n}'
