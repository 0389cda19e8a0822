#!/bin/sh
# Makes sure that a PostgreSQL server's programs are there for the tests that run on both databases.
# Found: nothing happens. Else, as root on Debian or Ubuntu, they come from the system's packages;
# no server is started, the tests start their own. Else those tests are skipped and say why; in CI
# (CI=true) that is a failure.
set -eu

found() {
    command -v initdb >/dev/null 2>&1 && command -v postgres >/dev/null 2>&1 && return 0
    for folder in "${HOLDFAST_POSTGRESQL:-/usr/lib/postgresql}"/*/bin; do
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && return 0
    done
    return 1
}

give_up() {
    echo "Tests on PostgreSQL: $1" >&2
    case "${CI:-}" in 1 | true | yes) exit 1 ;; esac
    echo "They are skipped. Install the package postgresql to run them." >&2
    exit 0
}

found && exit 0
command -v apt-get >/dev/null 2>&1 || give_up "no PostgreSQL, and no apt-get to install it."
[ "$(id -u)" = 0 ] || give_up "no PostgreSQL, and only root may install it."

export DEBIAN_FRONTEND=noninteractive
# The package would make a cluster and start it: nobody asked for a server on this machine.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
fi
apt-get update -qq || give_up "the list of packages could not be refreshed."
apt-get install -y -qq --no-install-recommends postgresql >&2 || give_up "the system's packages could not be installed."
found || give_up "installed, and still not found."
