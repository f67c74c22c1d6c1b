"""What looks private is found, and can be taken out; what only resembles it stays."""

from __future__ import annotations

import pytest

from leaderboard.text.secrets import private, private_places, redacted

SECRETS = [
    "sk-proj-0123456789abcdefgh",
    "Bearer eyJhbGciOiJI.eyJzdWIiOiIx.abc",
    "Authorization: Bearer 0123456789abcdef",
    "api_key=abc",
    "hf_token=abc",
    "access_token=abc",
    "auth_token: abc",
    "openai_api_key=abc",
    "openaiApiKey=abc",
    "UNI_JUDGER_API_KEY=abc",
    "client_secret=abc",
    "aws_secret_access_key=abc",
    "my_password=abc",
    "password=two words",
    '{"hf_token": "abc"}',
    "{'api-key': 'abc'}",
    "https://me:abc@example.org/v1",
    "AKIAIOSFODNN7EXAMPLE",
    "gsk_aaaaaaaaaaaaaaaaaaaa",
    "nvapi-aaaaaaaaaaaaaaaaaaaa",
    "xai-aaaaaaaaaaaaaaaaaaaa",
    "https://abc@example.org/v1",
    "https://example.org/v1?key=abc",
    "azure_key=abc",
    "--api_key abc",
    "-----BEGIN RSA PRIVATE KEY-----",
]
PATHS = [
    "/home/me/model",
    "/data",
    "/My Models/x",
    "x=@/home/me/x",
    "+/home/me/x",
    "pretrained=/data/m,dtype=auto",
    "pretrained=/data,dtype=auto",
    "path|/home/me/x",
    "{/home/me/x}",
    "[/home/me/x]",
    "$HOME/x",
    "path=${HOME}/x",
    "~/models/x",
    "~root/x",
    r"%USERPROFILE%\x",
    r"C:\Users\me",
    r"\\server\share",
    "file:///etc/passwd",
]
HARMLESS = [
    "org/model",
    "https://example.org/a/b",
    "base_url=http://localhost:8000/v1,timeout=3",
    "s3://bucket/model",
    "bagel_umm mode=1, 3/4 of it",
    "task-force 2026 and/or token budget",
    "either / or",
    "</b><b>",
    "max_tokens",
    "max_tokens=512",
    "max_new_tokens=1024",
    "tokenizer=org/model",
    "tokenizer_mode: auto",
    "num_token=256,use_token=True",
    "eos_token=!,image_token=<image>,mask_token=[MASK]",
    "api_key=…,dtype=auto",
    "token: ***",
    "uni-judger/1 strict",
    "secretary=A. Person",
    "https://example.org/@me/x",
    "me@example.org",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_found(text: str) -> None:
    assert "a secret" in private(text)


@pytest.mark.parametrize("text", PATHS)
def test_a_path_is_found(text: str) -> None:
    assert private(text) == ("an absolute path",)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_resembles_it_stays(text: str) -> None:
    assert private(text) == () and redacted(text) == text


@pytest.mark.parametrize("text", [*SECRETS, *PATHS])
def test_nothing_private_is_left(text: str) -> None:
    for around in (text, f"a=1,{text},b=2", f"first\n{text}\nlast", f"{text},{text}"):
        made = redacted(around)
        assert private(made) == () and redacted(made) == made
        for word in ("abc", "0123", "me/", "home", "root", "Models", "words", "share", "MPLE"):
            assert word not in made, made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("hf_token=abc,dtype=auto", "hf_token=…,dtype=auto"),
        ('{"api_key": "a,b", "dtype": "auto"}', '{"api_key": …, "dtype": "auto"}'),
        ("pretrained=/My Models/x,dtype=auto", "pretrained=…,dtype=auto"),
        ("a|/home/me/x|b", "a|…|b"),
        ("hf pretrained=org/model", "hf pretrained=org/model"),
    ],
)
def test_names_and_neighbours_stay(text: str, made: str) -> None:
    assert redacted(text) == made


def test_places_of_a_json_value() -> None:
    value = {"a": [{"hf_token": "abc"}, "/home/me"], "max_tokens": 512, "b": {"c": "org/model"}}
    assert list(private_places(value)) == [
        ("a[0].hf_token", "a secret"),
        ("a[1]", "an absolute path"),
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('api_keys=["abc","def"],dtype=auto', "api_keys=…,dtype=auto"),
        ("hf_token=a,b", "hf_token=…"),
        ("hf_token=a,b,dtype=auto", "hf_token=…,dtype=auto"),
        ("secrets={'a': 'b', 'c': 'd'}", "secrets=…"),
    ],
)
def test_all_of_a_value_is_left_out(text: str, left: str) -> None:
    assert redacted(text) == left
