# Everything a person does with this checkout. Needs: make, and Python 3.11 or newer with venv.
# `make help` says the same in words.

PYTHON    ?= $(shell tools/python.sh)
VENV      ?= .venv
BIN       := $(VENV)/bin
PORT      ?= 8000
DEMO      ?= demo
SIZE      ?= small
WORKERS   ?= 2
INSTALL   := tools/install.sh $(BIN)/python

# Only what was asked for is passed on: `holdfast demo` knows the rest.
DEMO_FLAGS := --port $(PORT) $(if $(ONCE),--once) $(if $(CUSTOMERS),--customers $(CUSTOMERS)) \
              $(if $(DAYS),--days $(DAYS)) $(if $(SEED),--seed $(SEED))

.DEFAULT_GOAL := help
.PHONY: help install demo test test-long check code bench docs format clean chromium postgresql

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The stamps make an installation happen again only when what it depends on has changed.
$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "Holdfast needs Python 3.11 or newer; set PYTHON=/path/to/python3." >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON)" >&2
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.installed: pyproject.toml constraints.txt tools/install.sh $(VENV)/.created
	@$(INSTALL) -e .
	@touch $@

# Everything at once, with what `make install` brings: what depends on what is looked up a single time.
$(VENV)/.tested: pyproject.toml constraints.txt tools/install.sh $(VENV)/.created
	@$(INSTALL) -e '.[spark,postgresql]' --group test --group lint --group docs
	@touch $(VENV)/.installed $@

$(VENV)/.benched: $(VENV)/.installed
	@$(INSTALL) -e '.[spark]' --group bench
	@touch $@

install: $(VENV)/.installed ## Make .venv and install Holdfast into it

demo: $(VENV)/.installed ## Build the demo company, run the loop, serve it (ONCE=1, PORT=, CUSTOMERS=)
	@$(BIN)/holdfast demo --workspace $(DEMO) $(DEMO_FLAGS)

# worksteal: each process has a stretch of the tests, so that most of what is built for several is built once.
test: $(VENV)/.tested chromium postgresql check ## Lint, types, import contracts, docs, and the tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

test-long: $(VENV)/.tested chromium postgresql check ## The same and the long crash, load and truth tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "long or not long"

check: $(VENV)/.tested ## Build the docs and look the code over, side by side
	@$(MAKE) --no-print-directory -j 2 docs code

code: $(VENV)/.tested
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

chromium:
	@tools/chromium.sh

postgresql:
	@tools/postgresql.sh

docs: $(VENV)/.tested ## Build the documentation into docs/_build/html
	@$(BIN)/sphinx-build -q -W --keep-going -j auto docs docs/_build/html

bench: $(VENV)/.benched ## Print the ratios of the benchmarks (SIZE=small|large)
	@$(BIN)/python -m bench --size $(SIZE)

format: $(VENV)/.tested ## Sort imports and lay out the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## Remove what was built: environment, demo company, documentation, caches
	rm -rf $(VENV) $(DEMO) dist docs/_build docs/reference/generated .mypy_cache .ruff_cache .hypothesis .import_linter_cache
