import type { S3Address } from './logs/s3-objects.ts';

/** Where logs are kept: in the data folder, or in a bucket. */
export type LogStoreSetting = { readonly kind: 'disk' } | ({ readonly kind: 's3' } & S3Address);

type Environment = Readonly<Record<string, string | undefined>>;

/** What AWS' own tools take when nothing names a region. */
const REGION = 'us-east-1';

/** Letters in upper case and underscores are not AWS', but some of the compatible stores have them. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/;
/** Plain enough to be in addresses and file names as it is. */
const PREFIX = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;

/** Reads `TEKTON_CI_LOG_STORE`, and what belongs to it; what is wrong is added to the problems. */
export function readLogStoreSetting(env: Environment, problems: string[]): LogStoreSetting {
  const text = env.TEKTON_CI_LOG_STORE || 'disk';
  if (text !== 'disk') return { kind: 's3', ...readBucket(text, problems), ...readServer(env, problems) };
  for (const name of ['TEKTON_CI_S3_ENDPOINT', 'TEKTON_CI_S3_REGION', 'TEKTON_CI_S3_PATH_STYLE'])
    if (env[name])
      problems.push(`${name} is set, but TEKTON_CI_LOG_STORE names no bucket: s3://bucket/prefix`);
  return { kind: 'disk' };
}

function readBucket(text: string, problems: string[]): Pick<S3Address, 'bucket' | 'prefix'> {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]*)(?:\/(.*?))?\/?$/.exec(text) ?? [];
  if (!BUCKET.test(bucket) || (prefix !== '' && !PREFIX.test(prefix)))
    problems.push(`TEKTON_CI_LOG_STORE must be disk or s3://bucket or s3://bucket/prefix, not "${text}"`);
  return { bucket, prefix };
}

function readServer(
  env: Environment,
  problems: string[],
): Pick<S3Address, 'region' | 'endpoint' | 'pathStyle'> {
  const endpoint = readEndpoint(env, problems);
  const pathStyle = env.TEKTON_CI_S3_PATH_STYLE || String(endpoint !== undefined);
  if (!['true', 'false'].includes(pathStyle))
    problems.push(`TEKTON_CI_S3_PATH_STYLE must be true or false, not "${pathStyle}"`);
  return {
    region: env.TEKTON_CI_S3_REGION || env.AWS_REGION || REGION,
    ...(endpoint !== undefined && { endpoint }),
    pathStyle: pathStyle === 'true',
  };
}

function readEndpoint(env: Environment, problems: string[]): string | undefined {
  const endpoint = env.TEKTON_CI_S3_ENDPOINT;
  if (!endpoint) return undefined;
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint))
    problems.push(`TEKTON_CI_S3_ENDPOINT must be an http or https address, not "${endpoint}"`);
  return endpoint;
}
