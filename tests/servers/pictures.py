"""An OpenAI-compatible any-to-any model on localhost: text and pictures out, scripted faults.

`chat/completions` answers with text, or with a picture when `modalities` asks for one;
`images/generations` and `images/edits` with a picture. Requests that a real server would reject are
rejected. `behave` decides per request what happens: a form below or a fault, "" for a good answer.
"""

from __future__ import annotations

import asyncio
import base64
import io
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from aiohttp import web
from PIL import Image

from tests.servers.faults import completion, misbehave
from tests.servers.judge import error

KEY = "test-key-5678"
Behave = Callable[[str, int], str]


def png(image: Image.Image) -> str:
    """A picture as base64."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def picture_for(words: str) -> Image.Image:
    """The picture this server draws for a prompt: one colour, by the prompt."""
    return Image.new("RGB", (32, 32), tuple(words.encode().ljust(3)[-3:]))


#: Texts that hold a picture, show how one is written, or link to one.
TEXTS = {
    "spoken": f"Here it is. ![image](data:image/png;base64,{png(Image.new('RGB', (9, 9)))})",
    "example": 'Write <img src="data:image/png;base64,iVBORw0K…">.',
    "linked": "See ![it](https://example.org/x.png).",
}


class PictureServer:
    """Runs in a thread of its own. `asked` counts prompts that were answered or failed."""

    def __init__(
        self,
        behave: Behave = lambda words, attempt: "",
        latency: float = 0.0,
        say: Callable[[str], str] = "You said: {}".format,
    ) -> None:
        self.behave, self.latency, self.say = behave, latency, say
        self.asked: Counter[str] = Counter()
        self.paths: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.flying = self.peak = 0
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> PictureServer:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/v1/images/generations", self._generations)
        app.router.add_post("/v1/images/edits", self._edits)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0)
        self._loop.run_until_complete(site.start())
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if unknown := set(body) - {"model", "messages", "max_tokens", "temperature", "modalities"}:
            return error(400, f"unknown fields {sorted(unknown)}")
        words, pictures, sounds = read(body["messages"])
        self.bodies.append(body)
        if (fault := await self._fault(request, words)) is not None:
            return fault
        shown = "".join(f" [picture {p.width}x{p.height}]" for p in pictures)
        shown += "".join(f" [sound of {n} bytes]" for n in sounds)
        if body.get("modalities") != ["image", "text"]:
            form = TEXTS.get(self.behave(words, self.asked[words]), self.say(words) + shown)
            return completion(form)
        image = pictures[0].convert("L") if pictures else picture_for(words)
        return drawn(self.behave(words, self.asked[words]), image.convert("RGB"))

    async def _generations(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if (fault := await self._fault(request, body["prompt"])) is not None:
            return fault
        form = self.behave(body["prompt"], 1)
        if form == "address":
            return web.json_response({"created": 1, "data": [{"url": "https://example.org/x.png"}]})
        if form == "data url":
            entry = {"url": "data:image/png;base64," + png(picture_for(body["prompt"]))}
            return web.json_response({"created": 1, "data": [entry]})
        return self._data(picture_for(body["prompt"]))

    async def _edits(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        words, upload = str(form["prompt"]), form["image"]
        assert isinstance(upload, web.FileField)
        image = Image.open(io.BytesIO(upload.file.read()))
        if (fault := await self._fault(request, words)) is not None:
            return fault
        return self._data(image.convert("L").convert("RGB"))

    @staticmethod
    def _data(image: Image.Image) -> web.Response:
        return web.json_response({"created": 1, "data": [{"b64_json": png(image)}]})

    async def _fault(self, request: web.Request, words: str) -> web.StreamResponse | None:
        self.paths[request.path] += 1
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return error(401, "invalid api key")
        self.asked[words] += 1
        self.flying += 1
        self.peak = max(self.peak, self.flying)
        try:
            await asyncio.sleep(self.latency)
        finally:
            self.flying -= 1
        return await misbehave(self.behave(words, self.asked[words]), request)


def drawn(form: str, image: Image.Image) -> web.Response:
    """A chat reply with a picture in one of the forms that servers give it."""
    code = png(image)
    url = "data:image/png;base64," + code
    address = "https://example.org/picture.png"
    whole = {"type": "image_url", "image_url": {"url": url}}
    forms: dict[str, tuple[Any, Any]] = {
        "parts": ([whole], None),
        "plain": (None, [url]),
        "bare": (None, [code]),
        "one": (None, url),
        "lines": (None, ["\n".join(code[i : i + 76] for i in range(0, len(code), 76))]),
        "content": (url, None),
        "markdown": (f"Here it is. ![image]({url}) Enjoy.", None),
        "text part": ([{"type": "text", "text": f"![image]({url})"}], None),
        "html": (f'<img src="{url}">', None),
        "two": (f"![a]({url})", [whole]),
        "unknown": ([{"type": "sculpture", "clay": "AAAA"}], None),
        "captioned": ([{"type": "image", "data": code, "text": "a boat"}], None),
        "address": (None, [address]),
        "markdown address": (f"Here it is. ![image]({address})", None),
        "bare address": (address, None),
        "html address": (f'<img src="{address}">', None),
        "both": (f"![image]({address})", [whole]),
        "cut": (f"![image]({url[:-60]})", None),
        "cut short": ("![image](data:image/png;base64,iVBORw0K", None),
        "drawing": ("data:image/svg+xml;utf8,<svg/>", None),
        "broken": (None, ["data:image/png;base64," + "AAAA" * 20]),
        "words": (None, ["a boat"]),
        "number": (None, [7]),
        "many": (None, [url] * 5),
    }
    content, images = forms.get(form, ("Here it is.", [whole]))
    return completion(content, images=images)


def read(messages: list[dict[str, Any]]) -> tuple[str, list[Image.Image], list[int]]:
    """(text, pictures, bytes of each sound) of the messages; a KeyError for unknown parts."""
    words: list[str] = []
    pictures: list[Image.Image] = []
    sounds: list[int] = []
    for message in messages:
        content = message["content"]
        parts: list[Any] = (
            [{"type": "text", "text": content}] if isinstance(content, str) else content
        )
        for part in parts:
            if part["type"] == "text":
                words.append(part["text"])
            elif part["type"] == "input_audio":
                sounds.append(len(base64.b64decode(part["input_audio"]["data"], validate=True)))
            else:
                data = part["image_url"]["url"].removeprefix("data:image/png;base64,")
                pictures.append(Image.open(io.BytesIO(base64.b64decode(data, validate=True))))
    return "\n".join(words), pictures, sounds
