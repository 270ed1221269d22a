# Two commands do everything: `make run` and `make test`. The rest is here for those who build Lontar.
SHELL := /bin/sh
.DEFAULT_GOAL := help
BIN := .venv/bin
STAMP := .venv/.lontar
# One more than there are cores: many tests wait for a process that was killed or frozen.
WORKERS = $$($(BIN)/python -c "import os; print((os.cpu_count() or 1) + 1)")
# Each worker goes on where it is, so that what a module sets up (servers, a browser) is set up once.
SPREAD = -n $(WORKERS) --dist worksteal
# Nothing may hang: a test that takes five minutes is told with the stacks of its threads, and fails.
HANGING := -o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true
COMPILE := $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header
# Its rules are ours and lie here: it asks nobody, tells nobody and writes nothing at home.
SEMGREP := SEMGREP_SETTINGS_FILE=.venv/semgrep/settings.yml SEMGREP_LOG_FILE=.venv/semgrep/log \
 .venv/semgrep/bin/semgrep
QUIETLY := --metrics=off --disable-version-check

.PHONY: help run test check prove setup format lock openapi clean

help: ## Show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: setup ## Serve API and admin on http://127.0.0.1:8000 (embedded MongoDB unless CMS_MONGODB_URL is set)
	@exec $(BIN)/cms serve

test: setup ## Run all tests
	@sh deploy/tools.sh recheck published portfolio
	@began=$$(date +%s); $(BIN)/pytest -q $(SPREAD) $(HANGING); code=$$?; \
	 echo "make test took $$(( $$(date +%s) - began )) s"; exit $$code

prove: setup ## Run the same tests at full counts
	@sh deploy/tools.sh recheck published portfolio observatory
	@began=$$(date +%s); LONTAR_PROVE=1 $(BIN)/pytest -q $(SPREAD); code=$$?; \
	 echo "make prove took $$(( $$(date +%s) - began )) s"; exit $$code

check: setup ## The quality gate: format, lint, types, import ladder, security
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/bandit -q -c pyproject.toml -r cms migrations
	@sh deploy/tools.sh semgrep
	$(SEMGREP) --test $(QUIETLY) deploy/semgrep
	$(SEMGREP) scan $(QUIETLY) --quiet --error --config deploy/semgrep/rules.yaml cms migrations
	git ls-files -z -- . ':!requirements' ':!docs/openapi.json' ':!*package-lock.json' ':!.secrets.baseline' \
	 | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline
	$(BIN)/python admin_ui/build.py run check
	@sh deploy/tools.sh portfolio
	$(BIN)/python deploy/node.py sdk run --silent check
	$(BIN)/python deploy/node.py examples/portfolio-react run --silent check

format: setup ## Format and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

setup: ## Prepare .venv; takes seconds when nothing changed
	@sh deploy/setup.sh

lock: setup ## Renew the pins (no index address stands in them)
	$(COMPILE) --upgrade pyproject.toml --extra embedded -o requirements/run.txt
	$(COMPILE) --upgrade pyproject.toml --extra embedded --group dev -c requirements/run.txt -o requirements/dev.txt
	echo 'uv' | $(COMPILE) - -c requirements/dev.txt -o requirements/uv.txt
	echo 'semgrep' | $(COMPILE) --upgrade - -o requirements/semgrep.txt

openapi: setup ## Renew the committed OpenAPI document and the clients of it
	$(BIN)/cms openapi > docs/openapi.json
	$(BIN)/python admin_ui/build.py run api
	$(BIN)/python deploy/node.py sdk run --silent api

clean: ## Remove what can be made again (never ./data)
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis cms/_admin \
	 admin_ui/node_modules admin_ui/dist sdk/node_modules sdk/dist \
	 tests/*/recheck/node_modules tests/*/published/node_modules tests/*/observatory/node_modules \
	 examples/*/node_modules examples/*/build examples/*/.react-router
