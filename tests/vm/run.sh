#!/bin/bash
# Runs as root inside the virtual machine: what the ordinary machine lacks (systemd, cgroup v2 with delegation, VFAT). Each
# check prints what it ran; the exit code says whether all passed.
cd "$(dirname "$0")" || exit 1
failed=0
check() { # check NAME PATTERN COMMAND: the command succeeds and its output has the pattern
    local name=$1 pattern=$2 output code
    shift 2
    printf '\n$ %s\n' "$*"
    output=$(timeout 200 bash -c "$*" 2>&1 </dev/null)
    code=$?
    printf '%s\n' "$output"
    if [ "$code" -ne 0 ] || ! grep -qE -- "$pattern" <<<"$output"; then
        printf 'FAILED: %s (exit code %s, wanted: %s)\n' "$name" "$code" "$pattern"
        failed=$((failed + 1))
    fi
}
alice() { printf "systemd-run -q -M alice@.host --user --pipe --wait bash -c '%s'" "export CSRUN_IMAGE_PATH=/srv/images PATH=/usr/local/bin:/usr/bin:/bin; cd; $*"; }

install -m 0755 csrun /usr/local/bin/csrun
mkdir -p /srv/images && cp ./*.tar.gz /srv/images/
export CSRUN_IMAGE_PATH=/srv/images

check 'an ordinary user' '^uid=0\(root\) gid=0\(root\)' "$(alice 'csrun run alpine id')"
check 'doctor' '' "$(alice 'csrun doctor')"
check 'the broker is installed' '' 'csrun broker install && systemctl is-active csrun-broker.socket'
check 'an ID-mapped volume by the broker, socket-activated' '^1000 data/f' \
    "$(alice 'mkdir -p data && csrun run --userns map=0:100000:65536 -v ./data:/data:idmap alpine touch /data/f && stat -c "%u %n" data/f')"
check 'broker status' 'alice' "$(alice 'csrun broker status; id -un')"
check 'a container in the background' '^running$' \
    "$(alice 'csrun run -d --name bg alpine sleep 100 >/dev/null && csrun exec bg echo running && csrun rm -f bg >/dev/null')"
check 'VFAT for two users' '1 passed' 'csrun lab run vfat-two-users'
check 'the broker is taken away' '' 'csrun broker uninstall && ! systemctl is-active csrun-broker.socket'
if [ -n "${LABS:-}" ]; then # minutes: each fork is slow here
    check 'labs as an ordinary user' '' "$(alice 'csrun lab run all')"
    check 'labs as root' '' 'csrun lab run all'
fi
printf '\n%s\n' "$([ "$failed" -eq 0 ] && echo 'all passed' || echo "$failed failed")"
exit "$((failed > 0))"
