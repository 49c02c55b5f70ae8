# Xiezuo on one machine. `make run` needs Python 3.11, 3.12 or 3.13, pip and make, and sets up the rest by itself.
#
#   make run [COUNTY=620422] [YEAR=2022] [SEED=1]
#                                  a sample year through Airflow, figures at the end
#   make run SAMPLE=0              your own inbox and connections
#   make up / make down            Airflow in the background / everything off
#   make test                      the tests
#   make sweep                     many sizes, faults and kills: hours, not minutes
#   make fuzz N=20000 [SEED=1]     spoiled ledgers through the reader (sweeps/README.md); ONLY=n: one of them again
#   make crash-sweep N=1000 [SEED=1]
#                                  runs killed, cut off and raced, compared with one that nobody disturbed
#   make bench [ORDERS=1000000] [REPEATS=2] [ONLY=floor,ours]
#                                  how fast, as ratios: a table and bench.json (bench/README.md has all sizes)
#   make bench-large               the same of five million orders
#   make check                     linters, types, the rules of the repository
#   make lock [UPGRADE=all|NAME]   the locks anew, from what pyproject.toml declares
#   make docs                      what is generated: data dictionary, indicator catalogue, the picture of the house

# COUNTY, YEAR, SEED and SAMPLE: what is not given is 620422, 2022, 1 and 1; for `make up`, what the last run was about.
WORDS = $(if $(COUNTY),--county '$(COUNTY)') $(if $(YEAR),--year '$(YEAR)') \
        $(if $(SEED),--seed '$(SEED)') $(if $(SAMPLE),--sample '$(SAMPLE)')
TESTS ?= tests
# Half of a test is waiting for a disk or a clock, so three workers share two cores; each has a database server of its own.
# In the order collected, the longest files (browser, e2e) come first, and no worker is left alone with one at the end.
WORKERS ?= 3

# What of a bench is not given is as bench/plan.py has it; the default takes some ten minutes on two cores.
BENCH = $(if $(ORDERS),--orders '$(ORDERS)') $(if $(SLOW_ORDERS),--slow-orders '$(SLOW_ORDERS)') \
        $(if $(LARGE),--large '$(LARGE)') $(if $(BAD_SHARE),--bad-share '$(BAD_SHARE)') \
        $(if $(REPEATS),--repeats '$(REPEATS)') $(if $(ONLY),--only '$(ONLY)') \
        $(if $(NIGHT_STORED),--night-stored '$(NIGHT_STORED)') $(if $(NIGHT_CHANGED),--night-changed '$(NIGHT_CHANGED)') \
        $(if $(NIGHT_MONTH),--night-month '$(NIGHT_MONTH)') $(if $(NIGHT_YEARS),--night-years '$(NIGHT_YEARS)') \
        $(if $(COUNTIES),--counties '$(COUNTIES)') $(if $(CELERY),--celery '$(CELERY)') \
        $(if $(BENCH_DIR),--folder '$(BENCH_DIR)') $(if $(BENCH_OUT),--out '$(BENCH_OUT)')

# PYTHON=…: the Python that .venv is made with; deploy/venv.sh says which one it is otherwise.
export PYTHON
export PYTHONUTF8 = 1

# A sweep's own: how many cases, of which seed; ONLY: one of them; KEEP: where its file is put.
SWEEP = $(if $(N),--cases '$(N)') $(if $(SEED),--seed '$(SEED)') $(if $(ONLY),--only '$(ONLY)') \
        $(if $(KEEP),--keep '$(KEEP)') $(if $(PROCESSES),--processes '$(PROCESSES)')

VENV  := .venv/bin/python
LOCAL := $(VENV) -m xiezuo_local

.DEFAULT_GOAL := help
.PHONY: help venv venv-dev run up down test sweep fuzz crash-sweep bench bench-large check lock docs

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
	@$(VENV) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

sweep: venv-dev
	@$(VENV) -m pytest -q -m sweep $(TESTS)

fuzz: venv-dev
	@$(VENV) -m sweeps.fuzz $(SWEEP)

crash-sweep: venv-dev
	@$(VENV) -m sweeps.crash $(SWEEP)

bench: venv
	@$(VENV) -m bench $(BENCH)

bench-large: LARGE ?= 5000000
bench-large: ONLY ?= floor,ours,ours_without_gx
bench-large: bench

lock: venv
	@deploy/lock.sh $(if $(UPGRADE),$(if $(filter all,$(UPGRADE)),--upgrade,--upgrade-package '$(UPGRADE)'))

docs: venv-dev
	@$(VENV) -m xiezuo.publish.dictionary
	@$(VENV) docs/house.py

# Each line is also a hook of .pre-commit-config.yaml. tests/policy looks at contracts, SQL, compose file, locks, docs.
check: venv-dev
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports pyproject.toml
	.venv/bin/sqlfluff lint --disable-progress-bar include/sql src bench
	.venv/bin/yamllint --strict .
	.venv/bin/hadolint Dockerfile deploy/superset/Dockerfile
	.venv/bin/deptry src plugins dags deploy bench sweeps
	$(VENV) -m pytest -q tests/policy
