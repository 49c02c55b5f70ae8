#!/bin/sh
# Makes .venv ready: `deploy/venv.sh run` for using the project, `deploy/venv.sh dev` with the test tools on top.
# Needs Python 3.11, 3.12 or 3.13 with pip and nothing else; does nothing when nothing has changed since the last time.
# Which one: what PYTHON says; else the one .venv was made with; else python3, or the newest that fits. A .venv made with
# another minor version than that is made anew.
set -eu

cd "$(dirname "$0")/.."
kind=${1:?usage: deploy/venv.sh run|dev}
venv=.venv
tools=.venv-tools
stamp=$venv/xiezuo.stamp

fail() {
    printf '✗ %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  → %s\n' "$line" >&2; done
    exit 2
}

# One at a time: two `make run` on a fresh checkout must not install over each other.
if command -v flock >/dev/null 2>&1 && [ -z "${XIEZUO_VENV_LOCKED:-}" ]; then
    XIEZUO_VENV_LOCKED=1 exec flock deploy/venv.sh deploy/venv.sh "$@"
fi

minor_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true; }
fits() { case $(minor_of "$1") in 3.11 | 3.12 | 3.13) ;; *) false ;; esac; }

python=${PYTHON:-}
if [ -n "$python" ]; then
    fits "$python" || fail "$python is not Python 3.11, 3.12 or 3.13" "make PYTHON=/path/to/python3.13 run"
else
    # The one below .venv, not .venv's own: that has no pip.
    below=$("$venv/bin/python" -c 'import sys; print("%s/bin/python%d.%d" % (sys.base_prefix, *sys.version_info[:2]))' \
        2>/dev/null || true)
    for python in "$below" python3 python3.13 python3.12 python3.11 ""; do
        if fits "$python"; then break; fi
    done
    [ -n "$python" ] || fail "no Python 3.11, 3.12 or 3.13 is to be found here" \
        "apt install python3 python3-pip (Debian 12 or 13), or: make PYTHON=/path/to/python3.13 run"
fi
minor=$(minor_of "$python")
made() { [ "$(minor_of "$venv/bin/python")" = "$minor" ] && [ -d "$venv/lib/python$minor" ]; }

digest() { { cat "$@"; pwd; } | sha256sum | cut -c1-64; }
want_run="run $(digest requirements.lock requirements-uv.lock pyproject.toml)"
want_dev="dev $(digest requirements-dev.lock)"

has() { [ -f "$stamp" ] && grep -qxF "$1" "$stamp"; }
if made && has "$want_run"; then
    if [ "$kind" = run ] || has "$want_dev"; then exit 0; fi
fi
# The test tools are a superset at the same versions: once there, they stay.
if [ "$kind" = run ] && grep -q '^dev ' "$stamp" 2>/dev/null; then kind=dev; fi

. deploy/uv_settings.sh

# uv comes through pip, its hash checked, into a folder of its own: no venv module is needed for that.
uv=$tools/bin/uv
version=$(sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements-uv.lock)
if [ "$("$uv" --version 2>/dev/null | cut -d' ' -f2)" != "$version" ]; then
    echo "installing uv $version"
    rm -rf "$tools"
    set -- --target "$tools"
    if ! "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m venv "$tools" >/dev/null 2>&1 || fail "$python has neither pip nor venv" \
            "apt install python3-pip (or python3-venv)"
        python=$tools/bin/python
        set --
    fi
    "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore "$@" \
        --require-hashes --no-deps --requirement requirements-uv.lock \
        || fail "uv could not be installed" "is the package index reachable? pip's own settings are used"
fi

rm -f "$stamp"
if ! made; then
    echo "making $venv with Python $minor"
    "$uv" venv --quiet --clear --python "$("$python" -c 'import sys; print(sys.executable)')" "$venv"
fi
lock=requirements.lock
if [ "$kind" = dev ]; then lock=requirements-dev.lock; fi
echo "installing $lock (hashes checked)"
# Compiled here once, on all cores: otherwise by whichever process comes first, or by every one where none may write.
"$uv" pip sync --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes "$lock" \
    || fail "the packages could not be installed" "is the package index reachable, is the disk full? then make again"
"$uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
{
    printf '%s\n' "$want_run"
    if [ "$kind" = dev ]; then printf '%s\n' "$want_dev"; fi
} > "$stamp.new"
mv "$stamp.new" "$stamp"
