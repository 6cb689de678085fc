.PHONY: lint test bench docs messages

lint:
	ruff check .
	mypy
	pip-audit --requirement requirements.lock --disable-pip

test:
	pytest

bench:
	python bench/run.py

docs:
	python tools/reference.py

messages:
	python tools/messages.py all
