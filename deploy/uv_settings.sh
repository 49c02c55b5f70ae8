# Sourced by the scripts that install: expects $python. Not run by itself.
# uv reads its own settings only: hand it what pip has been told about where packages come from.
pip_setting() { "$python" -m pip config get "$1" 2>/dev/null || true; }
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    index=${PIP_INDEX_URL:-$(pip_setting global.index-url)}
    if [ -n "$index" ]; then UV_DEFAULT_INDEX=$index && export UV_DEFAULT_INDEX; fi
fi
if [ -z "${SSL_CERT_FILE:-}" ]; then
    certificates=${PIP_CERT:-$(pip_setting global.cert)}
    if [ -n "$certificates" ]; then SSL_CERT_FILE=$certificates && export SSL_CERT_FILE; fi
fi
export UV_PYTHON_DOWNLOADS=never UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}"
