# Shared by the scripts beside it; sourced, never run.
# shellcheck shell=bash

# dotnet must neither phone home nor greet.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1
export MSBUILDDISABLENODEREUSE=1 # no build server is left running

root_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The two accounts that scripts/setup.sh makes, so that root tests what ordinary users get.
test_user=csrun-test
export nosub_user=csrun-nosub

say() { printf 'csrun: %s\n' "$*"; }
warn() { printf 'csrun: %s\n' "$*" >&2; }
die() {
    printf 'csrun: %s\n' "$1" >&2
    [ -z "${2:-}" ] || printf '  why: %s\n' "$2" >&2
    [ -z "${3:-}" ] || printf '  fix: %s\n' "$3" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

# as_user USER COMMAND...: the command as a fresh login of USER would run it: its IDs and groups, nothing of
# root's environment but what CSRUN_* variables say.
as_user() {
    local user=$1 home
    shift
    home=$(getent passwd "$user" | cut -d: -f6)
    local -a pass=()
    local name
    for name in $(compgen -e); do
        case $name in CSRUN_*) pass+=("$name=${!name}") ;; esac
    done
    (cd / && exec setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups --inh-caps=-all \
        env -i HOME="$home" USER="$user" LOGNAME="$user" SHELL=/bin/sh TERM="${TERM:-dumb}" LANG=C.UTF-8 \
        PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin "${pass[@]}" "$@")
}

# reachable USER PATH: PATH where USER can read it; a copy under /var/tmp where a parent directory is closed to USER
# (a checkout below /root, say).
reachable() {
    local user=$1 path=$2 copy
    if as_user "$user" test -r "$path" && { [ ! -d "$path" ] || as_user "$user" test -x "$path"; }; then
        printf '%s\n' "$path"
        return
    fi
    copy=/var/tmp/$test_user/$(basename "$path")
    mkdir -p "/var/tmp/$test_user"
    chmod 0755 "/var/tmp/$test_user"
    rm -rf "$copy"
    cp -RL "$path" "$copy"
    chmod -R a+rX "$copy"
    printf '%s\n' "$copy"
}

# default_image_path: what CSRUN_IMAGE_PATH is when the caller has not set it.
default_image_path() {
    if [ -n "${CSRUN_IMAGE_PATH:-}" ]; then
        printf '%s\n' "$CSRUN_IMAGE_PATH"
    elif [ -d "$root_dir/../shared/images" ]; then
        (cd "$root_dir/../shared/images" && pwd)
    fi
}
