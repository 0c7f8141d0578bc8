"""Downloads one wheel that a requirements file pins by version and hash, and nothing else.

pip does it, so that the user's own settings (index, proxy, certificates) hold. Many machines have Python without pip (Debian
keeps it in a package of its own): there the simple index (PEP 503) is read directly. In both cases the hash that decides is the
one in our requirements file, never one that the index gives.
"""

import base64
import hashlib
import html.parser
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

TIMEOUT_S = 60
NO_PIP = "Python's pip is missing (Debian, Ubuntu: apt install python3-pip; else python3 -m ensurepip)"


class Missing(Exception):
    """Something is missing; the text is one line that says what, and how to get it."""


def fetch(requirements, wheel, folder, platform=None):
    """Downloads the file named `wheel`, which `requirements` pins, into `folder` and returns its path.

    `platform` is the tag for pip (`manylinux_2_27_x86_64`), None for a wheel that fits every platform.
    """
    if importlib.util.find_spec("pip") is None:
        return fetch_from_index(requirements, wheel, folder)
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


class Links(html.parser.HTMLParser):
    """The addresses of a simple index's page, by file name."""

    def __init__(self, page):
        super().__init__()
        self.page, self.addresses = page, {}

    def handle_starttag(self, tag, attributes):
        address = dict(attributes).get("href") if tag == "a" else None
        if address:
            address = urllib.parse.urldefrag(urllib.parse.urljoin(self.page, address)).url
            name = urllib.parse.unquote(urllib.parse.urlsplit(address).path.rsplit("/", 1)[-1])
            self.addresses.setdefault(name, address)


def fetch_from_index(requirements, wheel, folder):
    """What pip would do, for a machine without it."""
    project = wheel.split("-")[0].replace("_", "-")
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    try:
        page = f"{index}/{project}/"
        links = Links(page)
        links.feed(read(page).decode("utf-8", "replace"))
        if wheel not in links.addresses:
            raise Missing(f"the package index has no {wheel}: set one that mirrors PyPI (PIP_INDEX_URL)")
        content = read(links.addresses[wheel])
    except (OSError, ValueError) as error:
        # OSError holds urllib's own errors, which do not repeat the address and what secret it may carry.
        reason = getattr(error, "reason", error)
        raise Missing(f"cannot download {wheel} ({reason}): connect, set PIP_INDEX_URL, or get pip; {NO_PIP}") from None
    if hashlib.sha256(content).hexdigest() not in pathlib.Path(requirements).read_text():
        raise Missing(f"the {wheel} that was downloaded is not the pinned one (wrong hash): check PIP_INDEX_URL")
    path = pathlib.Path(folder, wheel)
    path.write_bytes(content)
    return path


def read(address):
    """The bytes at `address`; a user and password in it are sent as HTTP wants them, and not to where an answer redirects."""
    parts = urllib.parse.urlsplit(address)
    user, _, host = parts.netloc.rpartition("@")
    request = urllib.request.Request(urllib.parse.urlunsplit(parts._replace(netloc=host)))
    if user:
        token = base64.b64encode(urllib.parse.unquote(user).encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {token}")
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        return answer.read()


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
