# The server. Any base with Node 22.19 or newer and npm will do; nothing is installed into it.
# The default has no git, which only the local engine needs: docker build --build-arg BASE_IMAGE=docker.io/library/node:24 .
ARG BASE_IMAGE=docker.io/library/node:24-bookworm-slim

FROM ${BASE_IMAGE} AS build
# npm's registry, where it is not the public one.
ARG NPM_CONFIG_REGISTRY
WORKDIR /app
COPY package.json package-lock.json ./
# No package's script is needed, and that of the package "node" would fetch a second Node.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json && \
    npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${BASE_IMAGE}
ENV NODE_ENV=production TEKTON_CI_DATA=/data
WORKDIR /app
RUN mkdir /data && chown 65532:65532 /data
COPY package.json LICENSE ./
COPY bin bin
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER 65532:65532
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["node", "/app/bin/tekton-ci.js"]
CMD ["server"]
