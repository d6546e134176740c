#!/usr/bin/env bash
# shellcheck disable=SC2016 # backquotes below are Markdown
# make bench, third part: what an engine waits for. create, start and delete of one OCI bundle, by csrun, crun and runc side by
# side, and exec into a running container; as root, because engines' runtimes run as root mostly. Rounds over all commands; of
# each command the best round's median counts. Writes RESULTS-lifecycle.md.
#
#   CSRUN_BENCH_ROUNDS=3 CSRUN_BENCH_RUNS=60 bench/lifecycle.sh
#
# All three make the container's control groups with cgroupfs. crun refuses a version 1 machine that has cgroup2 beside it, so
# everything runs where the latter is out of sight, in a mount namespace of the benchmark's own.

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"

is_root || die "bench/lifecycle.sh needs root" "runtimes that engines call run as root" "sudo make bench"
if [ -z "${CSRUN_BENCH_NESTED:-}" ] && mountpoint -q /sys/fs/cgroup/unified; then
    CSRUN_BENCH_NESTED=1 exec unshare --mount --propagation private \
        sh -c 'umount -l /sys/fs/cgroup/unified && exec "$0"' "$(cd "$(dirname "$0")" && pwd)/lifecycle.sh"
fi
"$root_dir/scripts/setup.sh" --bench
rounds=${CSRUN_BENCH_ROUNDS:-3}
runs=${CSRUN_BENCH_RUNS:-60}
results=$root_dir/bench/RESULTS-lifecycle.md
for tool in hyperfine jq runc crun; do have "$tool" || die "$tool: command not found" '' "sudo scripts/setup.sh --bench"; done

work=$(mktemp -d /var/tmp/csrun-bench.XXXXXX)
name=bench-$$ # of the machine's one tree of control groups
export CSRUN_ROOT=$work/state CSRUN_IMAGE_PATH=${CSRUN_IMAGE_PATH:-$(default_image_path)}
declare -A runtime=([csrun]="$work/csrun" [crun]="crun --root $work/crun" [runc]="runc --root $work/runc")
tools=(csrun crun runc)
cleanup() {
    for tool in "${tools[@]}"; do
        ${runtime[$tool]} delete --force "$name-$tool" >/dev/null 2>&1 || true
        ${runtime[$tool]} delete --force "$name-long-$tool" >/dev/null 2>&1 || true
    done
    unshare --mount rm -rf --one-file-system "$work"
}
trap cleanup EXIT
install -m 0755 "$root_dir/bin/csrun" "$work/csrun"

image=alpine
compgen -G "${CSRUN_IMAGE_PATH%%:*}/alpine-minirootfs-*.tar.gz" >/dev/null || image=busybox
mkdir "$work/bundle" "$work/long"
"$work/csrun" image unpack "$image" "$work/bundle/rootfs" >/dev/null
(cd "$work/bundle" && runc spec)
# The same for all three: no terminal, no limits, and no cgroup namespace, which this runc has no default for.
jq '.process.terminal = false | .process.args = ["/bin/true"] | del(.linux.resources) | .linux.namespaces |= map(select(.type != "cgroup"))' \
    "$work/bundle/config.json" >"$work/config.json"
mv "$work/config.json" "$work/bundle/config.json"
jq --arg root "$work/bundle/rootfs" '.root.path = $root | .process.args = ["sleep", "1000"]' "$work/bundle/config.json" >"$work/long/config.json"

cat >"$work/three" <<'S'
#!/bin/sh
# three BUNDLE ID RUNTIME...: create, start, delete; a command that ends at once is waited for by delete --force
bundle=$1 id=$2
shift 2
"$@" create --bundle "$bundle" "$id" </dev/null >/dev/null 2>&1 && "$@" start "$id" >/dev/null 2>&1 && exec "$@" delete --force "$id" >/dev/null 2>&1
S
chmod +x "$work/three"

for tool in "${tools[@]}"; do
    { ${runtime[$tool]} create --bundle "$work/long" "$name-long-$tool" </dev/null >/dev/null && ${runtime[$tool]} start "$name-long-$tool"; } 2>"$work/error" \
        || die "$tool runs no container here" "$(tail -n 1 "$work/error")"
done

# A PID written to cgroup.procs waits for the kernel (an RCU grace period) when nobody has done that for some milliseconds: a container that
# starts alone pays, one of many in a row does not. So both are measured: after a tenth of a second of rest, and one after the other.
measure() { # measure RESULT COMMAND...
    local result=$1 pause=() times=$runs
    shift
    case $result in alone-*) pause=(--prepare 'sleep 0.1') times=$(((runs + 2) / 3)) ;; esac
    hyperfine --style none --shell none --warmup 3 --runs "$times" "${pause[@]}" --export-json "$work/$result.json" "$*" >/dev/null || die "hyperfine failed" '' "$*"
}
for round in $(seq "$rounds"); do
    say "round $round of $rounds"
    for tool in "${tools[@]}"; do
        for way in alone row; do
            measure "$way-three-$tool-$round" "$work/three" "$work/bundle" "$name-$tool" "${runtime[$tool]}"
            measure "$way-exec-$tool-$round" "${runtime[$tool]}" exec "$name-long-$tool" /bin/true
        done
    done
done

median() { jq -s 'map(.results[0].median) | min * 1000' "$work/$1-$2"-*.json; } # median alone-three|row-three|alone-exec|row-exec TOOL
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
goal() { # goal TEXT MEASURED LIMIT
    printf '| %s | %s | %s | %s |\n' "$1" "$2" "$3" "$(awk -v a="$2" -v b="$3" 'BEGIN { print (a <= b) ? "met" : "**missed**" }')"
}
{
    printf '# What an engine waits for\n\nWritten by `make bench` as root: %s rounds of %s runs, of each command the best round'"'"'s median, all in one run.\n\n' "$rounds" "$runs"
    printf '| | |\n|---|---|\n'
    printf '| date | %s |\n' "$(date -u +%Y-%m-%d)"
    printf '| kernel | %s, %s cores |\n' "$(uname -r | cut -d- -f1)" "$(nproc)"
    printf '| processor | %s |\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    printf '| control groups | %s |\n' "$(if [ -e /sys/fs/cgroup/cgroup.controllers ]; then echo 'version 2'; else echo "version 1, $(grep -c ' - cgroup ' /proc/self/mountinfo) hierarchies"; fi)"
    printf '| csrun | %s, %s |\n' "$("$work/csrun" --version | head -n 1)" "$(head -n 1 "$root_dir/artifacts/native-tfm" 2>/dev/null)"
    printf '| peers | crun %s; runc %s |\n\n' "$(crun --version | awk 'NR == 1 {print $3}')" "$(runc --version | awk 'NR == 1 {print $3}')"
    printf '| | create, start and delete, ms | exec, ms | in a row: create, start and delete, ms | exec, ms |\n|---|--:|--:|--:|--:|\n'
    for tool in "${tools[@]}"; do
        printf '| %s | %.2f | %.2f | %.2f | %.2f |\n' "$tool" "$(median alone-three "$tool")" "$(median alone-exec "$tool")" "$(median row-three "$tool")" "$(median row-exec "$tool")"
    done
    printf '\n| goal | measured | at most | |\n|---|--:|--:|---|\n'
    for way in alone row; do
        how=$([ "$way" = alone ] || echo 'in a row: ')
        goal "${how}create, start and delete, times crun" "$(ratio "$(median $way-three csrun)" "$(median $way-three crun)")" 0.80
        goal "${how}create, start and delete, times runc" "$(ratio "$(median $way-three csrun)" "$(median $way-three runc)")" 0.40
        goal "${how}exec, times crun" "$(ratio "$(median $way-exec csrun)" "$(median $way-exec crun)")" 1.00
    done
    cat <<'NOTE'

A bundle of `runc spec` with `/bin/true` in place of the shell, without a terminal, without limits, and without a cgroup namespace;
each runtime makes the container's control groups itself. The three calls are three processes, started by a shell as small as there is,
which is counted for all of them. The first figures are of calls after a tenth of a second of rest, as containers start one now and then; "in a row"
one call follows the other, and the kernel's lock for moving processes between control groups is still warm: crun and runc, which write PIDs to
cgroup.procs, wait for it otherwise; csrun does not need it ([docs/design/cgroups.md](../docs/design/cgroups.md)).
NOTE
} >"$results"
say "wrote $results"
