#!/bin/sh
# Installs PyTorch and torchvision, the peers of bench/detector-small, into a virtual environment of the cache folder.
# The CPU wheels are much smaller than the default ones: name their index in PIP_EXTRA_INDEX_URL to get them.
set -eu
VENV=${1:-$HOME/.cache/deepstyle/torch-venv}
python3 -m venv "$VENV"
"$VENV/bin/pip" install --quiet torch torchvision numpy
"$VENV/bin/python" -c 'import torch; print("PyTorch", torch.__version__, "in", "'"$VENV"'")'
