#!/usr/bin/env bash
# make lint: format, analyzers (warnings are errors) and shell scripts.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root_dir"

CsrunNativeTfm=$(scripts/native-tfm.sh)
export CsrunNativeTfm
# The framework that is not published is compiled here, so that the fallback cannot rot.
say "analyzers: net10.0 and net9.0"
dotnet build src/Csrun --artifacts-path artifacts/lint -v quiet --nologo -clp:NoSummary
say "format"
# Style and analyzers are the compiler's here (EnforceCodeStyleInBuild, warnings are errors): only white space is left.
dotnet format whitespace . --folder --verify-no-changes --exclude artifacts/ --exclude bin/

scripts=(scripts/*.sh .ci/run)
for script in bench/*.sh; do
    [ -e "$script" ] && scripts+=("$script")
done
if have shellcheck; then
    say "shellcheck"
    shellcheck --external-sources --source-path=SCRIPTDIR --exclude=SC1091 "${scripts[@]}"
else
    for script in "${scripts[@]}"; do bash -n "$script"; done
    say "shellcheck is not installed: shell scripts were only parsed"
fi
