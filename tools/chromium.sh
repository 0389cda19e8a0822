#!/bin/sh
# Makes sure that a Chromium and letters for Persian and Chinese are there for the browser tests.
# Found: nothing happens. Else, as root on Debian or Ubuntu, they come from the system's packages.
# Else the browser tests are skipped and say why; in CI (CI=true) that is a failure.
set -eu

found() {
    if [ -n "${HOLDFAST_CHROMIUM:-}" ]; then
        command -v "$HOLDFAST_CHROMIUM" >/dev/null 2>&1
        return
    fi
    for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

letters() {
    command -v fc-list >/dev/null 2>&1 || return 1
    for language in fa zh-cn; do
        [ -n "$(fc-list ":lang=$language" family)" ] || return 1
    done
}

give_up() {
    echo "Browser tests: $1" >&2
    case "${CI:-}" in 1 | true | yes) exit 1 ;; esac
    echo "They are skipped. Install chromium, fontconfig, fonts-noto-core and fonts-noto-cjk to run them." >&2
    exit 0
}

found && letters && exit 0
command -v apt-get >/dev/null 2>&1 || give_up "no Chromium with fonts, and no apt-get to install one."
[ "$(id -u)" = 0 ] || give_up "no Chromium with fonts, and only root may install one."

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || give_up "the list of packages could not be refreshed."
fonts="fontconfig fonts-noto-core fonts-noto-cjk libatomic1"
browser=
if ! found; then
    for name in chromium-headless-shell chromium; do
        if apt-cache show "$name" >/dev/null 2>&1; then
            browser=$name
            break
        fi
    done
    [ -n "$browser" ] || give_up "the system's packages hold no Chromium."
fi
# shellcheck disable=SC2086  # several words on purpose
apt-get install -y -qq --no-install-recommends $browser $fonts >&2 || give_up "the system's packages could not be installed."
found && letters || give_up "installed, and still not found."
