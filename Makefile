# Everything runs in .venv, made on first use from versions locked in constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: trial test coverage check calibrate bench fuzz docs protocols browser clean

trial: .venv/installed
	$(BIN)/worktrial run --model embedded/smollm2-135m --model reference/lossy-0.02 \
	  --model reference/oracle --trial relay --course pocket --seed 7 --out trial

test: .venv/installed browser
	$(BIN)/pytest -n auto --dist loadgroup -m "not slow"

# Tracing every line more than doubles the time: a target of its own.
coverage: .venv/installed browser
	$(BIN)/pytest -n auto --dist loadgroup -m "not slow" --cov --cov-report=term:skip-covered

check: .venv/installed
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

calibrate: .venv/installed
	$(BIN)/worktrial calibrate --summary src/worktrial/estimate/calibrated.json
	$(BIN)/pytest -s -m slow tests
	WORKTRIAL_LAW_SEEDS=10 $(BIN)/pytest -n auto tests/documents/test_domain_laws.py

bench: .venv/installed
	$(BIN)/python -m bench $(ARGS)

# Damaged texts for every reader: drawn, and led by what they reach where atheris installs.
fuzz: .venv/installed
	@$(BIN)/python -m pip install -q --only-binary :all: -c constraints.txt atheris \
	  || echo "no atheris for this Python: texts are drawn alone"
	$(BIN)/python -m fuzz $(ARGS)

docs: .venv/installed
	$(BIN)/python docs/build.py

# After a change of items, prompts or scorers: the published protocols as this version draws them.
protocols: .venv/installed
	$(BIN)/python docs/cards.py

# The report is tested in a real browser: Debian's.
browser:
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || echo "no chromium: the tests of the report in a browser will fail; install it"

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "worktrial needs Python 3.11 or later")'
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[all]'
	touch $@

clean:
	rm -rf .venv trial site dist
