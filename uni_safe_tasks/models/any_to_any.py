"""`uni_safe_any_to_any`: an OpenAI-compatible server that may answer with pictures.

lmms_eval --model uni_safe_any_to_any --model_args model=NAME,base_url=http://127.0.0.1:8000/v1 \
    --tasks 'uni_safe_*' --output_path runs/name --log_samples

`images=chat` asks for pictures by `chat/completions` and reads them wherever servers put them;
`images=endpoint` asks `images/generations`, and `images/edits` where there is a picture to edit;
`images=none` leaves picture items `unsupported`. The key is read from OPENAI_API_KEY, or from the
variable that `api_key_env` names. Replies carry token counts where the server gives them.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import openai
from lmms_eval.api.instance import GenerationResult, Instance, TokenCounts
from lmms_eval.api.model import lmms
from tqdm import tqdm

from judger.contract.settings import SettingsError
from uni_safe_tasks.models import sent_pictures as pictures
from uni_safe_tasks.models import server_answers as answers
from uni_safe_tasks.models import server_messages as chat
from uni_safe_tasks.models.asking import Asker, Lost, Unpaid
from uni_safe_tasks.models.sent_pictures import Unusable
from uni_safe_tasks.models.server_answers import Answered, Blocked
from uni_safe_tasks.suite.capabilities import marker, needed

IMAGES = ("chat", "endpoint", "none")
#: So many lost connections or timeouts, with no answer between them, and the rest is not asked.
LOST_FOR_GOOD = 16
#: Answers to the first request by which a setting is wrong, not the request.
_MISTAKEN = {401, 403, 404, 405}


class UniSafeAnyToAny(lmms):
    """A chat back end of lmms-eval; see the module.

    `timeout` is in seconds, for one request; `max_retries` counts further attempts after 429, 5xx,
    timeouts, lost connections and broken answers (Retry-After is honoured). `extra_body` is JSON
    sent with every chat request, for what one server wants beyond the standard.
    """

    is_simple = False

    def __init__(
        self,
        model: str,
        base_url: str,
        images: str = "chat",
        api_key_env: str = "OPENAI_API_KEY",
        num_concurrent: int = 16,
        timeout: float = 300.0,
        max_retries: int = 6,
        image_size: str = "",
        image_model: str = "",
        extra_body: str = "",
        output_dir: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__()
        unknown = sorted(set(kwargs) - {"batch_size", "max_batch_size", "device"})
        if unknown or images not in IMAGES:
            raise ValueError(
                f"uni_safe_any_to_any: images={images!r} (one of {', '.join(IMAGES)}), {unknown}"
            )
        self.device = "cpu"  # the harness gathers counts over processes on the model's device
        self.model, self.images, self.base_url = str(model), images, base_url
        self.image_model, self.image_size = image_model or str(model), image_size
        self.extra_body = json.loads(extra_body) if extra_body else None
        self.concurrency = int(num_concurrent)
        self.folder = Path(output_dir or tempfile.mkdtemp(prefix="uni_safe_pictures_")).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.options: dict[str, Any] = {
            "base_url": base_url,
            "api_key": os.environ.get(api_key_env) or "none",
            "timeout": float(timeout),
        }
        self.retries = int(max_retries)
        self._answered, self._lost, self._stopped = False, 0, ""

    def generate_until(self, requests: list[Instance]) -> list[GenerationResult]:
        """One reply a request, `num_concurrent` in flight; SettingsError when none can be asked."""
        return asyncio.run(self._all(requests))

    async def _all(self, requests: list[Instance]) -> list[GenerationResult]:
        free = asyncio.Semaphore(self.concurrency)
        async with openai.AsyncOpenAI(**self.options, max_retries=0) as client:
            asker = Asker(client, self.retries, self.options["timeout"])

            async def one(request: Instance) -> GenerationResult:
                async with free:
                    return await self._reply(asker, request)

            work = [asyncio.ensure_future(one(request)) for request in requests]
            with tqdm(total=len(work), desc=self.model, disable=self.rank != 0) as bar:
                for task in work:
                    task.add_done_callback(lambda _: bar.update())
                try:
                    return await asyncio.gather(*work)
                finally:  # after an error nobody waits for the others: none may go on or complain
                    for task in work:
                        task.cancel()
                    await asyncio.gather(*work, return_exceptions=True)

    async def _reply(self, asker: Asker, request: Instance) -> GenerationResult:
        _, to_messages, options, doc_id, task, split = request.args
        doc = self.task_dict[task][split][doc_id]
        drawn = needed(doc).endswith("-image")
        if drawn and self.images == "none":
            return GenerationResult(marker(f"{self.model} is asked for text only (images=none)"))
        if self._stopped:
            return GenerationResult(self._stopped)
        messages = to_messages(doc)
        if drawn and self.images == "endpoint":
            asking = self._drawn(asker, messages)
        else:
            asking = self._said(asker, messages, options, drawn)
        try:
            answer = await asking
            self._answered, self._lost = True, 0
            stem = self.folder / f"{task}_{doc_id}"
            text = pictures.saved(answer.text, answer.pictures, stem)
            if not text and answer.ended:  # no lost reply: the model left nothing
                text = json.dumps({"text": "", "images": [], "ended": True})
        except Blocked as error:
            self._answered, self._lost = True, 0  # the provider did read the request
            return GenerationResult(f"[UNI_SAFE_BLOCKED] {self._short(error)}")
        except (openai.APIStatusError, Lost, Unpaid, Unusable) as error:
            return GenerationResult(self._failed(error))
        return GenerationResult(text, TokenCounts(answer.input_tokens, answer.output_tokens))

    async def _said(
        self, asker: Asker, messages: Any, options: Mapping[str, Any], drawn: bool
    ) -> Answered:
        """Ask by chat; for a picture, say so by `modalities` as such servers want it."""
        body = {
            "model": self.model,
            "messages": chat.openai_messages(messages),
            "max_tokens": int(options.get("max_new_tokens") or 1024),
            "temperature": float(options.get("temperature") or 0),
            **({"modalities": ["image", "text"]} if drawn else {}),
            **(self.extra_body or {}),
        }
        return await asker.ask("/chat/completions", body, partial(answers.of_chat, drawn=drawn))

    async def _drawn(self, asker: Asker, messages: Any) -> Answered:
        """Ask by the images endpoints: an edit where the request holds a picture."""
        words, shown = chat.words_and_pictures(messages)
        asked: dict[str, Any] = {"model": self.image_model, "prompt": words, "n": 1}
        if self.image_size:
            asked["size"] = self.image_size
        files = [("image", ("image.png", chat.png(picture), "image/png")) for picture in shown[:1]]
        path = "/images/edits" if files else "/images/generations"
        return await asker.ask(path, asked, answers.of_images, files)

    def _failed(self, error: Exception) -> str:
        """The marker of a failure; what no further request can mend stops the run.

        Before the first answer that is an error, for nothing was paid for yet; later the rest is
        not asked, and what was answered is kept.
        """
        status, said = getattr(error, "status_code", 0), self._short(error)
        spent = isinstance(error, Unpaid)
        if not self._answered and (spent or status in _MISTAKEN):
            answer, mend = (
                ("that the account has no credit", "top it up")
                if spent
                else (str(status), "check base_url, model and the key")
            )
            raise SettingsError(
                f"uni_safe_any_to_any: {self.base_url} answers {answer}: {mend} ({said})"
            ) from None
        failed = f"[UNI_SAFE_FAILED] {type(error).__name__}: {said}"
        self._lost += isinstance(error, Lost)
        if spent or status == HTTPStatus.UNAUTHORIZED:
            self._stop(failed, "the account has no credit" if spent else "the key is refused")
        elif self._lost >= LOST_FOR_GOOD:
            self._stop(failed, "the server is gone")
        return failed

    def _stop(self, failed: str, why: str) -> None:
        """Ask nothing further; say so once, where a person sees it."""
        if not self._stopped:
            self._stopped = f"{failed} ({why}; not asked)"
            print(
                f"uni_safe_any_to_any: {self.base_url}: {why}. The rest is not asked; put it right "
                "and run again (with --use_cache what was answered is kept).",
                file=sys.stderr,
            )

    def _short(self, error: Exception) -> str:
        """One line that never holds the key, though a server might echo it."""
        key = self.options["api_key"]
        return answers.short(error if key == "none" else str(error).replace(key, "[key]"))

    def loglikelihood(self, requests: list[Instance]) -> list[tuple[float, bool]]:
        """The suite only generates."""
        raise TypeError("uni_safe_any_to_any generates; it has no likelihoods")

    def generate_until_multi_round(self, requests: list[Instance]) -> list[str]:
        """The suite has one round."""
        raise TypeError("uni_safe_any_to_any answers one round")
