#!/bin/sh
# Usage: tools/install.sh PYTHON ARGUMENTS...
# Installs into the environment of PYTHON, with uv where it is on the PATH, else with pip, at the
# versions of constraints.txt. As with uv, a module is compiled when it is first imported: compiling all
# of them takes half a minute, and most are never asked for.
set -eu
python=$1
shift
if command -v uv >/dev/null 2>&1; then
    exec uv pip install --quiet --python "$python" --constraint constraints.txt "$@"
fi
# Dependency groups are read by pip 25.1 and newer; Debian's venv comes with an older one.
if "$python" -c 'import pip, sys; sys.exit(tuple(map(int, pip.__version__.split(".")[:2])) >= (25, 1))'; then
    "$python" -m pip install --quiet --disable-pip-version-check --no-compile --upgrade 'pip>=25.1'
fi
exec "$python" -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt "$@"
