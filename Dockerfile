# The app in a slim image: `docker build -t customer-segmentation .` Every requirement is a wheel with a hash, so neither
# stage has or needs a compiler. docs/deploy.md says how to run it and what of it was tested.
FROM python:3.12-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements/store.lock deploy/remove_unused.py ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --require-hashes --only-binary :all: --no-compile -r store.lock \
    && /opt/venv/bin/python remove_unused.py \
    && /opt/venv/bin/python -m pip uninstall --yes pip
WORKDIR /app
COPY app.py LICENSE README.md ./
COPY artifacts artifacts
COPY inference inference
COPY customers customers
COPY service service
# Building the app once writes the byte code of what it imports.
RUN /opt/venv/bin/python -m compileall -q app.py inference service customers \
    && STORE=on STORE_PATH=/tmp/customers.sqlite \
       /opt/venv/bin/python -c "import app, os; app.build_app(app.Settings.from_environment(os.environ)).close()"

FROM python:3.12-slim-trixie
ARG COMMIT=
ENV COMMIT=$COMMIT \
    HOME=/tmp \
    PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORT=7860
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 7860
# Python handles it also as process 1, where the kernel drops a SIGTERM that has no handler.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/v1/health', timeout=4)"]
CMD ["python", "app.py"]
