#!/usr/bin/env bash
# Makes the engine's devices tfjs-node and tfjs-node-gpu available: installs the npm package into a folder of its own and
# compiles its addon against the TensorFlow libraries of the Python wheel. (The package's own install script would fetch
# a prebuilt libtensorflow from a storage bucket instead; this needs the npm and Python registries only.)
#
#   scripts/tfjs-node/build.sh [--gpu] [--into FOLDER] [--tensorflow VERSION]
#
#   --gpu                 @tensorflow/tfjs-node-gpu against the CUDA wheel. At run time it needs an NVIDIA driver and the
#                         wheel's CUDA libraries (2.18: CUDA 12.5, cuDNN 9); without them it computes on the CPU
#   --into FOLDER         default: where the engine looks, ~/.cache/deepstyle/tfjs-node (or tfjs-node-gpu); tell it of another
#                         folder by the option tfjsNodeFolder
#   --tensorflow VERSION  2.15.1 and 2.18.1 (the default) are known to work
#
# For Linux on x86-64 with Node 20 to 22 (the package does not load on 23 and later), npm, python3 with pip, make and g++.
# Takes about 250 MB of download (--gpu: 650 MB), 1 GB of disk (1.5 GB) and a minute or two. Run again, it starts over.
set -euo pipefail

PACKAGE_VERSION=4.22.0
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
package=tfjs-node
wheel=tensorflow-cpu
tensorflow=2.18.1
folder=

fail() { printf '%s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --gpu) package=tfjs-node-gpu wheel=tensorflow ;;
    --into) folder=${2:?--into needs a folder}; shift ;;
    --tensorflow) tensorflow=${2:?--tensorflow needs a version}; shift ;;
    *) fail "Unknown option $1; the head of this script lists them." ;;
  esac
  shift
done
folder=${folder:-$HOME/.cache/deepstyle/$package}

for needed in node npm python3 make g++; do
  command -v "$needed" >/dev/null || fail "This needs $needed, which is not installed."
done
python3 -m pip --version >/dev/null 2>&1 || fail "This needs pip (python3 -m pip)."
[ "$(uname -sm)" = 'Linux x86_64' ] || fail "TensorFlow's wheels carry the libraries for Linux on x86-64; this is $(uname -sm)."
node_major=$(node -p 'process.versions.node.split(".")[0]')
[ "$node_major" -ge 20 ] && [ "$node_major" -le 22 ] || fail "@tensorflow/$package needs Node 20 to 22; this is $(node -v)."

say() { printf '== %s\n' "$*"; }

say "installing @tensorflow/$package $PACKAGE_VERSION into $folder"
mkdir -p "$folder"
printf '{"private": true, "description": "The TensorFlow addon of the DeepStyle engine"}\n' >"$folder/package.json"
npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error \
  --save-exact "@tensorflow/$package@$PACKAGE_VERSION"
module=$folder/node_modules/@tensorflow/$package

say "fetching the wheel of $wheel $tensorflow"
download=$(mktemp -d)
trap 'rm -rf "$download"' EXIT
# The libraries do not depend on Python's version: any wheel will do, and 3.11 exists for all of them.
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
  --platform manylinux2014_x86_64 --platform manylinux_2_17_x86_64 --dest "$download" "$wheel==$tensorflow"

say "taking libraries and headers out of it"
rm -rf "$module/deps" "$module/lib" "$module/build"
python3 "$here/unpack_wheel.py" "$download"/*.whl "$module/deps"

say "compiling the addon"
headers=$(node -p 'path.resolve(process.execPath, "../..")')
# Node's own headers, where they came with it; else node-gyp looks for them in its way.
nodedir=()
if [ -f "$headers/include/node/node_api.h" ]; then nodedir=("--nodedir=$headers"); fi
(cd "$module" && node "$(npm root --global)/npm/node_modules/node-gyp/bin/node-gyp.js" rebuild --loglevel=error \
  "${nodedir[@]}" --module_name=tfjs_binding --module_path="$module/lib/napi-v8" --napi_build_version=8) \
  >"$download/compile.log" 2>&1 || { tail -n 40 "$download/compile.log" >&2; fail "The addon did not compile."; }
rm -rf "$module/build" "$module/deps/include"

say "trying it"
(cd "$folder" && TF_CPP_MIN_LOG_LEVEL=2 node --no-warnings -e "
  const tf = require('@tensorflow/$package');
  const [product] = tf.matMul([[3, 4]], [[5], [6]]).dataSync();
  if (product !== 39) throw new Error('3 * 5 + 4 * 6 came out as ' + product);
  console.log('@tensorflow/$package ' + tf.version['tfjs-node'] + ' on TensorFlow ' + tf.backend().binding.TF_Version + ' works');
")
