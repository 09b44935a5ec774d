# shellcheck shell=bash
# Where the tools are. Sourced by the other scripts; finds, prints one path, and installs nothing.

# shellcheck disable=SC2034  # read by the scripts that source this one
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

error() {
    printf 'error: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
}

# CPython's minor version shows in recorded texts, so only 3.11 will do.
find_python() {
    local candidate
    for candidate in python3.11 python3 python "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.11*/bin/python3.11 \
        /opt/pyenv/versions/3.11*/bin/python3.11 /usr/bin/python3.11 /usr/local/bin/python3.11; do
        if is_python_311 "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    error "Python 3.11 was not found as \`python3.11\`, \`python3\` or among pyenv's versions" \
        "install \`python3.11\` and put it on PATH"
    return 1
}

# A version manager's shim may be on PATH and still refuse to run: ask the program itself.
is_python_311() {
    command -v "$1" >/dev/null && "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null
}

# The folder with `initdb`, `pg_ctl` and `postgres`: version 15 first, which is what was recorded, then PATH, then the newest.
find_postgres() {
    local candidate
    for candidate in /usr/lib/postgresql/15/bin "$(folder_of initdb)" \
        $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin | sort -rV); do
        if [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ] && [ -x "$candidate/postgres" ]; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

find_chromium() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
}

folder_of() {
    local program
    program=$(command -v "$1") && dirname "$(readlink -f "$program")"
}
