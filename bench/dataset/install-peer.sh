#!/bin/sh
# Installs the peer of this bench, pandas, into a virtual environment in the cache folder (that of bench/coco-eval).
set -eu
venv="$HOME/.cache/deepstyle/coco-venv"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet numpy==2.4.6 pandas==3.1.1
echo "pandas is in $venv"
