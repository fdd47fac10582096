/**
 * Installs or upgrades the chart. Everything foreign comes by environment and is handed to Helm as whole arguments: values as JSON,
 * in which Helm knows no syntax of its own. A release that an earlier deploy left pending, which Helm would refuse to touch, is
 * recovered first: rolled back to what is deployed, or removed when nothing ever was. A deploy that fails leaves no pod to ask, so they are
 * looked at while Helm waits, and those that did not get ready are told below its error.
 */
export const HELM_SCRIPT = `#!/bin/sh
set -eu
mkdir -p "$HOME"
cd "$TEKTON_CI_CHECKOUT/$TEKTON_CI_PATH"

state=$(helm status "$RELEASE" --namespace "$NAMESPACE" 2>/dev/null | sed -n 's/^STATUS: *//p') || state=
case "$state" in
  pending-install)
    echo "Release $RELEASE was never installed to the end ($state): removing it"
    helm uninstall "$RELEASE" --namespace "$NAMESPACE" --wait --timeout "$TEKTON_CI_HELM_TIMEOUT"
    ;;
  pending-*)
    revision=$(helm history "$RELEASE" --namespace "$NAMESPACE" | awk -F '\\t' '$3 ~ /^deployed *$/ { print $1 + 0 }' | tail -n 1)
    echo "Release $RELEASE was left $state: rolling back to revision \${revision:-before it}"
    helm rollback "$RELEASE" \${revision:+"$revision"} --namespace "$NAMESPACE" --timeout "$TEKTON_CI_HELM_TIMEOUT"
    ;;
esac

set --
if [ "$TEKTON_CI_PUSHED" = true ]; then
  case "$IMAGE_DIGEST" in
    sha256:*) ;;
    *) echo "The digest of the image is not known: '$IMAGE_DIGEST'" >&2; exit 1 ;;
  esac
  set -- "--set-json=image.repository=\\"$IMAGE\\"" "--set-json=image.tag=\\"$IMAGE_TAG\\"" "--set-json=image.digest=\\"$IMAGE_DIGEST\\""
fi
number=0
while [ "$number" -lt "$TEKTON_CI_VALUES_FILES" ]; do
  number=$((number + 1))
  eval "value=\\$TEKTON_CI_VALUES_FILE_$number"
  set -- "$@" "--values=$value"
done
number=0
while [ "$number" -lt "$TEKTON_CI_SETTINGS" ]; do
  number=$((number + 1))
  eval "value=\\$TEKTON_CI_SETTING_$number"
  set -- "$@" "--set-json=$value"
done

echo "Deploying ./$TEKTON_CI_CHART as $RELEASE to namespace $NAMESPACE"
pods=$HOME/.tekton-ci-pods
rm -f "$pods"
tekton_ci_pods() {
  helm status "$RELEASE" --namespace "$NAMESPACE" --show-resources | awk '
    /^==> / { pods = $2 ~ /^v1\\/Pod/ }
    pods && $2 ~ /^[0-9]+\\/[0-9]+$/ && $3 != "Completed" {
      split($2, of, "/")
      if (of[1] != of[2]) print "pod " $1 ": " $3 ", " $2 " ready, " $4 " restarts"
    }'
}
(while sleep 5; do tekton_ci_pods > "$pods.new" && mv "$pods.new" "$pods"; done) </dev/null >/dev/null 2>&1 &
watcher=$!
code=0
helm upgrade --install --atomic --wait --timeout "$TEKTON_CI_HELM_TIMEOUT" --namespace "$NAMESPACE" --dependency-update "$@" -- "$RELEASE" "./$TEKTON_CI_CHART" || code=$?
kill "$watcher" 2>/dev/null || true
if [ "$code" -ne 0 ] && [ -s "$pods" ]; then cat "$pods"; fi
exit "$code"
`;
