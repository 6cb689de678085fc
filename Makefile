.PHONY: lint test bench docs messages sample picture lock

lint:
	ruff check .
	mypy
	pip-audit --requirement requirements.lock --disable-pip

test:
	pytest
	pytest tests/core --cov

bench:
	python bench/run.py

docs:
	python -m tools.reference

messages:
	python tools/messages.py all

sample:
	python -m tools.make_sample

picture:
	python -m tools.picture

# uv is asked for here only: it resolves for every system and Python version at once.
lock: export UV_CUSTOM_COMPILE_COMMAND = make lock
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
		pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --extra dev \
		--constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
