# make run: set everything up and run the site. make test: set everything up and run all tests. make lint: check style,
# types and the directions of import. make fuzz: try made-up inputs. make chaos and make load: kill parts of a site, and
# load one. PORT=8001, DATABASE_URL=…, REDIS_URL=… and the other variables of
# docs/operating.md may be given.

# The first that runs: a version manager's python3.13 may exist and yet only say that it is not installed.
FITS = -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p $(FITS) >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --custom-compile-command "make lock"
export PORT

.PHONY: run test bench compilers iconify-server fuzz chaos load lint lock clean

run: $(VENV)/run.stamp
	@exec $(BIN)/python -m iconsite.run

test: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m tests.corpora
	@$(BIN)/python -m pytest -n 2 --dist loadfile

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.chromium
	@exec $(BIN)/python -m bench $(ARGS)

# The compilers of JSX, Vue and Svelte, from npm, which tests/test_compilers.py tries icons with.
compilers:
	@mkdir -p var && cp -R tests/compilers var/
	@for folder in var/compilers var/compilers/react-18; do npm install --prefix $$folder --no-audit --no-fund --silent || exit 1; done

# Iconify's own server and clients, from npm, which tests/test_iconify_*.py compare iconify/ with.
iconify-server:
	@mkdir -p var/iconify-server && cp tests/iconify_server/* var/iconify-server/
	@npm install --prefix var/iconify-server --no-audit --no-fund --silent

# FUZZ_EXAMPLES=1000 of each property, and the whole of the corpora; without it, the tests take 25 and some, always the
# same. Then FUZZ_SECONDS=60 for each target of atheris.
fuzz: export FUZZ_EXAMPLES ?= 1000
fuzz: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.corpora
	@$(BIN)/python -m pytest -q tests/test_fuzz.py tests/test_corpora.py
	@$(BIN)/python -m tests.coverage_fuzz

chaos load: $(VENV)/dev.stamp
	@exec $(BIN)/python -m bench.$@ $(ARGS)

# The settings want the address of a database, which nothing here connects to.
lint: export DATABASE_URL = postgres://nobody@localhost/none
lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/oxlint --deny-warnings static

# After a change of requirements.txt or requirements-dev.txt: the exact version of everything that they pull in.
lock: $(VENV)/dev.stamp
	$(LOCK) requirements.txt --output-file requirements.lock
	$(LOCK) requirements-dev.txt --constraint requirements.lock --output-file requirements-dev.lock

$(BIN)/python:
	@test -n "$(PYTHON)" && $(PYTHON) $(FITS) || { echo "Python 3.11, 3.12 or 3.13 is needed (TensorFlow has no release for a newer one yet): install it (Debian: apt-get install python3 python3-venv), or run make PYTHON=/path/to/python3.13."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)."; exit 1; }

$(VENV)/run.stamp: requirements.lock | $(BIN)/python
	@echo "Installing the requirements (some 600 MB, minutes on the first start) ..."
	@$(PIP) -r requirements.lock || { echo "The requirements could not be installed: see the message above (is the network up, is the disk full?)."; exit 1; }
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	@$(PIP) -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV)
