#!/bin/sh
# Makes .venv with the exact, hashed versions of requirements.lock. Needs Python 3.11 or newer.
set -eu
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Zaplecze needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1). Give another: make PYTHON=/path/to/python3.11" >&2
  exit 1
}
if [ ! -x .venv/bin/python ]; then
  # Debian ships venv without pip unless python3-venv is installed; the machine's own pip can help.
  "$python" -m venv .venv 2>/dev/null || "$python" -m venv --clear --without-pip .venv
fi
if [ ! -x .venv/bin/uv ]; then
  if .venv/bin/python -m pip --version >/dev/null 2>&1; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
  elif "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip --python .venv/bin/python install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
  else
    echo "Python has no pip here. On Debian: apt-get install python3-venv" >&2
    exit 1
  fi
fi
.venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes requirements.lock
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
.venv/bin/python tools/hatch_build.py
