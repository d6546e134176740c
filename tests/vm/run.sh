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
# Engines with systemd's control groups, version 2: as root, as an ordinary user, and Docker with a network.
podman='podman --runtime /usr/local/bin/csrun'
tarball=$(find /srv/images -name "*.tar.gz" | sort | tail -n 1)
check 'podman as root: a scope with its limits' '^67108864 40$' \
    "podman import -q $tarball alpine >/dev/null && $podman run --rm --network none --memory 64m --pids-limit 40 alpine sh -c 'echo \$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max)'"
check 'podman as root: exec, pause, stats, update, and nothing left' '^104857600 1 0$' \
    "$podman run -d --name box --network none alpine sleep 1000 >/dev/null && $podman pause box >/dev/null && $podman unpause box >/dev/null && $podman update --memory 100m box >/dev/null &&
     echo \$($podman exec box cat /sys/fs/cgroup/memory.max; $podman stats --no-stream --format '{{.PIDS}}' box; $podman rm -f -t 0 box >/dev/null; systemctl list-units --no-legend 'libpod-*scope' | wc -l)"
check "podman as an ordinary user: a scope of the user's own systemd" '^67108864 50000 100000 1 0$' \
    "$(alice "podman import -q $tarball alpine >/dev/null; $podman run -d --name box --network none --memory 64m --cpus 0.5 alpine sleep 1000 >/dev/null; $podman pause box >/dev/null && $podman unpause box >/dev/null;
     echo \$($podman exec box cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max; systemctl --user list-units --no-legend \"libpod-*scope\" | wc -l; $podman rm -f -t 0 box >/dev/null; systemctl --user list-units --no-legend \"libpod-*scope\" | wc -l)")"
mkdir -p /etc/docker
echo '{"runtimes":{"csrun":{"path":"/usr/local/bin/csrun"}},"default-runtime":"csrun","storage-driver":"vfs"}' >/etc/docker/daemon.json
check 'Docker: the default runtime, with systemd as the driver' '^csrun systemd 2$' "systemctl start docker && docker info --format '{{.DefaultRuntime}} {{.CgroupDriver}} {{.CgroupVersion}}'"
check 'Docker: limits, and an address on the bridge' '^67108864 172\.17\.0\.' \
    "docker import $tarball alpine >/dev/null && docker run --rm --memory 64m alpine sh -c 'echo \$(cat /sys/fs/cgroup/memory.max; ip -o -4 addr show eth0 | tr -s \" \" | cut -d\" \" -f4)'"
check 'Docker: a pair on a network, by name' '^hi$' \
    "docker network create pair >/dev/null && docker run -d --network pair --name web alpine sh -c 'while true; do echo hi | nc -l -p 80; done' >/dev/null && sleep 3 && docker run --rm --network pair alpine sh -c 'nc web 80 </dev/null'"
check 'Docker: exec, pause, update' '^104857600$' \
    "docker pause web >/dev/null && docker unpause web >/dev/null && docker update --memory 100m --memory-swap 200m web >/dev/null && docker exec web cat /sys/fs/cgroup/memory.max && docker rm -f web >/dev/null"
check 'VFAT for two users' '1 passed' 'csrun lab run vfat-two-users'
check 'the broker is taken away' '' 'csrun broker uninstall && ! systemctl is-active csrun-broker.socket'
if [ -n "${LABS:-}" ]; then # minutes: each fork is slow here
    check 'labs as an ordinary user' '' "$(alice 'csrun lab run all')"
    check 'labs as root' '' 'csrun lab run all'
fi
printf '\n%s\n' "$([ "$failed" -eq 0 ] && echo 'all passed' || echo "$failed failed")"
exit "$((failed > 0))"
