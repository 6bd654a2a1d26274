"""Serves the pages of a release with its file, to this machine only: what the page that asks SQL needs."""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

# A page may ask this server and nobody else; DuckDB-Wasm is compiled in the browser.
POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:"
DATABASE, PACKAGES = "/final_accounts.duckdb", "/packages/"


class Handler(SimpleHTTPRequestHandler):
    """Pages, the file, and the packages of the browser; nothing else of the disk."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm", ".cjs": "text/javascript"}

    def __init__(self, *given: object, site: Path, database: Path, packages: Path, **named: object) -> None:
        self.database, self.packages = database, packages
        super().__init__(*given, directory=str(site), **named)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        """Where a path of the server lies."""
        name = unquote(urlsplit(path).path)
        if name == DATABASE:
            return str(self.database)
        if name.startswith(PACKAGES):
            return str(self.packages / Path(name).name)
        return super().translate_path(path)

    def list_directory(self, path: str) -> None:  # type: ignore[override]
        """No folder is listed."""
        self.send_error(404)

    def end_headers(self) -> None:
        """What a page may do, and that the next release is seen at once."""
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is said of each request."""


class Server(ThreadingHTTPServer):
    """Says nothing of browsers that go away before they have all they asked for."""

    def handle_error(self, request: object, client_address: object) -> None:
        """What else fails is told as ever."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def server_of(site: Path, database: Path, packages: Path, port: int) -> ThreadingHTTPServer:
    """A server for this machine; port 0 is any that is free."""
    handler = partial(Handler, site=site, database=database, packages=packages)
    return Server(("127.0.0.1", port), handler)
