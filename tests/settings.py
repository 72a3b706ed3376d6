"""Parvis's own settings, on a data directory of this run alone that vanishes with it."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="parvis-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["PARVIS_DATA_DIR"] = _folder
for _name in [
    name for name in os.environ if name.startswith("PARVIS_") and name not in {"PARVIS_DATA_DIR", "PARVIS_CI"}
]:
    del os.environ[_name]

from parvis.settings import *  # noqa: E402, F403
from parvis.settings import DATA_DIR, DATABASES, STATIC_ROOT  # noqa: E402

# Static files are served from where they are written; nothing is collected.
STATIC_ROOT.mkdir()
WHITENOISE_USE_FINDERS = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, not memory: threads and processes of one test must meet in it as they do in life.
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
# A test runs at any hour.
QUIET_HOURS = (0, 0)
