/**
 * Runs $TEKTON_CI_COMMAND_1 … in one shell: bash where the container has it, else its sh. Each command is a log group.
 * The commands come by environment, never pasted in, so nothing in them is Tekton's to expand; what a command starts
 * does not see them. The argument tells a bash that is none (busybox can be built so) from one that was not tried yet.
 */
export const COMMANDS_SCRIPT = `#!/bin/sh
set -eu
if [ -n "\${BASH_VERSION:-}" ] && (set +o posix) 2>/dev/null; then
  set +o posix
elif [ "$#" -eq 0 ] && command -v bash >/dev/null 2>&1; then
  exec bash "$0" tried
fi
set --
if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi
cd "$TEKTON_CI_CHECKOUT/$TEKTON_CI_PATH"

tekton_ci_end() {
  if [ "$1" -ne 0 ]; then
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
