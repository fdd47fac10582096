import { lastPartOfImage } from './values/image-reference.ts';

/** What we know of a service by its image: when it is ready, and what it needs to start at all. */
export interface KnownService {
  /** A shell command that succeeds once the service is ready, or the port that then answers (images without a shell). */
  readonly ready: { readonly command: string } | { readonly port: number };
  /** Set when the config sets none of `unless`: without it the image refuses to start. */
  readonly env?: Readonly<Record<string, string>>;
  readonly unless?: readonly string[];
  /** Arguments without which the image only prints its help. */
  readonly args?: readonly string[];
}

const POSTGRES: KnownService = {
  ready: { command: `pg_isready -h 127.0.0.1 -U "\${POSTGRES_USER:-postgres}"` },
  env: { POSTGRES_HOST_AUTH_METHOD: 'trust' },
  unless: ['POSTGRES_PASSWORD', 'POSTGRES_PASSWORD_FILE', 'POSTGRES_HOST_AUTH_METHOD'],
};

const MYSQL: KnownService = {
  // Over TCP: the server that only prepares the data listens on the socket alone.
  ready: { command: 'mysqladmin ping -h 127.0.0.1 --silent' },
  env: { MYSQL_ALLOW_EMPTY_PASSWORD: 'yes' },
  unless: [
    'MYSQL_ROOT_PASSWORD',
    'MYSQL_RANDOM_ROOT_PASSWORD',
    'MYSQL_ALLOW_EMPTY_PASSWORD',
    'MYSQL_ROOT_PASSWORD_FILE',
  ],
};

const MARIADB: KnownService = {
  ready: {
    command: 'healthcheck.sh --connect --innodb_initialized || mariadb-admin ping -h 127.0.0.1 --silent',
  },
  env: { MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: 'yes' },
  unless: [
    'MARIADB_ROOT_PASSWORD',
    'MARIADB_ROOT_PASSWORD_HASH',
    'MARIADB_RANDOM_ROOT_PASSWORD',
    'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD',
    ...(MYSQL.unless ?? []),
  ],
};

const ELASTICSEARCH: KnownService = {
  ready: { command: 'curl -fsS "http://127.0.0.1:9200/_cluster/health?wait_for_status=yellow&timeout=1s"' },
  env: { 'discovery.type': 'single-node', 'xpack.security.enabled': 'false' },
  unless: ['discovery.type'],
};

const OPENSEARCH: KnownService = {
  ...ELASTICSEARCH,
  env: {
    'discovery.type': 'single-node',
    DISABLE_SECURITY_PLUGIN: 'true',
    DISABLE_INSTALL_DEMO_CONFIG: 'true',
  },
};

/** By the last part of the image's name, so that mirrors and forks are known too. */
const KNOWN_SERVICES: ReadonlyMap<string, KnownService> = new Map(
  Object.entries({
    postgres: POSTGRES,
    postgis: POSTGRES,
    pgvector: POSTGRES,
    timescaledb: POSTGRES,
    mysql: MYSQL,
    mariadb: MARIADB,
    redis: { ready: { command: 'redis-cli ping | grep -q PONG' } },
    valkey: { ready: { command: 'valkey-cli ping | grep -q PONG' } },
    mongo: {
      ready: {
        command:
          'mongosh --quiet --eval "db.adminCommand(\'ping\').ok" || mongo --quiet --eval "db.adminCommand(\'ping\').ok"',
      },
    },
    rabbitmq: { ready: { command: 'rabbitmq-diagnostics -q check_port_connectivity' } },
    nats: { ready: { port: 4222 } },
    elasticsearch: ELASTICSEARCH,
    opensearch: OPENSEARCH,
    minio: { ready: { port: 9000 }, args: ['server', '/data'] },
    memcached: { ready: { port: 11211 } },
    'clickhouse-server': { ready: { command: 'clickhouse-client --query "SELECT 1"' } },
    kafka: { ready: { port: 9092 } },
    zookeeper: { ready: { port: 2181 } },
    registry: { ready: { port: 5000 } },
    mailpit: { ready: { port: 1025 } },
  } satisfies Record<string, KnownService>),
);

/** Names of the images that need no `ready`. */
export const KNOWN_SERVICE_NAMES: readonly string[] = [...KNOWN_SERVICES.keys()];

/** What we know of the image, whatever registry or tag it has; undefined when the config must say `ready`. */
export function knownService(image: string): KnownService | undefined {
  return KNOWN_SERVICES.get(lastPartOfImage(image));
}
