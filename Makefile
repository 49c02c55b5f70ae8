# Xiezuo on one machine. `make run` needs Python 3.11, pip and make, and sets up the rest by itself.
#
#   make run [COUNTY=620422] [YEAR=2022] [SEED=1]
#                                  a sample year through Airflow, figures at the end
#   make run SAMPLE=0              your own inbox and connections
#   make up / make down            Airflow in the background / everything off
#   make test                      the tests
#   make sweep                     many sizes, faults and kills: hours, not minutes
#   make check                     linters, types, the rules of the repository
#   make docs                      the data dictionary and the indicator catalogue, from contracts and SQL headers

# COUNTY, YEAR, SEED and SAMPLE: what is not given is 620422, 2022, 1 and 1; for `make up`, what the last run was about.
WORDS = $(if $(COUNTY),--county '$(COUNTY)') $(if $(YEAR),--year '$(YEAR)') \
        $(if $(SEED),--seed '$(SEED)') $(if $(SAMPLE),--sample '$(SAMPLE)')
TESTS ?= tests
# Half of a test's time is waiting for a disk or a clock; each worker has a database server of its own.
WORKERS ?= 2

PYTHON ?= $(shell command -v python3.11 || command -v python3)
export PYTHON
export PYTHONUTF8 = 1

VENV  := .venv/bin/python
LOCAL := $(VENV) -m xiezuo_local

.DEFAULT_GOAL := help
.PHONY: help venv venv-dev run up down test sweep check docs

help:
	@sed -n 's/^#   //p' Makefile

venv:
	@deploy/venv.sh run

venv-dev:
	@deploy/venv.sh dev

run: venv
	@$(LOCAL) run $(WORDS)

up: venv
	@$(LOCAL) up $(WORDS)

down:
	@if [ -x $(VENV) ]; then $(LOCAL) down; else echo "nothing is installed, so nothing runs"; fi

test: venv-dev
	@$(VENV) -m pytest -q -n $(WORKERS) --dist loadfile $(TESTS)

sweep: venv-dev
	@$(VENV) -m pytest -q -m sweep $(TESTS)

docs: venv-dev
	@$(VENV) -m xiezuo.dictionary

# Each line is also a hook of .pre-commit-config.yaml. tests/policy looks at contracts, SQL, compose file, locks, docs.
check: venv-dev
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/sqlfluff lint --disable-progress-bar include/sql src
	.venv/bin/yamllint --strict .
	.venv/bin/hadolint Dockerfile
	$(VENV) -m pytest -q tests/policy
