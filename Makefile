# Needs make and Python 3.11 or newer; everything else is installed into .venv.

PORT ?= 8000
# The first that is new enough. `make PYTHON=/path/to/python3.12` decides otherwise.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test lint format lock pictures messages

help: ## Say what there is to make
	@sed -n 's/^\([a-z]*\):.*## /  make \1 @/p' Makefile | tr '@' '\t' | expand -t 18

run: .venv/installed ## Install, prepare a database with demonstration learners, and serve (PORT=8000)
	@$(BIN)/python -c 'import socket, sys; sys.exit(not socket.socket().connect_ex(("127.0.0.1", $(PORT))))' || \
		{ echo 'Something serves on port $(PORT) already. Try: make run PORT=8001' >&2; exit 1; }
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_demo
	@printf '\nOpen http://127.0.0.1:%s/ (Ctrl-C ends it)\n\n' '$(PORT)'
	@# The server takes the shell's place, so it is the jobs' parent, and they end with it however it ends.
	@$(BIN)/python manage.py run_jobs --every 10 --with-parent & \
	exec $(BIN)/granian --interface rsgi --host 127.0.0.1 --port $(PORT) --no-ws \
		--log-level warning medsim_tracking.rsgi:application

test: .venv/installed-dev ## Run every test on SQLite and on PostgreSQL (ARGS="-k sign_in")
	@$(BIN)/python -m pytest --database=both $(ARGS)

lint: .venv/installed-dev ## Check code and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

pictures: .venv/installed-dev ## Take the pictures of the README anew (needs Chromium)
	@PICTURES=docs/images $(BIN)/python -m pytest --quiet analytics/tests/browser/test_pictures.py

messages: .venv/installed-dev ## Gather the texts for translation and compile them (needs GNU gettext)
	@$(BIN)/python manage.py makemessages --all --no-location --no-obsolete --no-wrap --ignore=.venv --ignore=var --ignore=staticfiles
	@sed -i.old -e '/^"POT-Creation-Date:/d' -e '/^"Report-Msgid-Bugs-To:/d' locale/*/LC_MESSAGES/django.po && rm locale/*/LC_MESSAGES/*.old
	@$(BIN)/python manage.py compilemessages --ignore=.venv

format: .venv/installed-dev ## Sort imports and format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: .venv/installed-dev ## Lock the dependencies of pyproject.toml anew
	@$(BIN)/uv pip compile --quiet pyproject.toml --universal --generate-hashes -o requirements.txt
	@$(BIN)/uv pip compile --quiet pyproject.toml --extra dev --universal --generate-hashes -o requirements-dev.txt

$(BIN)/python:
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer is needed, and none was found as python3.' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed; $(PYTHON) is not.' >&2; exit 1; }
	@echo 'Making .venv with $(PYTHON)'
	@$(PYTHON) -m venv --clear .venv

# uv takes seconds where pip takes a minute; pip installs the same files where uv does not run.
define install
@echo 'Installing $<'
@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-bootstrap.txt && \
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $< || \
	{ echo 'uv did not do it; pip does, and takes longer.' && \
	$(BIN)/python -m pip install --quiet --require-hashes -r $<; }
@touch $@
endef

.venv/installed: requirements.txt requirements-bootstrap.txt | $(BIN)/python
	$(install)

.venv/installed-dev: requirements-dev.txt requirements-bootstrap.txt | $(BIN)/python
	$(install)
