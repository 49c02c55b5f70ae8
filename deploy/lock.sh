#!/bin/sh
# Makes every lock anew: `deploy/lock.sh` keeps the versions that still fit what is declared and adds what is new,
# `deploy/lock.sh --upgrade` takes the newest of everything, `deploy/lock.sh --upgrade-package NAME` of one.
# Needs what `make venv` made and a package index. A lock serves every Python of requires-python and names no index.
set -eu

cd "$(dirname "$0")/.."
uv=.venv-tools/bin/uv
python=${PYTHON:-python3}
. deploy/uv_settings.sh

lock() {
    out=$1
    shift
    echo "$out"
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
        --output-file "$out" "$@"
}

lock requirements.lock pyproject.toml --extra build --extra airflow "$@"
# The larger ones run what the first one runs, at the same versions.
lock requirements-celery.lock pyproject.toml --extra build --extra airflow --extra celery \
    --constraint requirements.lock "$@"
lock requirements-dev.lock pyproject.toml --extra build --extra airflow --extra dev \
    --constraint requirements.lock "$@"
echo uv | lock requirements-uv.lock - "$@"
for peer in bench/peers/*.in deploy/superset/requirements.in; do
    lock "${peer%.in}.lock" "$peer" "$@"
done
