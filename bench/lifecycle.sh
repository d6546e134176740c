#!/usr/bin/env bash
# shellcheck disable=SC2016 # the inner shell expands them
# What an engine waits for: create, start and delete of one OCI bundle, by csrun, crun and runc side by side, and exec into a
# running container. Medians of hyperfine(1) and their ratios; as root, because engines' runtimes run as root mostly.
#
#   bench/lifecycle.sh [RUNS]      e.g. bench/lifecycle.sh 40
# All three make the container's control groups with cgroupfs. crun refuses a version 1 machine that has cgroup2 beside it, so
# everything runs where the latter is out of sight, in a mount namespace of the benchmark's own.
set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"
if is_root && [ -z "${CSRUN_BENCH_NESTED:-}" ] && mountpoint -q /sys/fs/cgroup/unified; then
    CSRUN_BENCH_NESTED=1 exec unshare --mount --propagation private \
        sh -c 'umount -l /sys/fs/cgroup/unified && exec "$0" "$@"' "$(cd "$(dirname "$0")" && pwd)/lifecycle.sh" "$@"
fi
is_root || die "bench/lifecycle.sh needs root" "runtimes that engines call run as root" "sudo bench/lifecycle.sh"
runs=${1:-40}
for tool in hyperfine jq runc crun; do have "$tool" || die "$tool is not installed" "it is measured, or measures" "scripts/setup.sh --bench"; done

work=$(mktemp -d /var/tmp/csrun-bench.XXXXXX)
csrun=$work/csrun
install -m 0755 "$root_dir/bin/csrun" "$csrun"
export CSRUN_ROOT=$work/state CSRUN_IMAGE_PATH=${CSRUN_IMAGE_PATH:-$(default_image_path)}
end() {
    "$csrun" delete --force bench >/dev/null 2>&1 || true
    runc --root "$work/runc" delete --force bench >/dev/null 2>&1 || true
    crun --root "$work/crun" delete --force bench >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap end EXIT

image=alpine
compgen -G "${CSRUN_IMAGE_PATH%%:*}/alpine-minirootfs-*.tar.gz" >/dev/null || image=busybox
mkdir "$work/bundle"
cd "$work/bundle"
"$csrun" image unpack "$image" rootfs >/dev/null
runc spec
# No limits and no group: the same for all three.
jq '.process.terminal = false | .process.args = ["/bin/true"] | del(.linux.resources) | .linux.namespaces |= map(select(.type != "cgroup"))' config.json >c && mv c config.json
mkdir "$work/long"
jq --arg root "$work/bundle/rootfs" '.root.path = $root | .process.args = ["sleep", "1000"]' config.json >"$work/long/config.json"

cat >"$work/three" <<'S'
#!/bin/sh
# create, start, delete; a command that ends at once is waited for by delete --force
"$@" create bench </dev/null >/dev/null 2>&1 && "$@" start bench >/dev/null 2>&1 && "$@" delete --force bench >/dev/null 2>&1
S
chmod +x "$work/three"

measure() { # NAME COMMAND...: the median in milliseconds
    local name=$1
    shift
    hyperfine -N --warmup 3 --runs "$runs" --export-json "$work/$name.json" "$*" >/dev/null 2>&1 || die "$name failed: $*" "see above" "run it by hand in a bundle"
    jq '.results[0].median * 1000' "$work/$name.json"
}

declare -A three exec_
# In rounds, so that what else the machine does meets all of them.
three[csrun]=$(measure csrun "$work/three" "$csrun")
three[crun]=$(measure crun "$work/three" crun --root "$work/crun")
three[runc]=$(measure runc "$work/three" runc --root "$work/runc")

cd "$work/long"
"$csrun" create bench </dev/null >/dev/null 2>&1 && "$csrun" start bench
exec_[csrun]=$(measure csrun-exec "$csrun" exec bench /bin/true)
"$csrun" delete --force bench
crun --root "$work/crun" create bench </dev/null >/dev/null 2>&1 && crun --root "$work/crun" start bench
exec_[crun]=$(measure crun-exec crun --root "$work/crun" exec bench /bin/true)
crun --root "$work/crun" delete --force bench
runc --root "$work/runc" create bench </dev/null >/dev/null 2>&1 && runc --root "$work/runc" start bench
exec_[runc]=$(measure runc-exec runc --root "$work/runc" exec bench /bin/true)
runc --root "$work/runc" delete --force bench

echo "| | create + start + delete, ms | exec, ms |"
echo "|---|--:|--:|"
for tool in csrun crun runc; do printf '| %s | %.1f | %.1f |\n' "$tool" "${three[$tool]}" "${exec_[$tool]}"; done
printf '| csrun / crun | %.2f (goal 0.80) | %.2f (goal 1.00) |\n' "$(jq -n "${three[csrun]} / ${three[crun]}")" "$(jq -n "${exec_[csrun]} / ${exec_[crun]}")"
printf '| csrun / runc | %.2f (goal 0.40) | %.2f |\n' "$(jq -n "${three[csrun]} / ${three[runc]}")" "$(jq -n "${exec_[csrun]} / ${exec_[runc]}")"
