#!/usr/bin/env bash
# Builds what the chart and the cluster tests run, from Go modules, into ${DEEPSTYLE_CACHE:-~/.cache/deepstyle}:
#
#   scripts/cluster/build-tools.sh chart            helm, kubeconform and the schemas that it reads
#   scripts/cluster/build-tools.sh control-plane    etcd, the four Kubernetes programs and kwok
#   scripts/cluster/build-tools.sh                  both
#
# Kept by version: what is there already is not built again. Needs Go 1.26 and Node; exit code 3: Go is missing.
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
CACHE="${DEEPSTYLE_CACHE:-$HOME/.cache/deepstyle}"
BIN="$CACHE/bin"

HELM=v4.3.1
KUBECONFORM=v0.8.0
ETCD=v3.7.3       # as in etcd/go.mod
KUBERNETES=v1.34.4 # as in kubernetes/go.mod
KWOK=v0.8.0
KEDA=v2.21.0
PROMETHEUS_OPERATOR=v0.92.0

export CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS="${GOFLAGS:-} -buildvcs=false"

say() { printf '== %s\n' "$*"; }

# publish NAME VERSION FILE: FILE becomes NAME-VERSION, and NAME points at it.
publish() {
  mv "$3" "$BIN/$1-$2"
  ln -sfn "$1-$2" "$BIN/$1"
}

need_go() {
  command -v go >/dev/null && return
  say "$1 is not in $CACHE and Go is missing: install Go 1.26 or newer (https://go.dev/dl)"
  exit 3
}

# built NAME VERSION: whether it is in the cache; where it is, NAME points at it.
built() {
  [ -x "$BIN/$1-$2" ] && ln -sfn "$1-$2" "$BIN/$1"
}

# install NAME VERSION PACKAGE: a program of a module that can be installed by name.
install() {
  built "$1" "$2" && return
  need_go "$1"
  local started=$SECONDS
  GOBIN="$work" go install -trimpath -ldflags '-s -w' "$3@$2"
  publish "$1" "$2" "$work/$1"
  say "$1 $2: $((SECONDS - started)) s"
}

# compile NAME VERSION FOLDER PACKAGE [LDFLAGS]: a program of the module in FOLDER.
compile() {
  built "$1" "$2" && return
  need_go "$1"
  local started=$SECONDS
  go -C "$HERE/$3" build -trimpath -ldflags "-s -w ${5:-}" -o "$work/$1" "$4"
  publish "$1" "$2" "$work/$1"
  say "$1 $2: $((SECONDS - started)) s"
}

# module_folder MODULE VERSION: downloads a module and prints where it lies.
module_folder() {
  go mod download -json "$1@$2" | node -e '
    let text = "";
    process.stdin.on("data", (part) => (text += part)).on("end", () => console.log(JSON.parse(text).Dir));'
}

# make_folder NAME COMMAND...: runs COMMAND with a new folder as its last argument, which becomes NAME when it succeeds.
make_folder() {
  local name=$1
  shift
  [ -d "$CACHE/$name" ] && return
  need_go "$name"
  mkdir "$work/new"
  "$@" "$work/new"
  mv "$work/new" "$CACHE/$name"
  say "$name"
}

schemas() {
  node "$HERE/kubernetes-schemas.mjs" \
    "$(module_folder k8s.io/kubernetes "$KUBERNETES")/api/openapi-spec/swagger.json" "$1"
}

# The kinds of KEDA and of the Prometheus operator that the chart can render.
definitions() {
  cp "$(module_folder github.com/kedacore/keda/v2 "$KEDA")"/config/crd/bases/keda.sh_scaled{objects,jobs}.yaml "$1"
  cp "$(module_folder github.com/prometheus-operator/prometheus-operator "$PROMETHEUS_OPERATOR")"/example/prometheus-operator-crd/monitoring.coreos.com_{servicemonitors,prometheusrules}.yaml "$1"
  chmod u+w "$1"/*
}

chart() {
  install helm "$HELM" helm.sh/helm/v4/cmd/helm
  install kubeconform "$KUBECONFORM" github.com/yannh/kubeconform/cmd/kubeconform
  make_folder "kubernetes-schemas-$KUBERNETES" schemas
}

control_plane() {
  local client=k8s.io/client-go/pkg/version base=k8s.io/component-base/version minor
  minor=$(cut -d. -f2 <<<"$KUBERNETES")
  local named="-X $base.gitVersion=$KUBERNETES -X $base.gitMajor=1 -X $base.gitMinor=$minor -X $client.gitVersion=$KUBERNETES"
  compile etcd "$ETCD" etcd .
  install kwok "$KWOK" sigs.k8s.io/kwok/cmd/kwok
  for program in kube-apiserver kube-scheduler kube-controller-manager kubectl; do
    compile "$program" "$KUBERNETES" kubernetes "k8s.io/kubernetes/cmd/$program" "$named"
  done
  make_folder "definitions-keda-$KEDA-prometheus-$PROMETHEUS_OPERATOR" definitions
}

mkdir -p "$BIN"
work=$(mktemp -d "$CACHE/.building.XXXXXX")
trap 'rm -rf "$work"' EXIT
case "${1:-all}" in
  chart) chart ;;
  control-plane) control_plane ;;
  all) chart; control_plane ;;
  *) say "unknown: $1 (chart or control-plane)"; exit 2 ;;
esac
