#!/bin/sh
# Makes a peer's environment: `bench/peers/install.sh NAME FOLDER` installs NAME.lock there, hashes checked.
# Needs what `make venv` made; does nothing when neither lock nor Python has changed since the last time.
set -eu

cd "$(dirname "$0")/../.."
lock=bench/peers/${1:?usage: bench/peers/install.sh NAME FOLDER}.lock
folder=${2:?usage: bench/peers/install.sh NAME FOLDER}
stamp=$folder/lock.sha256

want="$(sha256sum <"$lock") $(.venv/bin/python --version)"
if [ "$(cat "$stamp" 2>/dev/null || true)" = "$want" ]; then exit 0; fi

uv=.venv-tools/bin/uv
python=${PYTHON:-python3}
. deploy/uv_settings.sh
mkdir -p "$(dirname "$folder")"
"$uv" venv --quiet --clear --python .venv/bin/python "$folder"
"$uv" pip sync --quiet --python "$folder/bin/python" --require-hashes "$lock"
printf '%s\n' "$want" >"$stamp"
