#!/usr/bin/env bash
# Makes a machine ready: what building and running need; with --test also what the tests want, with --bench the
# peers that the benchmarks measure against. Installs only what is missing, so it can be run again at any time.
# Without root or apt it changes nothing and names what is missing.
#
#   scripts/setup.sh [--test] [--bench]
set -euo pipefail
. "$(dirname "$0")/lib.sh"

want_test='' want_bench=''
for arg in "$@"; do
    case $arg in
        --test) want_test=1 ;;
        --bench) want_test=1 want_bench=1 ;;
        *) die "setup.sh: unknown option $arg" '' "scripts/setup.sh [--test] [--bench]" ;;
    esac
done

missing=()
# need PACKAGE TEST...: PACKAGE is missing unless TEST succeeds.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}
library() { ldconfig -p 2>/dev/null | grep -q "$1" || compgen -G "/usr/lib*/$1*" || compgen -G "/usr/lib/*/$1*"; }
static_busybox() { have busybox && ! ldd "$(command -v busybox)" 2>/dev/null | grep -q 'libc\.'; }
either() { have "$1" || have "$2"; }

PATH=$PATH:/usr/sbin:/sbin
need clang either clang gcc
need libc6-dev test -e /usr/include/stdio.h
need uidmap have newuidmap
need libseccomp2 library libseccomp.so.2
need libssl3 library libssl.so.3
need ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
need busybox-static static_busybox
need util-linux have setpriv
if [ -n "$want_test" ]; then
    need strace have strace
    need binutils have objdump
    need bsdutils have script
    need procps have ps
    need bindfs have bindfs
    need shellcheck have shellcheck
    need podman have podman # to be compared with
    need runc have runc
    need buildah have buildah
    need docker.io have dockerd # to be compared with, in its rootless mode too
    need rootlesskit have rootlesskit
fi
if [ -n "$want_bench" ]; then
    need gcc have gcc
    need bubblewrap have bwrap
    need crun have crun
    need runc have runc
    need podman have podman
    need hyperfine have hyperfine
    need jq have jq
fi

# The same things under the names of other distributions, for the message.
other_names() {
    local manager=$1 package
    shift
    for package in "$@"; do
        case $manager:$package in
            dnf:libc6-dev) echo glibc-devel ;;
            dnf:uidmap) echo shadow-utils-subid ;;
            dnf:libseccomp2) echo libseccomp ;;
            dnf:libssl3) echo openssl-libs ;;
            dnf:busybox-static) echo busybox ;;
            dnf:bsdutils) echo util-linux-script ;;
            dnf:procps) echo procps-ng ;;
            dnf:shellcheck) echo ShellCheck ;;
            dnf:docker.io) echo moby-engine ;;
            pacman:libc6-dev) echo glibc ;;
            pacman:uidmap) echo shadow ;;
            pacman:libseccomp2) echo libseccomp ;;
            pacman:libssl3) echo openssl ;;
            pacman:busybox-static) echo busybox ;;
            pacman:bsdutils) echo util-linux ;;
            pacman:procps) echo procps-ng ;;
            pacman:docker.io) echo docker ;;
            *) echo "$package" ;;
        esac
    done | sort -u | paste -sd ' '
}

install_missing() {
    [ ${#missing[@]} -gt 0 ] || return 0
    if is_root && have apt-get; then
        say "installing: ${missing[*]}"
        export DEBIAN_FRONTEND=noninteractive
        local log
        log=$(mktemp)
        if ! apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
            # An old or absent package list is the usual cause: fetch it, once.
            apt-get update >"$log" 2>&1 || true
            if ! apt-get install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1; then
                tail -n 5 "$log" >&2
                die "apt-get install ${missing[*]} failed" "see above; the whole log is in $log"
            fi
        fi
        rm -f "$log"
        case " ${missing[*]} " in
            *" docker.io "*)
                # The tests start daemons of their own: none is to run, or to change the firewall, because of them.
                if [ -d /run/systemd/system ]; then systemctl --quiet disable --now docker.socket docker.service || true; fi
                ;;
        esac
        return 0
    fi
    warn "missing: ${missing[*]}"
    if have apt-get; then
        warn "  fix: sudo apt-get install ${missing[*]}"
    elif have dnf; then
        warn "  fix: sudo dnf install $(other_names dnf "${missing[@]}")"
    elif have pacman; then
        warn "  fix: sudo pacman -S $(other_names pacman "${missing[@]}")"
    else
        warn "  fix: install them with this system's package manager"
    fi
    case " ${missing[*]} " in
        *" clang "* | *" libc6-dev "*) exit 1 ;; # nothing can be built without them
    esac
}

have dotnet || die "dotnet: command not found" "the build needs the .NET SDK 10" \
    "install it: https://learn.microsoft.com/dotnet/core/install/linux (apt-get install dotnet-sdk-10.0 where the distribution has it)"
install_missing

# next_subid: the first ID above every range that is handed out in either file.
next_subid() {
    cat /etc/subuid /etc/subgid 2>/dev/null | awk -F: '
        BEGIN { next_id = 100000 }
        $2 + $3 > next_id { next_id = $2 + $3 }
        END { print next_id }'
}

make_user() {
    local user=$1
    shift
    getent passwd "$user" >/dev/null && return 0
    useradd --create-home --shell /bin/sh "$@" "$user"
    say "made the user $user (for tests)"
}

if is_root && have useradd; then
    make_user "$test_user" --comment 'csrun tests'
    if ! grep -q "^$test_user:" /etc/subuid 2>/dev/null || ! grep -q "^$test_user:" /etc/subgid 2>/dev/null; then
        touch /etc/subuid /etc/subgid
        first=$(next_subid)
        for kind in uid gid; do
            grep -q "^$test_user:" "/etc/sub$kind" || usermod "--add-sub${kind}s" "$first-$((first + 65535))" "$test_user"
        done
        say "gave $test_user the subordinate IDs $first-$((first + 65535))"
    fi
    # A system account gets no subordinate IDs: the other half of the world that csrun has to serve.
    make_user "$nosub_user" --system --user-group --comment 'csrun tests, no subordinate IDs'
    if [ -n "$want_test$want_bench" ]; then
        # 0666 is what distributions give them; containers in a private network and FUSE need it.
        for device in /dev/fuse /dev/net/tun; do
            if [ -c "$device" ] && [ "$(stat -c %a "$device")" != 666 ]; then
                chmod 0666 "$device"
                say "made $device usable by everyone (0666), as distributions do"
            fi
        done
    fi
elif ! grep -q "^\($(id -un)\|$(id -u)\):" /etc/subuid 2>/dev/null && ! { have getsubids && getsubids "$(id -un)" >/dev/null 2>&1; }; then
    warn "no subordinate IDs for $(id -un): containers get one ID only"
    warn "  fix: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un)"
fi
