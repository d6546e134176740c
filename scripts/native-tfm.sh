#!/usr/bin/env bash
# Prints the target framework that bin/csrun is published for: net10.0 where the NativeAOT packs for it restore,
# net9.0 otherwise. The answer is kept in artifacts/ as long as the SDK stays the same.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

case $(uname -m) in
    x86_64) rid=linux-x64 ;;
    aarch64) rid=linux-arm64 ;;
    *) die "no NativeAOT build for $(uname -m)" "the .NET SDK compiles for x86_64 and aarch64 here" "build on one of those" ;;
esac

have dotnet || die "dotnet: command not found" "the build needs the .NET SDK 10" \
    "install it: https://learn.microsoft.com/dotnet/core/install/linux"

kept=$root_dir/artifacts/native-tfm
key="$(cd "$root_dir" && dotnet --version) $rid"
if [ -r "$kept" ] && [ "$(sed -n 2p "$kept")" = "$key" ]; then
    head -n 1 "$kept"
    exit 0
fi

mkdir -p "$root_dir/artifacts"
log=$root_dir/artifacts/native-tfm.log
: >"$log"
for tfm in net10.0 net9.0; do
    if CsrunNativeTfm=$tfm dotnet restore "$root_dir/src/Csrun" -r "$rid" --artifacts-path "$root_dir/artifacts/aot-$tfm" >>"$log" 2>&1; then
        printf '%s\n%s\n' "$tfm" "$key" >"$kept"
        printf '%s\n' "$tfm"
        exit 0
    fi
done
die "the NativeAOT packs restore neither for net10.0 nor for net9.0" "$(grep -m 1 -E 'error' "$log" || tail -n 1 "$log")" \
    "look at $log; the packs come from the NuGet source of 'dotnet nuget list source'"
