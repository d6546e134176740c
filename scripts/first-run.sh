#!/usr/bin/env bash
# The last step of `make run`: a real Alpine container printing its id, as an ordinary user. Root's own run would show
# less (root needs no maps), so for root it happens as the test user that scripts/setup.sh made.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

csrun=$root_dir/bin/csrun
user=$(id -un)
prefix=()
images=$(default_image_path)
if is_root; then
    getent passwd "$test_user" >/dev/null || die "no user $test_user" "scripts/setup.sh makes it, with useradd" \
        "run make run as an ordinary user, or: useradd --create-home $test_user"
    user=$test_user
    prefix=(as_user "$test_user")
    csrun=$(reachable "$test_user" "$csrun")
    if [ -n "$images" ] && [ -d "$images" ]; then images=$(reachable "$test_user" "$images"); fi
    embedded=$(reachable "$test_user" "$root_dir/bin/images")
else
    embedded=$root_dir/bin/images
fi
export CSRUN_IMAGE_PATH=${images:+$images:}$embedded

say "csrun run alpine id   (as $user)"
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
if "${prefix[@]}" "$csrun" run alpine id 2> >(tee "$errors" >&2); then
    exit 0
else
    code=$?
fi
# 125 is csrun's own: no Alpine to be had here. Anything else is the container's, and a failure.
[ "$code" -eq 125 ] || exit "$code"
if "${prefix[@]}" "$csrun" images 2>/dev/null | grep -q '^alpine' || compgen -G "$(printf '%s' "$images")/alpine-minirootfs-*" >/dev/null; then
    exit "$code"
fi
compgen -G "$root_dir/bin/images/busybox*" >/dev/null || exit "$code"
say "no Alpine image to be had here (see above): the embedded busybox image instead"
say "csrun run busybox id   (as $user)"
"${prefix[@]}" "$csrun" run busybox id
