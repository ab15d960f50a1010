PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

.PHONY: run test clean

run: $(VENV)/installed
	@test -e "$${ASKEDBEFORE_INDEX:-index}/current.json" || $(BIN)/askedbefore rebuild --data data/example
	$(BIN)/askedbefore serve

test: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) '.[rebuild]'
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed
	$(INSTALL) '.[rebuild,test]'
	@touch $@
