"""How Superset runs here: everything in one folder, nothing asked of or told to the network."""

import os
from pathlib import Path

FOLDER = Path(os.environ["FINAL_ACCOUNTS_SUPERSET"])

SECRET_KEY = (FOLDER / "secret_key").read_text(encoding="ascii")
SQLALCHEMY_DATABASE_URI = f"sqlite:///{FOLDER / 'superset.db'}"

LANGUAGES = {"zh": {"flag": "cn", "name": "简体中文"}, "en": {"flag": "us", "name": "English"}}
BABEL_DEFAULT_LOCALE = "zh"

# A browser loads nothing but what this server gives: no telemetry pixel, no map tiles, no fonts from elsewhere.
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
