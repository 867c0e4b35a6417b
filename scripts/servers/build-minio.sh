#!/usr/bin/env bash
# Builds MinIO from its Go module into ${DEEPSTYLE_CACHE:-~/.cache/deepstyle}/bin, where the tests look for it when
# DEEPSTYLE_S3_SERVER=minio asks for it instead of versitygw:
#
#   scripts/servers/build-minio.sh
#
# Needs Go 1.26 and takes about three minutes on two cores; what is there already is not built again.
set -euo pipefail

# Its tags are no Go versions: the version names a commit, the last that is published.
VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
BIN="${DEEPSTYLE_CACHE:-$HOME/.cache/deepstyle}/bin"

if [ ! -x "$BIN/minio-$VERSION" ]; then
  command -v go >/dev/null || {
    echo 'Go is missing: install Go 1.26 or newer (https://go.dev/dl)' >&2
    exit 3
  }
  mkdir -p "$BIN"
  made=$(mktemp -d "$BIN/.building.XXXXXX")
  trap 'rm -rf "$made"' EXIT
  CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS="${GOFLAGS:-} -buildvcs=false" GOBIN="$made" \
    go install -trimpath -ldflags '-s -w' "github.com/minio/minio@$VERSION"
  mv "$made/minio" "$BIN/minio-$VERSION"
fi
ln -sfn "minio-$VERSION" "$BIN/minio"
