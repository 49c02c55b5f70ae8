"""Superset's settings: the dashboard of one office, on one server, which asks nothing but the warehouse."""

from __future__ import annotations

import os

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
# Who logs in, and what they changed; the dashboard itself is imported anew at every start.
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['SUPERSET_HOME']}/superset.db"
BABEL_DEFAULT_LOCALE = "zh"
LANGUAGES = {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "us", "name": "English"}}
APP_NAME = "协作 Xiezuo"
ROW_LIMIT = 5000
# One process: what it counts, it counts in its own memory.
RATELIMIT_STORAGE_URI = "memory://"
# Browsers are told to ask nothing of other hosts, such as for the picture by which Superset counts who uses it.
# There is no TLS here; a proxy before it has that.
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'unsafe-eval'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
