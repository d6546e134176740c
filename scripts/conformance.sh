#!/usr/bin/env bash
# Runs other projects' own test suites against OCI runtimes, and says where they differ. Nothing of theirs is kept here: TREE is a
# checkout of the suite's repository, somewhere outside of this one; what is built is put into it.
#
#   scripts/conformance.sh runtime-tools TREE [RUNTIME...]   github.com/opencontainers/runtime-tools: its validation programs; needs Go 1.21
#   scripts/conformance.sh runc TREE [RUNTIME...]            github.com/opencontainers/runc: tests/integration; needs bats, jq and the Go of its go.mod
#   scripts/conformance.sh crun TREE [RUNTIME...]            github.com/containers/crun: tests/*.py; needs Python 3 and a C compiler
#
# RUNTIME: programs; by default bin/csrun and runc. ONLY='name name' runs these programs or files alone. All suites want root.
# One that other runtimes pass and csrun does not makes the exit code 1.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

usage="scripts/conformance.sh runtime-tools|runc|crun TREE [RUNTIME...]"
[ $# -ge 2 ] || die "conformance.sh: suite and tree are missing" '' "$usage"
suite=$1 tree=$(realpath "$2")
shift 2
[ $# -gt 0 ] || set -- "$root_dir/bin/csrun" runc
is_root || die "conformance.sh: the suites make control groups and mounts" "this is user $(id -un)" "sudo $usage"
case $tree/ in "$root_dir"/*) die "conformance.sh: $tree lies in this repository" "nothing of other projects is kept here" "check it out somewhere else" ;; esac

# In a mount namespace of its own: runc leaves a container's mounts where the container has no mount namespace.
if [ -z "${CSRUN_CONFORMANCE:-}" ]; then
    export CSRUN_CONFORMANCE=1
    exec unshare --mount --propagation private "$0" "$suite" "$tree" "$@"
fi

work=$(mktemp -d /var/tmp/csrun-conformance.XXXXXX)
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    awk -v w="$work/" 'index($5, w) == 1 {print $5}' /proc/self/mountinfo | sort -r | xargs -r -n 1 umount -l || true
    rm -rf --one-file-system "$work"
}
trap clean_up EXIT
export TMPDIR=$work/tmp
mkdir "$TMPDIR"
PATH=$PATH:/usr/sbin:/sbin

need() { have "$1" || die "conformance.sh: $1: command not found" "$suite needs it" "$2"; }
go_build() { (cd "$tree" && CGO_ENABLED=0 GOFLAGS=-mod=vendor GOTOOLCHAIN=local go build "$@") || die "go build $* failed" "see above" "a Go as new as $tree/go.mod says: Debian 13 has 1.24"; }

# start NAME RUNTIME: makes what runs as RUNTIME, and puts its path into $run. csrun has runc's whole command line under the name runc.
start() {
    local program
    program=$(command -v "$2") || die "conformance.sh: $2: command not found"
    run=$(realpath "$program")
    [ "$1" = csrun ] || return 0
    mkdir -p "$work/bin"
    ln -sfn "$run" "$work/bin/runc"
    run=$work/bin/runc
    [ "$suite" = crun ] || return 0
    # crun has options that runc has not
    cat >"$work/bin/crun" <<WRAPPER
#!/usr/bin/env bash
words=()
while [ \$# -gt 0 ]; do
    case \$1 in
        --cgroup-manager | --config) shift ;;
        --cgroup-manager=*) ;;
        *) words+=("\$1") ;;
    esac
    shift
done
exec "$run" "\${words[@]}"
WRAPPER
    chmod +x "$work/bin/crun"
    run=$work/bin/crun
}

# The busybox image as the file system of runc's suite; Alpine's, when it is at hand, for its larger one.
images() {
    local data=$tree/tests/integration/testdata arch image
    arch=$(go env GOARCH)
    compgen -G "$root_dir/bin/images/busybox-*.tar.gz" >/dev/null || die "conformance.sh: bin/images has no busybox image" '' "make"
    cp "$root_dir"/bin/images/busybox-*.tar.gz "$data/busybox-$arch.tar.xz"
    for image in ${CSRUN_IMAGE_PATH:+"${CSRUN_IMAGE_PATH%%:*}"/alpine-minirootfs-3.20.3-*.tar.gz} "$root_dir"/bin/images/busybox-*.tar.gz; do
        [ ! -e "$image" ] || { cp "$image" "$data/debian-$arch.tar.xz" && break; }
    done
}

case $suite in
    runtime-tools)
        need go "apt-get install golang-go"
        go_build -tags 'netgo osusergo' -o runtimetest ./cmd/runtimetest
        go_build -o "$work/programs/" ./validation/...
        tests=$(ls "$work/programs")
        run_one() { (cd "$tree" && RUNTIME=$2 timeout -k 5 120 "$work/programs/$1"); }
        ;;
    runc)
        need bats "apt-get install bats"
        need jq "apt-get install jq"
        need go "apt-get install golang-go"
        for helper in "$tree"/tests/cmd/*/; do
            case $(basename "$helper") in _bin) ;; *) go_build -o "tests/cmd/_bin/$(basename "$helper")" "./tests/cmd/$(basename "$helper")" ;; esac
        done
        images
        # Not: what needs checkpoints, SELinux or sshfs, and the texts of runc's own help and debug log.
        tests=$(cd "$tree/tests/integration" && printf '%s\n' *.bats | grep -vE '^(checkpoint|selinux|mounts_sshfs|help|version|debug)\.')
        run_one() { (cd "$tree/tests/integration" && RUNC=$2 timeout -k 5 300 bats --tap "$1"); }
        ;;
    crun)
        need python3 "apt-get install python3"
        need cc "apt-get install gcc libc6-dev"
        mkdir "$work/include"
        : >"$work/include/config.h"
        cc -O2 -static -I"$work/include" -o "$tree/tests/init" "$tree/tests/init.c" || die "tests/init.c cannot be compiled" "see above"
        tests=$(cd "$tree/tests" && printf '%s\n' test_*.py | grep -vE '^test_(checkpoint_restore|custom_handler)\.')
        run_one() { (cd "$tree" && OCI_RUNTIME=$2 INIT=$tree/tests/init timeout -k 5 300 python3 "tests/$1"); }
        ;;
    *) die "conformance.sh: there is no suite \"$suite\"" '' "$usage" ;;
esac

# summary FILE: assertions that hold, that do not, and whether it came to its end. A test that is skipped holds.
summary() {
    awk '/^ok /{ok++} /^not ok /{bad++} /^1\.\.[0-9]/{plan=1} END {print ok+0, bad+0, plan+0}' "$1"
}

names=()
for runtime in "$@"; do
    name=$(basename "$runtime")
    names+=("$name")
    start "$name" "$runtime"
    mkdir "$work/$name"
    for test in ${ONLY:-$tests}; do
        code=0
        run_one "$test" "$run" >"$work/$name/$test" 2>"$work/$name/$test.err" </dev/null || code=$?
        echo "$code" >"$work/$name/$test.code"
        read -r ok bad _ < <(summary "$work/$name/$test")
        printf '%-10s %-34s %5d ok %4d not ok%s\n' "$name" "$test" "$ok" "$bad" "$([ "$code" = 0 ] || echo ", exit code $code")"
        if [ -n "${VERBOSE:-}" ]; then
            grep -A 12 '^not ok' "$work/$name/$test" || true
            cat "$work/$name/$test.err"
        fi
    done
done

echo
worse=0
for name in "${names[@]}"; do
    clean=0 oks=0 bads=0 count=0
    for test in ${ONLY:-$tests}; do
        read -r ok bad _ < <(summary "$work/$name/$test")
        oks=$((oks + ok)) bads=$((bads + bad)) count=$((count + 1))
        if [ "$bad" = 0 ] && [ "$(cat "$work/$name/$test.code")" = 0 ]; then clean=$((clean + 1)); fi
    done
    printf '%-10s %d of %d clean, %d assertions hold, %d do not\n' "$name" "$clean" "$count" "$oks" "$bads"
done

# lost OURS THEIRS: assertions that hold more often in THEIRS; one text may stand for several.
lost() {
    awk '{
            held = /^ok /; failed = /^not ok /
            sub(/^(not )?ok [0-9]* *-? */, ""); sub(/ # ([0-9.]+s|skip.*|SKIP.*)$/, "")
            if (held) holds[FILENAME == ARGV[1], $0]++
            if (failed && FILENAME == ARGV[1]) fails[$0]
        }
        END { for (text in fails) if (holds[0, text] > holds[1, text]) print text }' "$1" "$2"
}

# What another runtime passes and csrun does not: assertion by assertion where both got as far, else the program.
for test in ${ONLY:-$tests}; do
    [ -e "$work/csrun/$test" ] || break
    for name in "${names[@]}"; do
        [ "$name" != csrun ] || continue
        lost=$(lost "$work/csrun/$test" "$work/$name/$test")
        if [ -z "$lost" ] && [ "$(cat "$work/csrun/$test.code")" != 0 ] && [ "$(cat "$work/$name/$test.code")" = 0 ] && ! grep -q '^not ok' "$work/$name/$test"; then
            lost="exit code $(cat "$work/csrun/$test.code")"
        fi
        [ -z "$lost" ] || { printf '%s passes and csrun does not: %s: %s\n' "$name" "$test" "$(echo "$lost" | paste -sd ';')" && worse=1; }
    done
done
exit $worse
