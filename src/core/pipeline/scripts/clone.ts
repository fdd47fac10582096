/**
 * Fetches exactly $COMMIT. Everything foreign comes by environment. What git logs in with is read from files by credential helpers that
 * each answer for their own addresses only, so it is in no argument, no environment and no `.git/config`, and submodules of other
 * repositories never get it. A private repository that was renamed is redirected where git has logged in already, which it follows only
 * when it is told to.
 */
export const CLONE_SCRIPT = `#!/bin/sh
set -eu
umask 0
mkdir -p "$HOME" "$TEKTON_CI_CHECKOUT"
cd "$TEKTON_CI_CHECKOUT"

tekton_ci_config() {
  eval "export GIT_CONFIG_KEY_$GIT_CONFIG_COUNT=\\$1 GIT_CONFIG_VALUE_$GIT_CONFIG_COUNT=\\$2"
  GIT_CONFIG_COUNT=$((GIT_CONFIG_COUNT + 1))
}
if [ -n "\${TEKTON_CI_TOKEN_FILE:-}" ]; then
  token='!f() { test "$1" = get || exit 0; echo username=x-access-token; echo "password=$(cat "$TEKTON_CI_TOKEN_FILE")"; }; f'
  tekton_ci_config credential.useHttpPath true
  tekton_ci_config "http.$TEKTON_CI_URL.followRedirects" true
  tekton_ci_config "credential.$TEKTON_CI_URL.helper" "$token"
  number=0
  while [ "$number" -lt "\${TEKTON_CI_TOKEN_URLS:-0}" ]; do
    number=$((number + 1))
    eval "url=\\$TEKTON_CI_TOKEN_URL_$number"
    tekton_ci_config "credential.$url.helper" "$token"
  done
fi
number=0
while [ "$number" -lt "\${TEKTON_CI_GIT_URLS:-0}" ]; do
  number=$((number + 1))
  eval "url=\\$TEKTON_CI_GIT_URL_$number"
  tekton_ci_config "credential.$url.helper" '!f() { test "$1" = get || exit 0; echo "username=$(cat "$TEKTON_CI_GIT_FOLDER_'"$number"'/username")"; echo "password=$(cat "$TEKTON_CI_GIT_FOLDER_'"$number"'/password")"; }; f'
done
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
number=0
while [ "$number" -lt "\${TEKTON_CI_REFSPECS:-0}" ]; do
  number=$((number + 1))
  eval "refspec=\\$TEKTON_CI_REFSPEC_$number"
  git fetch --quiet --no-tags "$@" origin "$refspec"
done
if [ -n "$TAG" ]; then git update-ref "refs/tags/$TAG" HEAD; fi
if [ "$TEKTON_CI_SUBMODULES" = true ] && [ -f .gitmodules ]; then
  git submodule --quiet update --init --recursive "$@"
fi
if [ "$TEKTON_CI_LFS" = true ]; then git lfs install --local; git lfs pull; fi
git log -1 --no-decorate --format='%h %s'
printf %s "$COMMIT" > "$(results.commit.path)"
printf %s "$TEKTON_CI_URL" > "$(results.url.path)"
if [ -n "\${TEKTON_CI_IMAGE_RESULT:-}" ]; then printf %s "$TEKTON_CI_IMAGE_URL" > "$TEKTON_CI_IMAGE_RESULT"; fi
`;
