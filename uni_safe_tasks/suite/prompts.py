"""From a form of a scenario to the words a model reads, by templates/prompts/<type>.jinja."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from typing import Any

import jinja2

from judger.contract.errors import UserError
from uni_safe_tasks.scenario.locations import prompt_templates


class PromptError(UserError):
    """A template asks for a field that the item lacks."""


@functools.lru_cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(prompt_templates()),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # prompts are plain text
    )


def render(task_type: str, item_id: str, form: Mapping[str, Any]) -> str:
    """The prompt of one item; PromptError names item, template and field when one is missing."""
    try:
        return _environment().get_template(f"{task_type}.jinja").render(form).strip()
    except jinja2.UndefinedError as error:
        raise PromptError(
            f"{item_id}: templates/prompts/{task_type}.jinja: {error.message}"
        ) from None


def template_sha256(task_type: str) -> str:
    """The hash of one prompt template."""
    return hashlib.sha256((prompt_templates() / f"{task_type}.jinja").read_bytes()).hexdigest()
