#!/usr/bin/env bash
# build-kube-apiserver.sh: puts kube-apiserver and etcd into one folder and prints its name, which is what KUBEBUILDER_ASSETS is set to
# for `npm run test:api`. The API server is built from its Go module (3 minutes on two cores, once, 1 GB of build cache); etcd comes from
# the machine (Debian: apt-get install etcd-server). Where setup-envtest is at hand it does the same.
set -euo pipefail
VERSION=1.36.3
DIR=${XDG_CACHE_HOME:-$HOME/.cache}/tekton-ci/assets/$VERSION
mkdir -p "$DIR"

etcd=$(command -v etcd) || { echo 'there is no etcd: apt-get install etcd-server' >&2; exit 1; }
ln -sfn "$etcd" "$DIR/etcd"

if [ ! -x "$DIR/kube-apiserver" ]; then
  command -v go >/dev/null || { echo 'there is no go: https://go.dev/dl' >&2; exit 1; }
  MODULE=$(mktemp -d)
  trap 'rm -rf "$MODULE"' EXIT
  cd "$MODULE"
  minor=${VERSION#1.}
  printf 'module assets\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes v%s\n' "$VERSION" >go.mod
  # The module replaces its sisters by folders of its own tree; whoever depends on it has to name their published versions.
  gomod=$(go mod download -json "k8s.io/kubernetes@v$VERSION" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
  grep -oE '^\s+k8s.io/[a-z-]+ =>' "$gomod" | awk -v version="v0.$minor" '{print "replace " $1 " => " $1 " " version}' >>go.mod
  printf '//go:build programs\n\npackage assets\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver"\n' >programs.go
  go mod tidy >&2
  # Without a version of its own it says v0.0.0, which clients refuse.
  at=k8s.io/component-base/version
  CGO_ENABLED=0 go build -mod=mod -trimpath -o "$DIR/kube-apiserver.new" -ldflags \
    "-s -w -X $at.gitVersion=v$VERSION -X $at.gitMajor=1 -X $at.gitMinor=${minor%%.*} -X $at.gitTreeState=clean" \
    k8s.io/kubernetes/cmd/kube-apiserver
  mv "$DIR/kube-apiserver.new" "$DIR/kube-apiserver"
fi
echo "$DIR"
