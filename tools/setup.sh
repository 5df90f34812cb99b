#!/bin/sh
# Makes .venv with the exact, hashed versions of requirements.lock. Needs Python 3.11 or newer and
# no rights: what a bare Debian lacks (pip, the OpenMP runtime) is unpacked into .venv, not installed.
set -eu
python=${PYTHON:-python3}
here=.venv/debian

# unpacked PACKAGE...: Debian packages, unpacked under .venv/debian.
unpacked() {
  command -v apt-get >/dev/null || return 1
  mkdir -p "$here/state/lists/partial" "$here/cache/archives/partial"
  own="-o Dir::State=$PWD/$here/state -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache=$PWD/$here/cache -o APT::Sandbox::User="
  # shellcheck disable=SC2086 # the options are several words on purpose
  apt-get $own -qq update && (cd "$here" && apt-get $own -qq download "$@") &&
    for package in "$here"/*.deb; do dpkg -x "$package" "$here/files"; done
  done=$?
  rm -rf "$here/state" "$here/cache" "$here"/*.deb
  return $done
}

pip() {
  if .venv/bin/python -m pip --version >/dev/null 2>&1; then
    .venv/bin/python -m pip "$@"
  elif "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip --python .venv/bin/python "$@"
  else
    ls "$here"/files/usr/share/python-wheels/pip-*.whl >/dev/null 2>&1 || unpacked python3-pip-whl || {
      echo "Python has no pip here. On Debian: apt-get install python3-venv" >&2
      exit 1
    }
    .venv/bin/python "$(ls "$PWD/$here"/files/usr/share/python-wheels/pip-*.whl)/pip" "$@"
  fi
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Zaplecze needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1). Give another: make PYTHON=/path/to/python3.11" >&2
  exit 1
}
if [ ! -x .venv/bin/python ]; then
  # Debian's Python makes environments with pip only where python3-venv is installed.
  "$python" -m venv .venv >/dev/null 2>&1 || "$python" -m venv --clear --without-pip .venv
fi
if [ ! -x .venv/bin/uv ]; then
  pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
fi
.venv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes requirements.lock
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
.venv/bin/python tools/hatch_build.py
# LightGBM needs the OpenMP runtime of GCC; zaplecze.impact.learner looks for it in .venv/lib.
if ! .venv/bin/python -c 'import ctypes; ctypes.CDLL("libgomp.so.1")' 2>/dev/null; then
  unpacked libgomp1 && cp "$here"/files/usr/lib/*/libgomp.so.1 .venv/lib/ || {
    echo "The OpenMP runtime is missing. On Debian: apt-get install libgomp1" >&2
    exit 1
  }
fi
