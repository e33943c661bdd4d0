# Deux commandes suffisent : « make book » et « make test ». Chacune prépare .venv d'après uv.lock.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
MUTMUT := $(BIN)/uv run --frozen --all-extras --with mutmut==3.8.1 mutmut
export UV_PYTHON_DOWNLOADS := never
export PYTHONHASHSEED := 0

.PHONY: help book test lab bench lint house docs figures links mutants
.DEFAULT_GOAL := help

help: ## cette aide
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

book: .venv/synced ## le livre : book/_book/index.html, clss.pdf, clss-technique.pdf, les EPUB, manifest.json
	$(BIN)/clss build $(ARGS)

test: .venv/synced lint ## toutes les vérifications que cette machine permet ; ce qui manque est nommé
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lint: .venv/synced ## style et types seulement
	$(BIN)/ruff format --check -q . || { $(BIN)/ruff format --diff -q . ; exit 1 ; }
	$(BIN)/ruff check -q .
	$(BIN)/mypy

lab: .venv/synced ## JupyterLab sur les carnets
	$(BIN)/clss lab

bench: .venv/synced ## mesures comparées, écrites dans benchmarks/results/
	@if command -v npm > /dev/null ; then npm --prefix benchmarks ci --silent ; else echo "sans npm, ELK manque au tableau des familles" ; fi
	$(BIN)/python -m benchmarks

mutants: .venv/synced ## mutations des règles, de la confidentialité et des mesures, survivants nommés (des heures ; SAMPLE=120 en tire autant au sort, les mêmes chaque fois ; ARGS="clss_analysis.records.intake*")
	$(if $(SAMPLE),-$(MUTMUT) run none)
	$(MUTMUT) run $(if $(SAMPLE),$$($(BIN)/python -m benchmarks.mutants $(SAMPLE)),$(ARGS))
	$(MUTMUT) results

house: .venv/synced ## le plan de la maison, tiré des imports : docs/house.svg
	$(BIN)/python docs/house.py

docs: .venv/synced ## le site de la documentation : docs/site/index.html (hors ligne)
	$(BIN)/sphinx-build -W -q -b html docs docs/site

figures: .venv/synced ## la liste des figures, tirée du registre : docs/figures.md
	$(BIN)/python docs/figures.py

links: ## ce que la roue emporte, relié dans src/clss_analysis/house/ (après un carnet, un chapitre ou une table de plus)
	@git ls-files clss.toml notebooks book data/publication data/context data/gallery | while read -r file ; do \
	  mkdir -p "src/clss_analysis/house/$$(dirname "$$file")" && ln -sfrn "$$file" "src/clss_analysis/house/$$file" ; done

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 ou plus récent est nécessaire ; PYTHON=/chemin/vers/python3.11 make … en choisit un autre." ; exit 2 ; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/synced: uv.lock pyproject.toml | .venv/bin/uv
	$(BIN)/uv sync --frozen --quiet --all-extras
	@touch $@
