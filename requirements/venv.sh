#!/bin/sh
# Makes .venv with the Python given. Debian and Ubuntu ship Python without venv: it is then installed, where we may.
set -eu
python=${1:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "The portal needs Python 3.11 or later; '$python' is $("$python" -V 2>&1). Try: make PYTHON=python3.12 …" >&2
  exit 1
}
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  run=""
  [ "$(id -u)" = 0 ] || run="sudo"
  echo "Python's venv is missing; installing $package …"
  { $run apt-get update -qq && $run apt-get install -y -qq "$package"; } || {
    echo "Please install it and try again: sudo apt-get install $package" >&2
    exit 1
  }
fi
"$python" -m venv .venv
