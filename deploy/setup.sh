#!/bin/sh
# Prepares .venv from Python alone: uv is brought in by its hash, then everything else by theirs.
set -eu
began=$(date +%s)
stamp=.venv/.lontar
inputs="pyproject.toml requirements/uv.txt requirements/dev.txt deploy/setup.sh"

say() { echo "setup: $*" >&2; }

is_current() {
    [ -f "$stamp" ] && [ -x .venv/bin/cms ] || return 1
    [ "$(cat $inputs | cksum)" = "$(cat "$stamp")" ]
}

find_python() {
    for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python3.14 python; do
        [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    say "Python 3.11 or newer is needed (Debian, Ubuntu: apt-get install python3 python3-venv)"
    exit 1
}

# The install below builds the admin UI too, unless uv has it in its cache; nothing to do is quick.
build_admin_ui() {
    [ "${CMS_SKIP_ADMIN_UI:-}" = 1 ] || .venv/bin/python admin_ui/build.py
}

if is_current; then
    build_admin_ui
    exit 0
fi
python=$(find_python)
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    say "Python's venv module is missing (Debian, Ubuntu: apt-get install python3-venv)"
    exit 1
fi
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    rm -rf .venv
    "$python" -m venv .venv
fi
say "preparing .venv with $(.venv/bin/python -V)"
if ! .venv/bin/uv --version >/dev/null 2>&1; then
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
fi
export VIRTUAL_ENV="$PWD/.venv"
.venv/bin/uv pip sync -q --require-hashes requirements/dev.txt
.venv/bin/uv pip install -q --no-deps --no-build-isolation -e .
build_admin_ui
cat $inputs | cksum > "$stamp"
say "done in $(( $(date +%s) - began )) s"
