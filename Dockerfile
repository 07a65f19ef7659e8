# The bot as an image: python -m bot run, as an unprivileged user who can write to /data and /keys only.
#
#   docker run --read-only --tmpfs /var/tmp --cap-drop ALL --security-opt no-new-privileges \
#     -v checkin-data:/data -v checkin-keys:/keys -v ./token:/run/secrets/token:ro \
#     -e CHECKIN_BOT_TOKEN_FILE=/run/secrets/token alliance-checkin

FROM python:3.12-slim AS build
RUN pip install --no-cache-dir --disable-pip-version-check uv
WORKDIR /build
COPY pyproject.toml requirements.lock ./
# What runs, without what develops: the versions and hashes of requirements.lock, taken over because the file that is
# written starts as its copy. A hash that is not in requirements.lock stops the build.
RUN cp requirements.lock runtime.lock \
  && uv pip compile --quiet pyproject.toml --extra postgres --constraint requirements.lock --generate-hashes \
    --no-emit-index-url --no-header --no-annotate --output-file runtime.lock >/dev/null \
  && grep -o 'sha256:[0-9a-f]*' requirements.lock >known \
  && ! grep -o 'sha256:[0-9a-f]*' runtime.lock | grep -vxFf known
RUN python -m venv --without-pip /venv \
  && uv pip sync --require-hashes --compile-bytecode --python /venv/bin/python runtime.lock

FROM python:3.12-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin checkin \
  && install -d -m 0700 -o checkin -g checkin /data /keys
COPY --from=build /venv /venv
WORKDIR /app
COPY alliance alliance
COPY storage storage
COPY workflows workflows
COPY handlers handlers
COPY console console
COPY sandbox sandbox
COPY bot bot
ENV PATH=/venv/bin:$PATH \
  PYTHONPATH=/app \
  PYTHONUNBUFFERED=1 \
  PYTHONDONTWRITEBYTECODE=1 \
  CHECKIN_DATA_DIR=/data \
  CHECKIN_ENCRYPTION_KEYS_FILE=/keys/checkin.keys
# Apart from each other on purpose: who copies the data has not copied the keys.
VOLUME /data /keys
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 CMD ["python", "-m", "bot", "check", "--running"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
