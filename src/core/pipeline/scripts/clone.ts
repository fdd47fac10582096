/**
 * Fetches exactly $COMMIT. Everything foreign comes by environment. The token is read from its file by a credential
 * helper that answers for this one URL only, so it is in no argument, no environment and no `.git/config`, and
 * submodules of other repositories never get it.
 */
export const CLONE_SCRIPT = `#!/bin/sh
set -eu
umask 0
mkdir -p "$HOME" "$TEKTON_CI_CHECKOUT"
cd "$TEKTON_CI_CHECKOUT"
if [ -n "\${TEKTON_CI_TOKEN_FILE:-}" ]; then
  GIT_CONFIG_KEY_1=credential.useHttpPath
  GIT_CONFIG_VALUE_1=true
  GIT_CONFIG_KEY_2=credential.$TEKTON_CI_URL.helper
  GIT_CONFIG_VALUE_2='!f() { test "$1" = get || exit 0; echo username=x-access-token; echo "password=$(cat "$TEKTON_CI_TOKEN_FILE")"; }; f'
  GIT_CONFIG_COUNT=3
  export GIT_CONFIG_COUNT GIT_CONFIG_KEY_1 GIT_CONFIG_VALUE_1 GIT_CONFIG_KEY_2 GIT_CONFIG_VALUE_2
fi
if [ "$TEKTON_CI_LFS" != true ]; then export GIT_LFS_SKIP_SMUDGE=1; fi

echo "Fetching $COMMIT from $TEKTON_CI_URL"
git init --quiet
git remote add -- origin "$TEKTON_CI_URL"
if [ "$TEKTON_CI_DEPTH" != 0 ]; then set -- "--depth=$TEKTON_CI_DEPTH"; fi
git fetch --quiet --no-tags "$@" origin "$COMMIT"
git -c advice.detachedHead=false checkout --quiet --detach FETCH_HEAD
if [ "$(git rev-parse HEAD)" != "$COMMIT" ]; then
  echo "HEAD is $(git rev-parse HEAD), not $COMMIT" >&2
  exit 1
fi
if [ -n "$TAG" ]; then git update-ref "refs/tags/$TAG" HEAD; fi
if [ "$TEKTON_CI_SUBMODULES" = true ] && [ -f .gitmodules ]; then
  git submodule --quiet update --init --recursive "$@"
fi
if [ "$TEKTON_CI_LFS" = true ]; then git lfs install --local; git lfs pull; fi
git log -1 --no-decorate --format='%h %s'
printf %s "$COMMIT" > "$(results.commit.path)"
printf %s "$TEKTON_CI_URL" > "$(results.url.path)"
`;
