# One line for each thing one does here; `make` alone lists them.
PYTHON ?= python3
BIN = .venv/bin

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' $(MAKEFILE_LIST) | expand -t 20

run: .venv/run ## Serve the portal at http://127.0.0.1:5000/ (HOST and PORT change that)
	@$(BIN)/python -m portal run

test: .venv/test ## Run every check of the project
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports
	@$(BIN)/python -m portal messages compile && $(BIN)/python -m portal messages check && $(BIN)/python -m portal check
	@$(BIN)/python -m pytest

edit: .venv/run ## Serve the portal and show every change at once
	@$(BIN)/python -m portal run --reload

check: .venv/run ## Check the content
	@$(BIN)/python -m portal check

messages: .venv/run ## Bring all catalogs up to date with the texts
	@$(BIN)/python -m portal messages extract && $(BIN)/python -m portal messages update

format: .venv/test ## Format the code
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock: ## Choose newer versions of everything we build on (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra test pyproject.toml requirements/build.in -c requirements/run.txt -o requirements/test.txt

clean: ## Remove everything that was installed or built here
	rm -rf .venv build *.egg-info
	find . -name '*.mo' -o -name __pycache__ | xargs rm -rf

.venv/bin/python:
	@sh requirements/venv.sh $(PYTHON)

.venv/run: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the portal needs …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/test: requirements/test.txt .venv/run
	@echo "Installing what the checks need …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

.PHONY: help run test edit check messages format lock clean
