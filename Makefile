# make run: set everything up and run the site. make test: set everything up and run all tests.
# PORT=8001, DATABASE_URL=…, REDIS_URL=… and the other variables of README.md may be given.

SUPPORTED := 3.13 3.12 3.11
PYTHON ?= $(firstword $(foreach v,$(SUPPORTED),$(shell command -v python$(v) 2>/dev/null)) $(shell command -v python3 2>/dev/null))
VENV := .venv
BIN := $(VENV)/bin
export PORT

.PHONY: run test bench lint clean

run: $(VENV)/run.stamp
	@exec $(BIN)/python -m iconsite.run

test: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m pytest

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.chromium
	@exec $(BIN)/python -m bench $(ARGS)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python is missing: install Python 3.11, 3.12 or 3.13 (Debian: apt-get install python3 python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "Python 3.11, 3.12 or 3.13 is needed, since TensorFlow has no release for $$($(PYTHON) --version) yet: install one, or run make PYTHON=/path/to/python3.13."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)."; exit 1; }

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing the requirements (some 600 MB, minutes on the first start) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt || { echo "The requirements could not be installed: see the message above (is the network up, is the disk full?)."; exit 1; }
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV)
