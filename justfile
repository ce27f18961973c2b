# Every command of the project. Activate an environment of requirements/dev.lock first; `just` lists the commands.
# CI and .ci/run call these, too.

python := env("PYTHON", "python")
fast_tests := `grep -l "pytest.mark.fast" tests/*.py | tr "\n" " "`

_list:
    @just --list --unsorted

# After each edit: lint, format, types and the fast tests; under a minute.
fast: lint types
    {{ python }} -m pytest -q -m fast {{ fast_tests }}

# Style and format.
lint:
    {{ python }} -m ruff check
    {{ python }} -m ruff format --check

# Types; incremental.
types:
    {{ python }} -m mypy

# Security of the workflows.
workflows:
    PATH="$(dirname "$(command -v {{ python }})"):$PATH" zizmor --offline --persona=pedantic .github

# Every test that needs only Python, and the examples in docstrings. `just test tests/test_x.py` runs one file.
test *arguments:
    {{ python }} -m pytest -n auto --dist loadfile {{ arguments }}

# The examples in docstrings alone; reports how many ran.
doctests:
    {{ python }} -m pytest -q inference service customers trainer

# What must pass before a change is merged.
check: lint types workflows test

# The tests with branch coverage; writes the figure in the README.
coverage: _measure
    {{ python }} .ci/coverage_figure.py

# The tests with branch coverage; fails when the figure in the README is more than a point off.
coverage-check: _measure
    {{ python }} .ci/coverage_figure.py --check

_measure:
    {{ python }} -m pytest -n auto --dist loadfile --cov --cov-report=

# The published model with numpy and onnxruntime only, in a separate environment.
light:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/light.lock
    "$folder/bin/python" -m pytest --noconftest -q -m light tests/test_light.py

# The wheels: their content and size, and that they predict and score where nothing else is installed.
wheels:
    {{ python }} -m pytest -q -m wheels tests/test_wheels.py

# Runs the notebooks in a separate environment and stores their outputs.
notebooks: (_notebooks "")

# Runs the notebooks; fails when an output differs from the stored one.
notebooks-check: (_notebooks "--check")

_notebooks option:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/notebooks.lock
    "$folder/bin/python" notebooks/execute.py {{ option }}

# The documentation as a site in `docs-site`, built in a separate environment, with every link checked.
docs:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/docs.lock
    NO_MKDOCS_2_WARNING=1 "$folder/bin/python" -m mkdocs build --strict --quiet
    {{ python }} docs/check_site.py docs-site

# The deployment files: Dockerfile, compose and Kubernetes by their linters, in a separate environment, and the
# Dockerfile's steps carried out without Docker; as root on Linux.
deployment:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/deploy.lock
    "$folder/bin/hadolint" --failure-threshold style Dockerfile
    "$folder/bin/check-jsonschema" --builtin-schema vendor.compose-spec deploy/compose.yaml
    "$folder/bin/kubernetes-validate" --strict deploy/kubernetes.yaml
    {{ python }} -m deploy.run_dockerfile

# Reports of Evidently, in a separate environment.
evidently:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/evidently.lock
    "$folder/bin/python" -m pytest --noconftest -q -W default -m evidently tests/test_evidently.py

# The newest client of MCP, in a separate environment, which calls the app of this one.
mcp:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/mcp.lock
    APP_PYTHON="$(command -v {{ python }})" "$folder/bin/python" -m pytest --noconftest -q -W default -m mcp tests/test_mcp_newest.py

# A client in Python that is generated from the OpenAPI document, in a separate environment.
clients:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/clients.lock
    APP_PYTHON="$(command -v {{ python }})" "$folder/bin/python" -m pytest --noconftest -q -W default -m clients tests/test_generated_client.py

# Runs logged to a server of MLflow on this machine, in a separate environment.
mlflow:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/mlflow.lock
    "$folder/bin/python" -m pytest --noconftest -q -W default -m mlflow tests/test_mlflow.py

# The model as SQL in real engines, in a separate environment.
engines:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/engines.lock
    PATH="$folder/bin:$PATH" "$folder/bin/python" -m pytest --noconftest -q -W default -m engines tests/test_engines.py tests/test_c_engine.py tests/test_workbook.py

# Scoring with Spark, also when an executor is killed, in a separate environment; with Java 17.
spark:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/spark.lock
    "$folder/bin/python" -m pytest --noconftest -q -W default -m spark tests/test_spark.py tests/test_spark_killed.py

# Training with Spark on two executors, also when one is killed, in a separate environment; with Java 17.
spark-training:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/spark_training.lock
    "$folder/bin/python" -m pytest --noconftest -q -W default -m spark_training tests/test_spark_training.py

# The model's signature by the key of a release, and its ML-BOM, in a separate environment.
signature:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/release.lock
    "$folder/bin/python" -m pytest --noconftest -q -W default -m release tests/test_release.py

# The page in Chromium, but for what is measured in time.
browser:
    {{ python }} -m pytest -n 2 --dist loadfile -m "browser and not timed" $(grep -l "mark\.browser" tests/test_*.py)

# What is measured in time and the marks of Lighthouse, one after the other; on a machine without other work.
timed:
    {{ python }} -m pytest -m timed $(grep -l "mark\.timed" tests/test_*.py)

# Each call of the system fails in turn while a file is scored, a model published, taken or served.
faults:
    {{ python }} -m pytest -n 2 -m faults $(grep -l "mark\.faults" tests/test_*.py)

# Mutated contracts, cells, files and requests, each for 20 seconds or FUZZ_SECONDS.
fuzz:
    {{ python }} -m pytest -n 2 -m fuzz $(grep -l "mark\.fuzz" tests/test_*.py)

# A client in Node.
node:
    {{ python }} -m pytest -m node $(grep -l "mark\.node" tests/test_*.py)

# Tables from a PostgreSQL server.
postgres:
    {{ python }} -m pytest -m postgres $(grep -l "mark\.postgres\|store_url" tests/test_*.py)

# The same answer in every language, and each one detects a wrong file.
examples:
    {{ python }} examples/run.py
    {{ python }} examples/conformance.py

# The page on port 7860 or $PORT.
serve:
    {{ python }} app.py

# The files of a Hugging Face Space, in the folder `site`.
site:
    rm -rf site
    {{ python }} .github/stage_space.py site

# Starts the app as a Hugging Face Space does, on a processor and on ZeroGPU; port 7860 must be free.
space:
    {{ python }} deploy/start_space.py
    {{ python }} deploy/start_space.py --zero-gpu

# The oldest runtimes that the file supports.
old-runtimes:
    {{ python }} benchmarks/old_runtimes.py

# Checks that this code and data reproduce the artifacts.
rebuild:
    {{ python }} -m trainer --check

# The table of speed, with DuckDB beside this environment; on an idle machine. `just speed languages` is one case.
speed *arguments:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv pip install --quiet --target "$folder" "$(grep '^duckdb==' requirements/engines.txt)"
    PYTHONPATH="$folder" {{ python }} -m benchmarks.speed {{ arguments }}

# The benchmarks; on an idle machine.
bench: (speed "--large")
    {{ python }} benchmarks/serving.py
    {{ python }} -m benchmarks.gradio_memory
    {{ python }} -m benchmarks.compare_files
    {{ python }} -m benchmarks.customer_store
    {{ python }} -m benchmarks.drift
    {{ python }} -m benchmarks.structure --sizes 200 1000 --seeds 100 101 --rivals all

# The page's drawings and HTML beside libraries, in a separate environment; needs npm and Chromium.
drawing:
    #!/usr/bin/env bash
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    {{ python }} -m uv venv --quiet --python {{ python }} "$folder"
    {{ python }} -m uv pip install --quiet --python "$folder/bin/python" --require-hashes -r requirements/drawing.lock
    (cd benchmarks/drawing/client && npm ci --no-audit --no-fund && npm run build)
    "$folder/bin/python" -m benchmarks.drawing

# Everything that a release needs; then set the version in pyproject.toml and the date in CHANGELOG.md.
release: check light wheels notebooks-check docs deployment space evidently mcp clients mlflow signature browser timed node faults fuzz postgres engines spark spark-training examples old-runtimes rebuild coverage-check
