#!/usr/bin/env bash
# Runs tests/vm/run.sh with this bin/csrun in a virtual Debian 13 host: systemd, cgroup v2 with delegation, VFAT, and podman and Docker on them.
# Not part of make test: the emulation needs minutes. The machine is the one of ../shared/vm (its mkimage.sh makes the image).
#
#   scripts/vm-check.sh IMAGE_DIR      e.g. after: ../shared/vm/mkimage.sh /var/tmp/vm
set -euo pipefail
. "$(dirname "$0")/lib.sh"

image=${1:-}
boot=${CSRUN_VM_BOOT:-$root_dir/../shared/vm/boot.sh}
[ -e "${image:-/nowhere}/root.img" ] || die "vm-check.sh: no image" "a directory with root.img, vmlinuz and initrd is needed" "$(dirname "$boot")/mkimage.sh DIR"
have qemu-system-x86_64 || die "qemu-system-x86_64: command not found" '' "apt-get install qemu-system-x86"
work=$(mktemp -d /var/tmp/csrun-vm.XXXXXX)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in"
cp "$root_dir/bin/csrun" "$root_dir/tests/vm/run.sh" "$work/in/"
image_path=$(default_image_path)
cp "${image_path%%:*}"/alpine-minirootfs-*.tar.gz "$work/in/"
mode=run
[ ! -e "$image/saved.state" ] || mode=fast
code=0
TIMEOUT=${TIMEOUT:-1500} sh "$boot" "$mode" "$image" "$work/in" "$work/out" || code=$?
cat "$work/out/log"
exit "$code"
