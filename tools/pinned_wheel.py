"""Downloads one wheel that a requirements file pins by version and hash, and nothing else.

pip does it, so that the user's own settings (index, proxy, certificates) hold; the hash that decides is the one in our
requirements file, never one that the index gives.
"""

import importlib.util
import os
import pathlib
import re
import subprocess
import sys

NO_PIP = "Python's pip is missing (Debian, Ubuntu: apt install python3-pip; else python3 -m ensurepip)"


class Missing(Exception):
    """Something is missing; the text is one line that says what, and how to get it."""


def fetch(requirements, wheel, folder, platform=None):
    """Downloads the file named `wheel`, which `requirements` pins, into `folder` and returns its path.

    `platform` is the tag for pip (`manylinux_2_27_x86_64`), None for a wheel that fits every platform.
    """
    if importlib.util.find_spec("pip") is None:
        raise Missing(NO_PIP)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes",
               "--no-deps", "--only-binary=:all:", "--dest", str(folder), "--requirement", str(requirements)]
    if platform:
        command += ["--platform", platform]
    result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        raise Missing(reason_of_pip(wheel, result.stderr))
    path = pathlib.Path(folder, wheel)
    if not path.is_file():
        raise Missing(f"pip downloaded something other than {wheel}")
    return path


def reason_of_pip(wheel, text):
    """One line for pip's many."""
    if "DO NOT MATCH THE HASHES" in text:
        return f"the {wheel} that pip downloaded is not the pinned one (wrong hash): check the package index in your pip settings"
    if re.search(r"Connection|Retrying|Proxy|SSLError|timed out|Network|Temporary failure", text):
        return f"no network: pip cannot reach the package index for {wheel}; connect, or set the index in your pip settings"
    if "No matching distribution" in text:
        return f"pip finds no {wheel}: check the network, and that the index in your pip settings (PIP_INDEX_URL) mirrors PyPI"
    errors = [line for line in text.splitlines() if line.startswith("ERROR:")] or text.splitlines() or ["no message"]
    return f"pip cannot download {wheel}: {errors[-1]}"


def run(main):
    """Runs a tool: what is missing becomes one line on standard error and exit code 1."""
    tool = os.path.basename(sys.argv[0])
    try:
        main()
    except Missing as missing:
        sys.exit(f"{tool}: {missing}")
    except PermissionError as error:
        sys.exit(f"{tool}: cannot write {error.filename}: make the project's folder writable, or clone it to where you may write")
    except OSError as error:
        sys.exit(f"{tool}: {error.strerror or error}: {error.filename or 'no file named'}")
    except KeyboardInterrupt:
        sys.exit(130)
