#!/usr/bin/env bash
# make install: the binary, the embedded images, man pages and completions below a prefix. --remove takes them away.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

remove=''
if [ "${1:-}" = --remove ]; then
    remove=1
    shift
fi
prefix=${1:?usage: install.sh [--remove] PREFIX}
csrun=$root_dir/bin/csrun
bash_completion=share/bash-completion/completions/csrun
zsh_completion=share/zsh/site-functions/_csrun
fish_completion=share/fish/vendor_completions.d/csrun.fish

if [ -n "$remove" ]; then
    rm -f "$prefix/bin/csrun" "$prefix/$bash_completion" "$prefix/$zsh_completion" "$prefix/$fish_completion"
    rm -f "$prefix"/share/man/man[15]/csrun*.[15]
    rm -rf "$prefix/share/csrun"
    say "removed from $prefix"
    exit 0
fi

install -D -m 0755 "$csrun" "$prefix/bin/csrun"
for image in "$root_dir"/bin/images/*.tar*; do
    [ -e "$image" ] && install -D -m 0644 "$image" "$prefix/share/csrun/images/$(basename "$image")"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# written FILE COMMAND...: the command's output becomes FILE below the prefix; nothing where csrun has no such command.
written() {
    local file=$1
    shift
    if "$@" >"$work/out" 2>"$work/err" && [ -s "$work/out" ]; then
        install -D -m 0644 "$work/out" "$prefix/$file"
    else
        warn "left out $file: $(head -n 1 "$work/err")"
    fi
}
mkdir -p "$work/man"
if "$csrun" man "$work/man" >/dev/null 2>"$work/err" && compgen -G "$work/man/*.[15]" >/dev/null; then
    for page in "$work"/man/*.[15]; do
        install -D -m 0644 "$page" "$prefix/share/man/man${page##*.}/$(basename "$page")"
    done
else
    warn "left out the man pages: $(head -n 1 "$work/err")"
fi
written "$bash_completion" "$csrun" completion bash
written "$zsh_completion" "$csrun" completion zsh
written "$fish_completion" "$csrun" completion fish
say "installed in $prefix"
