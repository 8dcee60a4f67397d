"""Prints the version of Python and of each peer that is installed."""

import importlib.metadata
import platform

print("Python", platform.python_version())
for package in "uvloop", "gevent", "greenlet", "requests", "grequests", "aiohttp", "tornado", "Twisted", "uvicorn", "starlette":
    try:
        print(package, importlib.metadata.version(package))
    except importlib.metadata.PackageNotFoundError:
        pass
