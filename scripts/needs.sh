#!/bin/sh
# Install from Debian what the tests start, when we may; otherwise say the one line to run.
set -eu

missing=""
need() { # need <command or path> <Debian package>
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

need chromium chromium
need ffmpeg ffmpeg
need /usr/sbin/nginx nginx-light
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"

[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "→ Debian packages:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # one word a package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    exit 0
fi

echo "Ai test servono programmi di Debian. Esegui questa riga, poi di nuovo make test:" >&2
echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing" >&2
exit 1
