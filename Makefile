# Socialvolym: `make report` and `make test` set everything up by themselves; they need Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# What one process has compiled, the next ones need not.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test test-long lab data bench pdf docs lock clean help

## the pages in reports/, made again where something changed (ARGS="--language sv" and the like go to `socialvolym run`)
report: $(VENV)/run.ready
	$(BIN)/socialvolym run $(ARGS)

## the tables in data/processed/ only
data: $(VENV)/run.ready
	$(BIN)/socialvolym run --only validate

## style, types and tests
test: $(VENV)/test.ready
	$(BIN)/ruff check lib tests bench docs
	$(BIN)/ruff format --check --quiet lib tests bench docs
	@# Types beside the tests, which leave a core idle now and then; what is said of them comes last.
	@$(BIN)/mypy >$(VENV)/types.txt 2>&1 & types=$$!; \
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS); tests=$$?; \
	wait $$types; types=$$?; echo "Types:"; cat $(VENV)/types.txt; [ $$tests = 0 ] && [ $$types = 0 ]

## the same with ten times as many examples in the property tests
test-long: ARGS += --hypothesis-profile long
test-long: test

## JupyterLab with the notebooks
lab: $(VENV)/lab.ready
	$(BIN)/jupyter lab notebooks

## the pages as PDF in reports/<language>/ (needs Chromium)
pdf: report
	$(BIN)/socialvolym pdf

## the speed ratios of bench/README.md
bench: $(VENV)/test.ready
	$(BIN)/python bench/run.py

## docs/data-model.md and docs/architecture.svg, from the code
docs: $(VENV)/run.ready
	$(BIN)/python docs/code_docs.py

## new versions into requirements/, from pyproject.toml
lock:
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet uv
	for kind in run test lab cluster; do \
	  extra=$$([ $$kind = run ] || echo --extra $$kind); \
	  $(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --custom-compile-command "make lock" \
	    $$extra --extra build pyproject.toml --output-file requirements/$$kind.txt || exit 1; \
	done

## what is made: tables, pages, build/
clean:
	rm -rf data/processed reports build .snakemake

## this list
help:
	@awk '/^## /{told=substr($$0, 4)} /^[a-z-]+:/{if (told) printf "  make %-10s %s\n", substr($$1, 1, length($$1) - 1), told; told=""}' Makefile

# One virtual environment for all; each kind adds what it needs and is marked by a file of its own.
$(VENV)/%.ready: requirements/%.txt pyproject.toml
	@echo "Setting up $(VENV) for $*: once, a minute or two"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(BIN)/pip install -qq --disable-pip-version-check -r requirements/$*.txt
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@# By a relative path: an interpreter of 3.11 in the C locale cannot read a path with å in it.
	@$(BIN)/python -c 'import pathlib, site; [place.write_text("../../../../lib\n") for folder in site.getsitepackages() for place in pathlib.Path(folder).glob("__editable__.socialvolym-*.pth")]'
	@$(BIN)/python -m compileall -q lib
	@touch $@
