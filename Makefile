# Standard output belongs to the programs; messages of the setup go to standard error.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check train grades kills bench bundle conformance format lock pictures clean moved

export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Tests start a hundred processes: where this is set, each would compile the whole project for itself.
export PYTHONDONTWRITEBYTECODE =

bin := .venv/bin
stamp := .venv/.setup
# Scripts in a virtual environment hold its full path: a copied or moved folder is set up again.
moved := $(if $(wildcard $(stamp)),$(if $(findstring <$(CURDIR)>,<$(shell cat $(stamp))>),,moved))
# The Python to set up with; empty means: find one.
PYTHON ?=
UV ?= uv
ARGS ?=

help:
	@echo 'make demo         try Linkdesk in the terminal, on a made-up portal'
	@echo 'make test         run the tests (ARGS="-k words" to choose)'
	@echo 'make check        check formatting, lint, types, import layers, complexity and generated docs'
	@echo 'make train        fit the weights that rank readings of plain language (after changing the corpus or features)'
	@echo 'make grades       show by grade how a file of sentences is read (ARGS=file; --wrong prints the misread ones)'
	@echo 'make kills        kill a writing process 200 times and check that nothing is lost'
	@echo 'make bench        run the benchmarks'
	@echo 'make conformance  run the official MCP conformance suite (needs npm)'
	@echo 'make bundle       make dist/linkdesk.mcpb, for assistants that install bundles (URL=… writes server.json too)'
	@echo 'make setup        create .venv; the other targets call it'
	@echo 'make format       format, fix what can be fixed, and write the generated docs'
	@echo 'make lock         write the lock files again (ARGS=--upgrade for newer versions; needs uv)'
	@echo 'make pictures     draw the pictures in docs/ from the sandbox'
	@echo 'make clean        remove .venv and what the tools left behind'

setup: $(stamp)
	@:

$(stamp): requirements.lock pyproject.toml $(moved)
	@exec </dev/null >&2; set -e; \
	fit() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }; \
	if [ -n '$(moved)' ] || [ ! -e $(bin)/pip ] || ! fit $(bin)/python; then \
	    for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	        if fit "$$python"; then break; fi; python=; \
	    done; \
	    if [ -z "$$python" ]; then \
	        echo 'Linkdesk needs Python 3.11 or newer: install it, or name it with "make setup PYTHON=/path/to/python3".'; exit 1; \
	    fi; \
	    echo "Setting up .venv with $$python (once, about a minute) ..."; \
	    "$$python" -m venv --clear .venv || { \
	        echo "$$python could not create .venv: on Debian and Ubuntu, install the package python3-venv."; exit 1; \
	    }; \
	else \
	    echo 'Bringing .venv up to date ...'; \
	fi; \
	$(bin)/python -m pip install -qq --require-hashes -r requirements.lock; \
	$(bin)/python -m pip install -qq --no-deps --no-build-isolation -e .; \
	printf '%s' '$(CURDIR)' >$(stamp)

demo: setup
	@$(bin)/linkdesk chat --sandbox

test: setup
	@$(bin)/pytest -n auto --maxprocesses 8 $(ARGS)

check: setup
	@$(bin)/ruff format --check .
	@$(bin)/ruff check .
	@$(bin)/mypy
	@$(bin)/basedpyright
	@$(bin)/lint-imports --no-logo
	@# bot/nlu is left out: there a rule of grammar with all its exceptions is read best in one place.
	@$(bin)/radon cc -s -n C -e 'bot/nlu/*' tool_specs linkdesk server bot | awk '/^[^ ]/ { file = $$0 } \
	    match($$0, /\([0-9]+\)/) { complexity = substr($$0, RSTART + 1, RLENGTH - 2) + 0; if (complexity > 15) { failed = 1; \
	    print file ": " $$3 " has complexity " complexity ", and at most 15 is allowed: move a part into a function of its own." } } \
	    END { exit failed }'
	@$(bin)/python -m bot.nlu.training --check
	@# Generated docs: the script writes them, and with --check only compares.
	@if [ -e docs/generate.py ]; then $(bin)/python docs/generate.py --check; fi

train: setup
	@$(bin)/python -m bot.nlu.training $(ARGS)

grades: setup
	@$(bin)/python -m benchmarks.grades $(ARGS)

kills: setup
	@$(bin)/python -m tests.crash.kill_loop $(ARGS)

bench: setup
	@$(bin)/python -m benchmarks.run $(ARGS)

# Where the bundle will be downloaded from, for dist/server.json.
URL ?=

bundle: setup
	@$(bin)/python -m bundle.build $(if $(URL),--url '$(URL)')

# npm's packages stay where they are until clean: the script names their versions.
.ci/.node/.installed: .ci/node
	@.ci/node
	@touch $@

conformance: setup .ci/.node/.installed
	@$(bin)/python -m tests.conformance.run

format: setup
	@$(bin)/ruff format .
	@$(bin)/ruff check --fix .
	@if [ -e docs/generate.py ]; then $(bin)/python docs/generate.py; fi

compile = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

lock:
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv: install it, or name it with "make lock UV=/path/to/uv".' >&2; exit 1; }
	@$(compile) $(ARGS) pyproject.toml --group dev --output-file requirements.lock >&2
	@# The runtime alone, at the very same versions.
	@$(compile) pyproject.toml --extra postgres --extra redis --extra picture --group build --constraint requirements.lock --output-file requirements-run.lock >&2

pictures: setup
	@$(bin)/python docs/schedule.py

clean:
	@rm -rf .venv dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .ci/.node
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
