"""An object store on this machine that speaks as much of S3 as our store does, and fails as a test says."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

_LISTING = (
    '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    "<IsTruncated>false</IsTruncated>{}</ListBucketResult>"
)
_BEGUN = b'<?xml version="1.0"?><InitiateMultipartUploadResult><UploadId>%d</UploadId></InitiateMultipartUploadResult>'
_DONE = b'<?xml version="1.0"?><CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>'
_BUSY = b'<?xml version="1.0"?><Error><Code>ServiceUnavailable</Code><Message>Away.</Message></Error>'
_WHEN = "Mon, 02 Mar 2026 12:00:00 GMT"


class Bucket:
    """Objects by key. While it `is_away` it answers 503; while it `cuts` it keeps half of what is uploaded, and says
    that all is well.
    """

    NAME = "omne"

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        # Uploads that are under way, part by part.
        self.begun: dict[str, dict[int, bytes]] = {}
        self.is_away = self.cuts = False
        self.refused = self.cut = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def options(self) -> dict[str, str]:
        """How our store reaches it."""
        return {"key": "key", "secret": "secret", "endpoint_url": self.url}

    @property
    def environment(self) -> dict[str, str]:
        """The same for another process."""
        return {"STORE_ACCESS_KEY": "key", "STORE_SECRET_KEY": "secret", "STORE_ENDPOINT": self.url}

    def put(self, key: str, content: bytes) -> None:
        """Keep an object, or half of it."""
        self.cut += self.cuts
        self.objects[key] = content[: len(content) // 2] if self.cuts else content

    def listing(self, prefix: str) -> bytes:
        """The objects below a prefix."""
        lines = (
            f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size><ETag>x</ETag>"
            "<LastModified>2026-03-02T12:00:00.000Z</LastModified></Contents>"
            for key, content in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        return _LISTING.format("".join(lines)).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - one class, a method a verb
        bucket = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_PUT(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                if not self._is_served():
                    return
                if "uploadId" in self._asked:
                    bucket.begun[self._asked["uploadId"]][int(self._asked["partNumber"])] = content
                else:
                    bucket.put(self._key, content)
                self._say(200, b"", ETag=f'"{hashlib.md5(content).hexdigest()}"')  # noqa: S324 - as S3 does

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if not self._is_served():
                    return
                if "uploads" in self._asked:
                    number = len(bucket.begun) + 1
                    bucket.begun[str(number)] = {}
                    self._say(200, _BEGUN % number)
                else:
                    parts = bucket.begun.pop(self._asked["uploadId"])
                    bucket.put(self._key, b"".join(parts[each] for each in sorted(parts)))
                    self._say(200, _DONE)

            def do_GET(self) -> None:
                if not self._is_served():
                    return
                if "list-type" in self._asked:
                    self._say(200, bucket.listing(self._asked.get("prefix", "")))
                elif self._key in bucket.objects:
                    self._part(bucket.objects[self._key])
                else:
                    self._say(404, b"")

            do_HEAD = do_GET

            def do_DELETE(self) -> None:
                if not self._is_served():
                    return
                if "uploadId" in self._asked:
                    bucket.begun.pop(self._asked["uploadId"], None)
                else:
                    bucket.objects.pop(self._key, None)
                self._say(204, b"")

            @property
            def _asked(self) -> dict[str, str]:
                return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

            @property
            def _key(self) -> str:
                return unquote(urlsplit(self.path).path).removeprefix(f"/{bucket.NAME}/")

            def _is_served(self) -> bool:
                if bucket.is_away:
                    bucket.refused += 1
                    self._say(503, _BUSY)
                return not bucket.is_away

            def _part(self, content: bytes) -> None:
                first, _, last = self.headers.get("Range", "").removeprefix("bytes=").partition("-")
                if not first:
                    self._say(200, content)
                    return
                end = min(int(last or len(content)) + 1, len(content))
                said = f"bytes {first}-{end - 1}/{len(content)}"
                self._say(206, content[int(first) : end], **{"Content-Range": said})

            def _say(self, status: int, body: bytes, **headers: str) -> None:
                self.send_response(status)
                for name, value in {"ETag": '"x"', "Last-Modified": _WHEN, **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Keep quiet."""

        return Handler
