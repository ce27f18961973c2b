#!/usr/bin/env bash
# Writes the locks from one resolution: dev.lock first, then the others held to its versions.
# They are good for every platform and for Python 3.11 and later, and list wheels only.
#
#   bash requirements/compile.sh             keeps every version that still fits
#   bash requirements/compile.sh --upgrade   looks for newer ones (the pins above them stay)
#
# Needs the environment of dev.lock, which has the one version of uv that wrote these files.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON=${PYTHON:-.venv/bin/python}
pinned=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements/dev.txt)
found=$("$PYTHON" -m uv --version | cut -d' ' -f2) || true
if [ "$found" != "$pinned" ]; then
  echo "compile.sh needs uv $pinned, but $PYTHON has ${found:-none}; install requirements/dev.lock" >&2
  exit 1
fi

lock() { # lock NAME REQUIREMENTS [OPTION...]
  local out=requirements/$1.lock
  "$PYTHON" -m uv pip compile --quiet "${@:2}" --output-file "$out" \
    --universal --python-version 3.11 --fork-strategy fewest --only-binary :all: \
    --generate-hashes --no-annotate --no-header --no-emit-index-url --no-config --no-strip-extras
  { echo "# Written by requirements/compile.sh; do not edit."; cat "$out"; } > "$out.new"
  mv "$out.new" "$out"
}

lock dev requirements/dev.txt "$@"
lock app requirements.txt --constraints requirements/dev.lock
lock train requirements/train.txt --constraints requirements/dev.lock
lock light requirements/light.txt --constraints requirements/dev.lock
lock notebooks requirements/notebooks.txt --constraints requirements/dev.lock
lock docs requirements/docs.txt --constraints requirements/dev.lock
lock deploy requirements/deploy.txt --constraints requirements/dev.lock
lock release requirements/release.txt --constraints requirements/dev.lock
lock store requirements/store.txt --constraints requirements/dev.lock
lock observe requirements/observe.txt --constraints requirements/dev.lock
lock drawing requirements/drawing.txt --constraints requirements/dev.lock
lock evidently requirements/evidently.txt "$@" # an environment of its own, which may differ from the others
lock mcp requirements/mcp.txt "$@" # the same
lock clients requirements/clients.txt "$@" # the same
lock mlflow requirements/mlflow.txt "$@" # the same
lock engines requirements/engines.txt --no-binary pyspark "$@" # the same; pyspark has no wheel
lock spark requirements/spark.txt --no-binary pyspark "$@" # the same
lock spark_training requirements/spark_training.txt --constraints requirements/dev.lock --no-binary pyspark "$@"
