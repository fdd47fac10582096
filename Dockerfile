# The base needs Node 22.19 or newer, git and a POSIX shell are added. Any registry's copy will do:
#   docker build --build-arg BASE_IMAGE=node:24-alpine -t tekton-ci .
ARG BASE_IMAGE=node:24-alpine

FROM ${BASE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY bin bin
COPY src src
RUN npm run build && npm prune --omit=dev

FROM ${BASE_IMAGE}
ENV NODE_ENV=production TEKTON_CI_DATA=/data
WORKDIR /app
RUN if ! command -v git >/dev/null; then \
      if command -v apk >/dev/null; then apk add --no-cache git; \
      else apt-get update && apt-get install -y --no-install-recommends git ca-certificates && rm -rf /var/lib/apt/lists/*; fi; \
    fi && \
    mkdir -p /data && chown 65532:65532 /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY bin bin
USER 65532:65532
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["node", "/app/bin/tekton-ci.js"]
CMD ["server"]
