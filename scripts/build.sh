#!/usr/bin/env bash
# Publishes the native binary: bin/csrun, and its symbols beside it (bin/csrun.dbg), which the machine-code gate reads.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

tfm=$("$root_dir/scripts/native-tfm.sh")
case $(uname -m) in aarch64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac
have clang || have gcc || die "no linker: neither clang nor gcc is installed" "NativeAOT links with one of them" \
    "scripts/setup.sh, or apt install clang / dnf install clang / pacman -S clang"

say "publishing for $tfm ($rid)"
out=$root_dir/artifacts/aot-$tfm/publish/csrun
CsrunNativeTfm=$tfm dotnet publish "$root_dir/src/Csrun" -f "$tfm" -r "$rid" -c Release \
    --artifacts-path "$root_dir/artifacts/aot-$tfm" -o "$out" -v quiet --nologo

# Renamed into place: a csrun that runs meanwhile keeps its own file.
mkdir -p "$root_dir/bin"
for file in csrun.dbg csrun; do
    install -m 0755 "$out/$file" "$root_dir/bin/.$file.new"
    mv -f "$root_dir/bin/.$file.new" "$root_dir/bin/$file"
done
say "bin/csrun: NativeAOT $tfm, $(stat -c %s "$root_dir/bin/csrun" | awk '{printf "%.1f MiB", $1 / 1048576}')"
