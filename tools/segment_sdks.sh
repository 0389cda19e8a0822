#!/bin/sh
# Usage: tools/segment_sdks.sh FOLDER PYTHON
# Puts Segment's own libraries into FOLDER, for the tests that send events with them: the one for
# Python into an environment of its own (it wants other versions than we do), the one for Node.js
# from npm. What is there already is left as it is. Ends with 1 and the reason where one is missing.
set -eu
folder=$1
python=$2
python_version=2.4.0
node_version=3.1.0

give_up() {
    echo "Segment's libraries: $1" >&2
    exit 1
}

if [ ! -e "$folder/python/.ready-$python_version" ]; then
    "$python" -m venv "$folder/python" || give_up "no environment for Python could be made."
    "$folder/python/bin/python" -m pip install --quiet --disable-pip-version-check \
        "segment-analytics-python==$python_version" >&2 || give_up "the library for Python could not be installed."
    touch "$folder/python/.ready-$python_version"
fi

if [ ! -e "$folder/node/.ready-$node_version" ]; then
    command -v node >/dev/null 2>&1 || give_up "no Node.js: install nodejs 20 or newer."
    command -v npm >/dev/null 2>&1 || give_up "no npm: install the package npm."
    mkdir -p "$folder/node"
    npm install --prefix "$folder/node" --no-save --no-audit --no-fund --loglevel=error \
        "@segment/analytics-node@$node_version" >&2 || give_up "the library for Node.js could not be installed."
    touch "$folder/node/.ready-$node_version"
fi
