# make run: set everything up and run the site. make test: set everything up and run all tests.
# PORT=8001, DATABASE_URL=…, REDIS_URL=… and the other variables of README.md may be given.

# The first that runs: a version manager's python3.13 may exist and yet only say that it is not installed.
FITS = -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p $(FITS) >/dev/null 2>&1 && echo $$p && break; done)
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
	@test -n "$(PYTHON)" && $(PYTHON) $(FITS) || { echo "Python 3.11, 3.12 or 3.13 is needed (TensorFlow has no release for a newer one yet): install it (Debian: apt-get install python3 python3-venv), or run make PYTHON=/path/to/python3.13."; exit 1; }
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
