import { MOST_REPORT_BYTES, REPORT_GROUP } from '../../report/failures/report-groups.ts';

/**
 * Runs $TEKTON_CI_COMMAND_1 … in one shell: bash where the container has it, else its sh. Each command is a log group.
 * The commands come by environment, never pasted in, so nothing in them is Tekton's to expand; what a command starts
 * does not see them. The argument tells a bash that is none (busybox can be built so) from one that was not tried yet. The dependency
 * cache is used when there is one that the container's user can write: by variables of the tools, or by links in place of paths.
 */
export const COMMANDS_SCRIPT = commandsScript('');

/**
 * The same, which puts the test reports that $TEKTON_CI_REPORT_1 … match into the log of a step that fails, each a group: whoever keeps the
 * log has them too. A report that is older than the step is none of its own. In a pattern `*` stands for slashes as well.
 */
export const COMMANDS_WITH_REPORTS_SCRIPT = commandsScript(`
tekton_ci_reports() {
  cd "$TEKTON_CI_CHECKOUT/$TEKTON_CI_PATH" || return 0
  TEKTON_CI_ROOM=${MOST_REPORT_BYTES}
  TEKTON_CI_REPORT=0
  while [ "$TEKTON_CI_REPORT" -lt "$TEKTON_CI_REPORTS" ]; do
    TEKTON_CI_REPORT=$((TEKTON_CI_REPORT + 1))
    eval "find . '(' -name .git -o -name node_modules ')' -prune -o -type f -path \\"./\\$TEKTON_CI_REPORT_$TEKTON_CI_REPORT\\" -print"
  done | sort -u | while IFS= read -r TEKTON_CI_FILE; do
    if [ "$TEKTON_CI_BEGAN" -nt "$TEKTON_CI_FILE" ]; then continue; fi
    TEKTON_CI_SIZE=$(wc -c < "$TEKTON_CI_FILE")
    if [ "$TEKTON_CI_SIZE" -gt "$TEKTON_CI_ROOM" ]; then
      printf 'tekton-ci: the report %s is left out: reports of more than ${MOST_REPORT_BYTES} bytes\\n' "\${TEKTON_CI_FILE#./}"
      continue
    fi
    TEKTON_CI_ROOM=$((TEKTON_CI_ROOM - TEKTON_CI_SIZE))
    printf '\\n::group::${REPORT_GROUP}%s\\n' "\${TEKTON_CI_FILE#./}"
    cat "$TEKTON_CI_FILE"
    printf '\\n::endgroup::\\n'
  done
}
TEKTON_CI_BEGAN=$HOME/.tekton-ci-began
: > "$TEKTON_CI_BEGAN"
`);

function commandsScript(reports: string): string {
  return `#!/bin/sh
set -eu
if [ -n "\${BASH_VERSION:-}" ] && (set +o posix) 2>/dev/null; then
  set +o posix
elif [ "$#" -eq 0 ] && command -v bash >/dev/null 2>&1; then
  exec bash "$0" tried
fi
set --
if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi
if [ ! -d "$HOME" ]; then mkdir -p "$HOME"; fi
cd "$TEKTON_CI_CHECKOUT/$TEKTON_CI_PATH"

if [ -n "\${TEKTON_CI_CACHE:-}" ] && [ ! -w "$TEKTON_CI_CACHE" ]; then
  echo 'tekton-ci: this container'"'"'s user cannot write the cache, which is not used'
  unset \${TEKTON_CI_CACHE_VARIABLES:-}
  TEKTON_CI_CACHE_PATHS=0
fi
TEKTON_CI_NUMBER=0
while [ "$TEKTON_CI_NUMBER" -lt "\${TEKTON_CI_CACHE_PATHS:-0}" ]; do
  TEKTON_CI_NUMBER=$((TEKTON_CI_NUMBER + 1))
  eval "TEKTON_CI_LINK=\\$TEKTON_CI_CACHE_PATH_$TEKTON_CI_NUMBER"
  TEKTON_CI_KEPT=$TEKTON_CI_CACHE/$TEKTON_CI_CACHE_FOLDER/$TEKTON_CI_LINK
  if [ -L "./$TEKTON_CI_LINK" ]; then continue; fi
  if [ -e "./$TEKTON_CI_LINK" ]; then
    printf 'tekton-ci: %s is in the repository, so it is not cached\\n' "$TEKTON_CI_LINK"
    continue
  fi
  TEKTON_CI_LINK=./$TEKTON_CI_LINK
  mkdir -p "$TEKTON_CI_KEPT" "\${TEKTON_CI_LINK%/*}"
  ln -s "$TEKTON_CI_KEPT" "$TEKTON_CI_LINK"
done
${reports}
tekton_ci_end() {
  if [ "$1" -ne 0 ]; then${reports === '' ? '' : '\n    tekton_ci_reports || true'}
    printf '\\ntekton-ci: command %s of %s failed with exit code %s\\n' "$TEKTON_CI_NUMBER" "$TEKTON_CI_COMMANDS" "$1"
  fi
}
TEKTON_CI_NUMBER=0
while [ "$TEKTON_CI_NUMBER" -lt "$TEKTON_CI_COMMANDS" ]; do
  TEKTON_CI_NUMBER=$((TEKTON_CI_NUMBER + 1))
  eval "TEKTON_CI_COMMAND=\\$TEKTON_CI_COMMAND_$TEKTON_CI_NUMBER"
  unset "TEKTON_CI_COMMAND_$TEKTON_CI_NUMBER"
  eval "TEKTON_CI_COMMAND_$TEKTON_CI_NUMBER=\\$TEKTON_CI_COMMAND"
done
TEKTON_CI_NUMBER=0
trap 'tekton_ci_end $?' EXIT
while [ "$TEKTON_CI_NUMBER" -lt "$TEKTON_CI_COMMANDS" ]; do
  TEKTON_CI_NUMBER=$((TEKTON_CI_NUMBER + 1))
  eval "TEKTON_CI_COMMAND=\\$TEKTON_CI_COMMAND_$TEKTON_CI_NUMBER"
  printf '::group::%s\\n' "\${TEKTON_CI_COMMAND%%
*}"
  eval "$TEKTON_CI_COMMAND"
  printf '::endgroup::\\n'
done
`;
}
