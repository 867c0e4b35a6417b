#!/bin/sh
# Installs the peer of this bench, pycocotools, into a virtual environment in the cache folder.
set -eu
venv="$HOME/.cache/deepstyle/coco-venv"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet numpy==2.4.6 pycocotools==2.0.11
echo "pycocotools is in $venv"
