#!/usr/bin/env bash
# shellcheck disable=SC2016 # backquotes below are Markdown
# make bench: how long a container takes to start and end, csrun beside its peers, all in one run on one machine, as an
# ordinary user. Three rounds over all commands; of each command the best round's median counts. Writes RESULTS.md.
#
#   CSRUN_BENCH_ROUNDS=3 CSRUN_BENCH_RUNS=60 bench/startup.sh

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"

# crun refuses a cgroup v1 machine that has cgroup2 beside it, even with cgroups off. All commands run where the latter
# is out of sight, in a mount namespace of the benchmark's own.
if is_root && [ -z "${CSRUN_BENCH_NESTED:-}" ] && mountpoint -q /sys/fs/cgroup/unified; then
    CSRUN_BENCH_NESTED=1 exec unshare --mount --propagation private \
        sh -c 'umount -l /sys/fs/cgroup/unified && exec "$0"' "$(cd "$(dirname "$0")" && pwd)/startup.sh"
fi

rounds=${CSRUN_BENCH_ROUNDS:-3}
runs=${CSRUN_BENCH_RUNS:-60}
results=$root_dir/bench/RESULTS.md

if is_root; then
    "$root_dir/scripts/setup.sh" --bench
    user=$test_user
    as() { as_user "$test_user" "$@"; }
else
    user=$(id -un)
    as() { "$@"; }
fi
for tool in hyperfine jq gcc bwrap; do have "$tool" || die "$tool: command not found" '' "sudo scripts/setup.sh --bench"; done

image_path=$(default_image_path)
tarball=$(compgen -G "${image_path%%:*}/alpine-minirootfs-*.tar.gz" | sort -V | tail -n 1 || true)
image=alpine
if [ -z "$tarball" ]; then
    tarball=$(compgen -G "$root_dir/bin/images/busybox-*.tar.gz" | tail -n 1 || true)
    image=busybox
fi
[ -n "$tarball" ] || die "no root file system to measure on" "neither Alpine in CSRUN_IMAGE_PATH nor bin/images/busybox-*.tar.gz" "make images"

work=$(mktemp -d /var/tmp/csrun-bench.XXXXXX)
cleanup() {
    # podman keeps a process for its user namespace until it is told.
    if [ -r "$work/xdg/libpod/tmp/pause.pid" ]; then kill "$(cat "$work/xdg/libpod/tmp/pause.pid")" 2>/dev/null || true; fi
    unshare --mount rm -rf --one-file-system "$work" 2>/dev/null || unshare --user --map-root-user --map-auto rm -rf "$work"
}
trap cleanup EXIT
chmod 0755 "$work"
mkdir "$work/images" "$work/bin"
cp "$tarball" "$work/images/"
cp "$root_dir/bin/csrun" "$work/bin/csrun"
gcc -O2 -o "$work/bin/baseline" "$root_dir/bench/baseline.c"
tarball=$work/images/$(basename "$tarball")
csrun=$work/bin/csrun
baseline=$work/bin/baseline
! is_root || chown "$user:" "$work"

uid=$(id -u "$user") gid=$(id -g "$user")
subuid=$(awk -F: -v u="$user" '$1 == u {print $2; exit}' /etc/subuid)
subgid=$(awk -F: -v u="$user" '$1 == u {print $2; exit}' /etc/subgid)
[ -n "$subuid" ] || die "no subordinate IDs for $user" "the benchmarks use a full map" "scripts/setup.sh as root"

export CSRUN_ROOT=$work/state CSRUN_IMAGE_PATH=$work/images
single=$work/single bundle=$work/bundle
as mkdir -p "$single" "$bundle/rootfs" "$work/crun" "$work/runc" "$work/state" "$work/unpack"
as mkdir -m 0700 "$work/xdg"
as tar -C "$single" -xzf "$tarball"
as unshare --user --map-root-user --map-auto tar -C "$bundle/rootfs" -xpzf "$tarball"
"$root_dir/bench/bundle.sh" "$uid" "$gid" "$subuid" "$subgid" >"$work/config.json"
cp "$work/config.json" "$bundle/config.json"
chmod a+r "$bundle/config.json"

# name, tab, command. The first of a group is what the others are compared with in the table.
commands=()
left_out=()
add() { # add NAME COMMAND: kept when the command runs here
    if as bash -c "cd / && $2" >/dev/null 2>"$work/error"; then
        commands+=("$1"$'\t'"$2")
    else
        left_out+=("$1: $(head -n 1 "$work/error")")
        warn "left out: $1: $(head -n 1 "$work/error")"
    fi
}
true_in_root=/bin/true
add 'baseline (clone3, map, exec)' "$baseline clone $single $true_in_root"
add 'bwrap' "bwrap --unshare-all --bind $single / --proc /proc --dev /dev $true_in_root"
# bwrap masks nothing below /proc and /sys, so csrun does not here.
add 'csrun --rootfs, single ID' "$csrun run --rootfs $single --userns map=0:$uid:1 --network none --security-opt seccomp=unconfined --security-opt systempaths=unconfined $true_in_root"
add "csrun run $image" "$csrun run $image true"
add 'crun' "env XDG_RUNTIME_DIR=$work/xdg crun --root $work/crun --cgroup-manager=disabled run -b $bundle bench-\$\$"
add 'runc' "env XDG_RUNTIME_DIR=$work/xdg runc --root $work/runc run -b $bundle bench-\$\$"
podman="env XDG_RUNTIME_DIR=$work/xdg podman --root $work/podman/root --runroot $work/podman/run --events-backend=none --cgroup-manager=cgroupfs"
have crun && crun_ok=$(as bash -c "$podman --runtime crun info" >/dev/null 2>&1 && echo crun) || crun_ok=''
if have podman; then
    as mkdir -p "$work/podman"
    as bash -c "$podman import $tarball localhost/bench" >/dev/null 2>&1 || true
    runtime=runc
    if [ -n "$crun_ok" ] && as bash -c "$podman --runtime crun run --rm --network=none localhost/bench true" >/dev/null 2>&1; then runtime=crun; fi
    add "podman ($runtime)" "$podman --runtime $runtime run --rm --network=none localhost/bench true"
fi
[ ${#commands[@]} -gt 0 ] || die "nothing runs here" "each command failed, see above"

mkdir -p "$root_dir/bench/out"
for round in $(seq "$rounds"); do
    say "round $round of $rounds"
    for i in "${!commands[@]}"; do
        name=${commands[$i]%%$'\t'*} command=${commands[$i]#*$'\t'}
        count=$runs
        case $name in podman*) count=$((runs / 4 > 3 ? runs / 4 : 3)) ;; esac
        shell=none
        # crun and runc want a new name each time.
        case $command in *'$$'*) shell=default ;; esac
        as hyperfine --style none --shell "$shell" --warmup 5 --runs "$count" --export-json "$work/$round-$i.json" "$command" >/dev/null \
            || die "hyperfine failed for $name" '' "$command"
    done
done

median() { # median INDEX: best of the rounds, in ms
    jq -s 'map(.results[0].median) | min * 1000' "$work"/[0-9]*-"$1".json
}
index_of() { # index_of NAME-PREFIX
    local i
    for i in "${!commands[@]}"; do
        case ${commands[$i]} in "$1"*) echo "$i"; return ;; esac
    done
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else print "-" }'; }

# Unpacking: csrun into a fresh directory against tar, which leaves owners alone.
unpack_csrun='' unpack_tar=''
clear_unpack="unshare --user --map-root-user --map-auto rm -rf $work/unpack/tree"
if as bash -c "$clear_unpack && $csrun image unpack $image $work/unpack/tree" >/dev/null 2>"$work/error"; then
    for round in $(seq "$rounds"); do
        as hyperfine --style none --shell none --warmup 2 --runs 15 --prepare "$clear_unpack" --export-json "$work/unpack-csrun-$round.json" \
            "$csrun image unpack $image $work/unpack/tree" >/dev/null
        as hyperfine --style none --shell none --warmup 2 --runs 15 --prepare "sh -c '$clear_unpack; mkdir $work/unpack/tree'" \
            --export-json "$work/unpack-tar-$round.json" "tar -C $work/unpack/tree -xzf $tarball" >/dev/null
    done
    unpack_csrun=$(jq -s 'map(.results[0].median) | min * 1000' "$work"/unpack-csrun-*.json)
    unpack_tar=$(jq -s 'map(.results[0].median) | min * 1000' "$work"/unpack-tar-*.json)
else
    left_out+=("unpacking: $(head -n 1 "$work/error")")
    warn "left out: unpacking: $(head -n 1 "$work/error")"
fi

# No shell in between: its own memory would count.
rss() {
    local -a words
    read -ra words <<<"${1//'$$'/rss}"
    as "$baseline" rss "${words[@]}" 2>/dev/null | tail -n 1
}

bwrap_ms=$(median "$(index_of bwrap)")
{
    printf '# Results\n\nWritten by `make bench`: %s rounds of %s runs, of each command the best round'"'"'s median. All as an ordinary user, in one run.\n\n' "$rounds" "$runs"
    printf '| | |\n|---|---|\n'
    printf '| date | %s |\n' "$(date -u +%Y-%m-%d)"
    printf '| kernel | %s, %s cores |\n' "$(uname -r | cut -d- -f1)" "$(nproc)"
    printf '| processor | %s |\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
    printf '| csrun | %s, %s |\n' "$("$csrun" --version 2>/dev/null | head -n 1)" "$(head -n 1 "$root_dir/artifacts/native-tfm" 2>/dev/null)"
    printf '| peers | bwrap %s; crun %s; runc %s; podman %s |\n' \
        "$(bwrap --version | awk '{print $2}')" "$(crun --version 2>/dev/null | awk 'NR == 1 {print $3}')" \
        "$(runc --version 2>/dev/null | awk 'NR == 1 {print $3}')" "$(podman --version 2>/dev/null | awk '{print $3}')"
    printf '| image | %s |\n\n' "$(basename "$tarball")"
    printf '## Start to end of a container that runs `true`\n\n'
    printf '| command | median, ms | times bwrap | peak memory, MiB |\n|---|--:|--:|--:|\n'
    for i in "${!commands[@]}"; do
        name=${commands[$i]%%$'\t'*} command=${commands[$i]#*$'\t'}
        ms=$(median "$i")
        kib=$(rss "$command")
        printf '| %s | %.2f | %s | %s |\n' "$name" "$ms" "$(ratio "$ms" "$bwrap_ms")" "$(awk -v k="${kib:-0}" 'BEGIN { printf "%.1f", k / 1024 }')"
    done
    printf '\n## Against the goals\n\n| goal | measured | at most | |\n|---|--:|--:|---|\n'
    goal() { # goal TEXT MEASURED LIMIT UNIT
        printf '| %s | %s%s | %s%s | %s |\n' "$1" "$2" "$4" "$3" "$4" "$(awk -v a="$2" -v b="$3" 'BEGIN { print (a <= b) ? "met" : "**missed**" }')"
    }
    single_i=$(index_of 'csrun --rootfs') full_i=$(index_of 'csrun run')
    crun_i=$(index_of crun) runc_i=$(index_of runc) podman_i=$(index_of podman)
    [ -z "$single_i" ] || goal "bwrap's own work, times bwrap" "$(ratio "$(median "$single_i")" "$bwrap_ms")" 1.5 ''
    if [ -n "$full_i" ]; then
        full_ms=$(median "$full_i")
        goal "full container, times bwrap" "$(ratio "$full_ms" "$bwrap_ms")" 2.2 ''
        [ -z "$crun_i" ] || goal "full container, times crun" "$(ratio "$full_ms" "$(median "$crun_i")")" 1.0 ''
        [ -z "$runc_i" ] || goal "full container, times runc" "$(ratio "$full_ms" "$(median "$runc_i")")" 0.4 ''
        [ -z "$podman_i" ] || goal "full container, times podman" "$(ratio "$full_ms" "$(median "$podman_i")")" 0.1 ''
        goal "peak resident memory" "$(rss "${commands[$full_i]#*$'\t'}" | awk '{printf "%.1f", $1 / 1024}')" 16 ' MiB'
    fi
    goal "size of the binary" "$(stat -c %s "$csrun" | awk '{printf "%.1f", $1 / 1048576}')" 8 ' MiB'
    if [ -n "$unpack_csrun" ]; then
        goal "unpacking, times \`tar xzf\` ($(printf '%.0f' "$unpack_csrun") against $(printf '%.0f' "$unpack_tar") ms)" "$(ratio "$unpack_csrun" "$unpack_tar")" 1.5 ''
    fi
    printf '\n## What was run\n\n```\n'
    for entry in "${commands[@]}"; do printf '%s\n' "${entry#*$'\t'}" | sed "s#$work/bin/##g; s#$work#WORK#g"; done
    printf '```\n'
    if [ ${#left_out[@]} -gt 0 ]; then
        printf '\n## Left out here\n\n'
        printf -- '- %s\n' "${left_out[@]}" | sed "s#$work#WORK#g"
    fi
    cat <<'NOTE'

crun and runc run a bundle with csrun's map, mounts, masks and capabilities, without a seccomp filter
(bench/bundle.sh); crun with cgroups off, which is the only way it starts on a cgroup v1 machine. `csrun run` loads
the default seccomp profile and makes a writable overlay, as podman does. The baseline does one clone3 with bwrap's
namespaces, writes the map and execs (bench/baseline.c).
NOTE
} >"$work/RESULTS.md"
cp "$work/RESULTS.md" "$results"
say "wrote bench/RESULTS.md"
cat "$results"
