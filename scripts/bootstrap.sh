#!/usr/bin/env bash
# Brings what gisgov needs onto this machine, and is quick and silent when all of it is there.
#
#   scripts/bootstrap.sh [python] [postgres] [chromium] [fonts] [web] [peers]
#
# Without arguments: all of them but the peers, which only benchmarks need. Python packages go into .venv, by
# hash from requirements.lock; the rest are packages of Debian or Ubuntu, installed when this runs as root or
# where sudo asks for no password.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VENV=.venv
readonly SYSTEM=${BOOTSTRAP_SYSTEM:-} # another root of the file system, for tests
readonly COMPOSE='or run everything in containers: docker compose up (see README.md)'

say() { printf '==> %s\n' "$*" >&2; }
digest() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}
fail() {
  printf 'gisgov: %s\n' "$@" >&2
  exit 2
}

# --- packages of the system -----------------------------------------------------------------------------------

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

apt_updated=
apt_update() {
  if [ -n "$apt_updated" ]; then return; fi
  as_root apt-get update -q >/dev/null 2>&1 || say "apt-get update failed; going on with the lists that are here"
  apt_updated=yes
}

apt_install() {
  local log
  apt_update
  log=$(mktemp)
  # force-confold: a configuration that the machine's owner changed stays as it is
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
    -o Dpkg::Options::=--force-confold "$@" >>"$log" 2>&1; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install $*."
  fi
  rm -f "$log"
}

# --- Python ---------------------------------------------------------------------------------------------------

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3.14 python3}; do
    if command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 or newer is needed; PYTHON=/path/to/python3.11 names one," "$COMPOSE."
}

make_venv() {
  local python
  python=$(find_python)
  say "making $VENV with $("$python" --version)"
  if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv --clear "$VENV"
  elif command -v uv >/dev/null; then
    uv venv -q --clear --seed --python "$python" "$VENV"
  elif may_install; then
    # Debian and Ubuntu keep pip for new environments in a package of its own
    say "installing python3-venv"
    apt_install "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    "$python" -m venv --clear "$VENV"
  else
    fail "$python cannot make an environment: its ensurepip is missing." \
      "Install it (apt install python3-venv), $COMPOSE."
  fi
}

# uv installs the packages; it comes first, itself by its hash in the lock.
need_uv() {
  local pinned version
  version=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements.lock)
  if [ "$("$VENV/bin/uv" --version 2>/dev/null | cut -d' ' -f2)" = "$version" ]; then return; fi
  if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1 &&
    ! "$VENV/bin/python" -m ensurepip >/dev/null 2>&1; then
    make_venv
  fi
  pinned=$(mktemp)
  sed -n '/^uv==/,/^    # via/p' requirements.lock >"$pinned"
  "$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$pinned" ||
    fail "pip could not install uv; is there a way to the package index?"
  rm -f "$pinned"
}

need_python() {
  local wanted stamp=$VENV/.bootstrapped
  wanted=$(cat requirements.lock pyproject.toml | digest)
  if [ -x "$VENV/bin/gisgov" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return; fi
  need_uv
  say "installing the Python packages (a minute or two the first time)"
  VIRTUAL_ENV=$VENV "$VENV/bin/uv" pip install --require-hashes --compile-bytecode -r requirements.lock
  VIRTUAL_ENV=$VENV "$VENV/bin/uv" pip install -q --no-deps --no-build-isolation -e .
  printf '%s\n' "$wanted" >"$stamp"
}

# What the benchmarks compare with; they say so when one is not there.
need_peers() {
  local wanted stamp=$VENV/.peers
  need_python
  if ! command -v wrk >/dev/null && may_install; then
    say "installing wrk, which asks services for the benchmarks"
    apt_install wrk
  fi
  wanted=$(cat requirements.lock benchmarks/requirements.lock | digest)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return; fi
  say "installing what the benchmarks compare with"
  if VIRTUAL_ENV=$VENV "$VENV/bin/uv" pip install -q --require-hashes -r benchmarks/requirements.lock; then
    printf '%s\n' "$wanted" >"$stamp"
  else
    say "some could not be installed; going on without them"
  fi
}

# --- PostgreSQL with PostGIS ----------------------------------------------------------------------------------

has_postgis() {
  if [ -n "${GISGOV_DATABASE_URL:-}" ]; then return; fi
  if [ -z "${GISGOV_PG_BIN:-}" ]; then
    # the usual place, without starting Python
    local control
    for control in "$SYSTEM"/usr/share/postgresql/1[4-8]/extension/postgis.control; do
      if [ -e "$control" ] && [ -x "$SYSTEM/usr/lib/postgresql/$(basename "${control%/extension/*}")/bin/initdb" ]; then return; fi
    done
  fi
  "$VENV/bin/python" -c 'from gisgov.config import load_settings as settings
from gisgov.embedded.programs import find_programs
find_programs(settings().pg_bin)' 2>/dev/null
}

# The newest major version that is installed, else the one that this release of the system has.
postgres_major() {
  local folder newest=
  for folder in "$SYSTEM"/usr/lib/postgresql/*/; do
    if [ -x "$folder/bin/postgres" ]; then
      newest=$(printf '%s\n%s\n' "$newest" "$(basename "$folder")" | sort -n | tail -1)
    fi
  done
  if [ -z "$newest" ]; then
    newest=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p' | sed -n 1p)
  fi
  printf '%s' "$newest"
}

need_postgres() {
  if has_postgis; then return; fi
  if ! may_install; then
    fail "PostgreSQL with PostGIS is not installed, and installing it takes root or sudo." \
      "Ask for it (apt install postgresql-postgis), or name a server in GISGOV_DATABASE_URL, $COMPOSE."
  fi
  say "installing PostgreSQL with PostGIS"
  apt_update
  local major
  major=$(postgres_major)
  [ -n "$major" ] || fail "This system's packages hold no PostgreSQL;" "name a server in GISGOV_DATABASE_URL, $COMPOSE."
  if [ ! -d "$SYSTEM/etc/postgresql-common" ]; then
    # gisgov makes a database of its own: a machine that had none shall not get one on port 5432 besides
    apt_install postgresql-common
    echo "create_main_cluster = false" |
      as_root tee -a "$SYSTEM/etc/postgresql-common/createcluster.conf" >/dev/null
  fi
  apt_install "postgresql-$major" "postgresql-$major-postgis-3"
  has_postgis || fail "PostgreSQL $major was installed, but gisgov cannot use it:" \
    "$("$VENV/bin/gisgov" db status 2>&1 | tail -1)"
}

# --- a browser and Chinese letters, for maps as PNG and PDF ---------------------------------------------------

has_chromium() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium*" >/dev/null
}

need_chromium() {
  if has_chromium; then return; fi
  if ! may_install; then
    say "Chromium is not installed: maps as PNG or PDF will say so. Ask for it: apt install chromium"
    return
  fi
  say "installing Chromium"
  apt_update # without lists apt knows no candidate
  local policy
  policy=$(apt-cache policy chromium 2>/dev/null) || policy=
  # Ubuntu's package is only a door to a snap, which containers and servers cannot open
  if grep -q 'Candidate: [0-9]' <<<"$policy" && ! grep -qi '^ID=ubuntu' "$SYSTEM/etc/os-release"; then
    apt_install chromium
  else
    as_root "$VENV/bin/playwright" install --with-deps chromium >&2
  fi
}

has_fonts() {
  command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null | head -1)" ]
}

need_fonts() {
  if has_fonts; then return; fi
  if ! may_install; then
    say "no Chinese font is installed: maps as PNG or PDF will say so. Ask for one: apt install fonts-noto-cjk"
    return
  fi
  say "installing a Chinese font"
  apt_install fontconfig fonts-noto-cjk
}

# --- web assets -----------------------------------------------------------------------------------------------

need_web() {
  local wanted stamp=web/node_modules/.gisgov-built
  wanted=$(find web \( -name node_modules -o -name openapi.d.ts \) -prune -o -type f -print0 | LC_ALL=C sort -z |
    xargs -0 tail -n +1 | digest)
  if [ -d maps/static ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return; fi
  say "building the web assets"
  scripts/npm.sh ci --no-audit --no-fund --loglevel=error >&2
  scripts/npm.sh run --silent build >&2
  printf '%s\n' "$wanted" >"$stamp"
}

[ $# -gt 0 ] || set -- python postgres chromium fonts web
for need in "$@"; do
  case $need in
    python | postgres | chromium | fonts | web | peers) "need_$need" ;;
    *) fail "no part is called $need; there are: python postgres chromium fonts web peers" ;;
  esac
done
