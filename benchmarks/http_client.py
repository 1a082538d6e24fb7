"""A browser for load: one connection a request, cookies kept, nothing else."""

import asyncio
import time
from dataclasses import dataclass, field

BOUNDARY = "compapp-boundary-2026"


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took from opening the connection."""

    status: int
    text: str
    location: str
    seconds: float


@dataclass
class Browser:
    """Asks 127.0.0.1 and remembers cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str) -> Answer:
        """Ask for a page."""
        return await self._ask("GET", path, b"", "", "text/html")

    async def post(self, path: str, body: bytes, accept: str = "text/html") -> Answer:
        """Send a form."""
        return await self._ask("POST", path, body, "application/x-www-form-urlencoded", accept)

    async def send_file(self, path: str, token: str, content: bytes) -> Answer:
        """Send ``content`` as the form's file, as a script would."""
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="ban-thuyet-minh.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return await self._ask("POST", path, body, f"multipart/form-data; boundary={BOUNDARY}", "application/json")

    async def _ask(self, method: str, path: str, body: bytes, kind: str, accept: str) -> Answer:
        began = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Connection: close", f"Accept: {accept}"]
        lines.append(f"Referer: http://127.0.0.1:{self.port}/")
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        raw = await reader.read()
        writer.close()
        head, _, content = raw.partition(b"\r\n\r\n")
        status, *headers = head.decode("latin-1").split("\r\n")
        location = ""
        for header in headers:
            name, _, value = header.partition(": ")
            if name.lower() == "set-cookie":
                key, _, held = value.partition(";")[0].partition("=")
                self.cookies[key] = held
            elif name.lower() == "location":
                location = value
        return Answer(int(status.split()[1]), content.decode("utf-8", "replace"), location, time.monotonic() - began)
