# Every command a developer or CI runs. `make run` and `make test` work on a fresh clone.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export VIRTUAL_ENV := $(CURDIR)/.venv
export PATH := $(CURDIR)/$(BIN):$(PATH)

RUST_SOURCES := $(shell find native -name '*.rs' -not -path '*/target/*' -o -name Cargo.toml -not -path '*/target/*') Cargo.toml
HOT_MODULES := $(shell cat config/hot_modules.txt)
SCRIPTS := python/appliance/flags/posthog_js

.PHONY: setup run test check format bench fuzz lock toolchains clean sdks scripts

## set up everything: venv, pinned packages, the native module, the compiled hot path, the scripts for browsers
setup: toolchains .venv/.installed .venv/.native .venv/.hot scripts

## set up and serve on http://127.0.0.1:8000
run: setup
	@exec $(BIN)/hoglet serve --welcome

## set up and run every test, Rust and Python
test: setup sdks
	cargo test --workspace --locked -q
	$(BIN)/python -m pytest tests

## format, lints and types, all as errors
check: setup
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -q -- -D warnings
	$(BIN)/ruff format --check python tests bench
	$(BIN)/ruff check python tests bench
	$(BIN)/mypy

## rewrite the sources as `make check` wants them
format: .venv/.installed
	cargo fmt --all
	$(BIN)/ruff format python tests bench
	$(BIN)/ruff check --fix python tests bench

## measure; writes a report to bench/results/local
bench: setup
	$(BIN)/python -m bench

## fuzz each target for FUZZ_SECONDS (default 60)
fuzz: setup
	FUZZ_SECONDS=$${FUZZ_SECONDS:-60} cargo test --release --locked -q -p wire --test model fuzz_smoke
	cargo test --release --locked -q -p journal
	PROPTEST_CASES=1000000 cargo test --release --locked -q -p hog --test hostile no_text

## pin what config/requirements.in and Cargo.toml ask for, anew
lock:
	$(BIN)/pip install --quiet --upgrade -r config/requirements.in
	$(BIN)/pip freeze --all --exclude hoglet --exclude pip --exclude wheel > config/requirements.lock
	cargo update
	sed '/^source = "registry+/d' Cargo.lock > config/cargo.lock
	cd tests/sdk && npm install --package-lock-only --save-exact --ignore-scripts posthog-js@latest posthog-node@latest
	cd web && npm install --package-lock-only --save-exact --ignore-scripts posthog-js@latest
	@# npm notes where packages ask for gifts: those are addresses too
	for lock in tests/sdk/package-lock.json web/package-lock.json; do \
	  $(BIN)/python -c 'import json, sys; lock = json.load(open(sys.argv[1])); \
	  [one.pop("funding", None) for one in lock["packages"].values()]; \
	  open(sys.argv[1], "w").write(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")' $$lock; done

toolchains:
	@$(PYTHON) config/toolchains.py

.venv/.installed: config/requirements.lock
	@test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r config/requirements.lock
	@touch $@

# Cargo.lock names its registry for every package; config/cargo.lock is the same without. Cargo itself is asked for
# the line to put back.
Cargo.lock: config/cargo.lock
	@rm -f $@ && cargo generate-lockfile --quiet
	@source=$$(grep -m1 '^source = "registry+' $@) && sed "/^checksum = /i $$source" $< > $@.new && mv $@.new $@

.venv/.native: .venv/.installed Cargo.lock $(RUST_SOURCES) pyproject.toml
	$(BIN)/maturin develop --release --locked --quiet
	@touch $@

.venv/.hot: .venv/.installed $(HOT_MODULES) $(wildcard $(HOT_MODULES:.py=.pxd))
	$(BIN)/cythonize -q -i -3 $(HOT_MODULES) > /dev/null
	@rm -rf python/build
	@touch $@

## the JavaScript SDKs that the tests drive
sdks: tests/sdk/node_modules/.installed

tests/sdk/node_modules/.installed: tests/sdk/package-lock.json | toolchains
	npm --prefix tests/sdk ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

## posthog-js as browsers load it from the appliance
scripts: $(SCRIPTS)/manifest.json

web/node_modules/.installed: web/package-lock.json | toolchains
	npm --prefix web ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(SCRIPTS)/manifest.json: web/node_modules/.installed web/scripts.mjs
	node web/scripts.mjs web/node_modules/posthog-js $(SCRIPTS)

clean:
	rm -rf .venv target Cargo.lock tests/sdk/node_modules web/node_modules $(SCRIPTS)
	find python -name '*.so' -delete -o -name '*.c' -delete
