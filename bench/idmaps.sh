#!/usr/bin/env bash
# shellcheck disable=SC2016 # backquotes below are Markdown
# make bench, second part: what ID maps cost. As root, because the commands that matter here are root's. Writes RESULTS-idmaps.md.
#
#   CSRUN_BENCH_RUNS=60 bench/idmaps.sh

set -euo pipefail
. "$(dirname "$0")/../scripts/lib.sh"

is_root || die "bench/idmaps.sh needs root" "a changed map without a walk, and the broker, are root's" "sudo make bench"
"$root_dir/scripts/setup.sh" --bench
runs=${CSRUN_BENCH_RUNS:-60}
results=$root_dir/bench/RESULTS-idmaps.md
work=$(mktemp -d /var/tmp/csrun-bench.XXXXXX)
trap 'unshare --mount rm -rf --one-file-system "$work"' EXIT
chmod 0755 "$work"
mkdir "$work/images" "$work/bin"
install -m 0755 "$root_dir/bin/csrun" "$work/bin/csrun"
csrun=$work/bin/csrun
image_path=$(default_image_path)
tarball=$(compgen -G "${image_path%%:*}/alpine-minirootfs-*.tar.gz" | sort -V | tail -n 1 || compgen -G "$root_dir/bin/images/busybox-*.tar.gz" | tail -n 1)

# An image of 50,000 files: the base and a directory of small ones.
mkdir -p "$work/tree/many"
tar -C "$work/tree" -xpzf "$tarball"
for d in $(seq 50); do
    mkdir "$work/tree/many/$d"
    (cd "$work/tree/many/$d" && seq 1000 | xargs touch)
done
tar -C "$work/tree" -czf "$work/images/many-1.0.tar.gz" .
files=$(find "$work/tree" -type f | wc -l)
cp "$tarball" "$work/images/alpine-minirootfs-1.0.tar.gz"

export CSRUN_ROOT=$work/state CSRUN_IMAGE_PATH=$work/images
time_of() { # time_of NAME COMMAND...: the median in milliseconds
    local name=$1
    shift
    hyperfine --style none --shell bash --warmup 3 --runs "$runs" --export-json "$work/$name.json" "$*" >/dev/null
    jq '.results[0].median * 1000' "$work/$name.json"
}
"$csrun" run many true
same=$(time_of same "$csrun run --userns map=0:300000:65536 many true")
# A map that no run had before, each time.
changed=$(time_of changed "$csrun run --userns map=0:\$((400000 + RANDOM * 70000)):65536 many true")

# The broker, from the ordinary user's side.
read -r plain brokered < <("$root_dir/bench/broker.sh" "$runs" | sed -n 's/^plain volume \([0-9.]*\) ms, mapped by the broker \([0-9.]*\) ms:.*/\1 \2/p')

# A million translations.
translation=$root_dir/artifacts/bench-translation
rm -rf "$translation"
(cd "$root_dir" && CsrunTargetFrameworks=net10.0 dotnet run --project bench/Csrun.Benchmarks -c Release --artifacts-path "$root_dir/artifacts/bench" -- \
    --filter '*TranslationBenchmark*' --job short --artifacts "$translation" >"$work/translation.log" 2>&1) || die "the translation benchmark failed" "$(tail -n 3 "$work/translation.log")"
slowest=$(jq -s '[.[].Benchmarks[].Statistics.Mean] | max / 1000000' "$translation"/results/*.json)

met() { awk -v a="$1" -v b="$2" 'BEGIN { print (a <= b) ? "met" : "**missed**" }'; }
{
    printf '# What ID maps cost\n\nWritten by `make bench` as root: medians of %s runs. %s, kernel %s, %s cores.\n\n' "$runs" "$(date -u +%Y-%m-%d)" "$(uname -r | cut -d- -f1)" "$(nproc)"
    printf '| goal | measured | at most | |\n|---|--:|--:|---|\n'
    ratio=$(awk -v a="$changed" -v b="$same" 'BEGIN { printf "%.3f", a / b }')
    printf '| as root, an image of %s files with a map it never had, times one with the same map (%.2f against %.2f ms) | %s | 1.05 | %s |\n' "$files" "$changed" "$same" "$ratio" "$(met "$ratio" 1.05)"
    extra=$(awk -v a="$brokered" -v b="$plain" 'BEGIN { printf "%.2f", a - b }')
    printf '| as an ordinary user, a volume mapped by the broker, more than one without (%.2f against %.2f ms) | %s ms | 1 ms | %s |\n' "$brokered" "$plain" "$extra" "$(met "$extra" 1)"
    printf '| a million IDs through a map of up to 340 lines, either way | %.1f ms | 50 ms | %s |\n' "$slowest" "$(met "$slowest" 50)"
} >"$results"
say "wrote bench/RESULTS-idmaps.md"
cat "$results"
