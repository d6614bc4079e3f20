# Everything a person does here. `make` alone prints this list. Needs Python >= 3.11; the first use makes .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
LOCK   := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
          --no-emit-index-url --no-annotate --no-header --custom-compile-command "make lock"
STAGE  ?= dev

.DEFAULT_GOAL := help
.PHONY: help demo dev test crash fuzz bench lint format synth deploy lock clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Complete one text message end to end on the embedded AWS
	@$(BIN)/followthrough demo

dev: $(READY) ## Serve the product on 127.0.0.1:8080 to talk to by hand
	@$(BIN)/followthrough dev

test: lint ## Lint, types and every test
	@$(BIN)/pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder

crash: $(READY) ## End worker processes at every point of their work; LONG=1 for 20 runs of 100 jobs
	@$(BIN)/python -m tests.crash $(if $(LONG),--long) $(if $(SEED),--seed $(SEED))
	@$(BIN)/pytest --quiet -m outage

fuzz: $(READY) ## Try hostile input at every edge; SEED=n repeats a run
	@$(BIN)/python -m tests.fuzz $(if $(SEED),--seed $(SEED))

bench: $(READY) ## Count and time what a booking and its parts take, beside what the last run here measured
	@$(BIN)/python -m tests.bench

lint: $(READY) ## Style, types and which room may import which
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(READY) ## Rewrite the code in the common style
	@$(BIN)/ruff check --fix --exit-zero
	@$(BIN)/ruff format

synth: $(READY) ## Write the CloudFormation template for AWS to cdk.out
	@$(BIN)/python -m infra.local.synth --platform aws --stage $(STAGE) --out cdk.out

deploy: $(READY) ## Deploy to AWS (STAGE=dev); needs credentials and, for the CDK's command, npx
	@$(BIN)/python -m infra.aws.credentials
	@$(MAKE) --no-print-directory synth
	npx --yes aws-cdk@2.1148.1 deploy --app cdk.out --require-approval broadening

lock: $(READY) ## Pin every dependency anew, with hashes
	@$(LOCK) --upgrade --extra dev -o requirements/dev.txt pyproject.toml
	@$(LOCK) -c requirements/dev.txt -o requirements/runtime.txt pyproject.toml
	@echo uv | $(LOCK) -c requirements/dev.txt -o requirements/uv.txt -

clean: ## Delete everything the tools made
	rm -rf $(VENV) .local cdk.out dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last, so an interrupted installation starts over. uv installs in seconds; where it cannot reach
# the index that pip is configured for, pip does the same from the same hashes.
$(READY): requirements/uv.txt requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, this is %s: make PYTHON=python3.13 ..." % sys.version.split()[0])'
	@echo "Installing into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv --no-config pip sync --quiet --require-hashes requirements/dev.txt || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
