import { expect, test } from '@jest/globals';
import { readLogStoreSetting } from '../src/log-store-setting.ts';

const S3 = { kind: 's3', bucket: 'logs', prefix: '', region: 'us-east-1', pathStyle: false };

test.each([
  [{}, { kind: 'disk' }],
  [{ TEKTON_CI_LOG_STORE: 'disk', AWS_REGION: 'eu-west-1' }, { kind: 'disk' }],
  [{ TEKTON_CI_LOG_STORE: 's3://logs' }, S3],
  [{ TEKTON_CI_LOG_STORE: 's3://logs/ci/prod/' }, { ...S3, prefix: 'ci/prod' }],
  [
    { TEKTON_CI_LOG_STORE: 's3://logs', AWS_REGION: 'eu-west-1' },
    { ...S3, region: 'eu-west-1' },
  ],
  [
    { TEKTON_CI_LOG_STORE: 's3://logs', TEKTON_CI_S3_REGION: 'eu-1', AWS_REGION: 'eu-west-1' },
    { ...S3, region: 'eu-1' },
  ],
  [
    { TEKTON_CI_LOG_STORE: 's3://logs', TEKTON_CI_S3_ENDPOINT: 'http://minio:9000' },
    { ...S3, endpoint: 'http://minio:9000', pathStyle: true },
  ],
  [
    {
      TEKTON_CI_LOG_STORE: 's3://logs',
      TEKTON_CI_S3_ENDPOINT: 'https://s3.example.com',
      TEKTON_CI_S3_PATH_STYLE: 'false',
    },
    { ...S3, endpoint: 'https://s3.example.com' },
  ],
])('%j', (env, expected) => {
  const problems: string[] = [];

  expect(readLogStoreSetting(env, problems)).toEqual(expected);
  expect(problems).toEqual([]);
});

test.each([
  [
    { TEKTON_CI_LOG_STORE: 's3' },
    'TEKTON_CI_LOG_STORE must be disk or s3://bucket or s3://bucket/prefix, not "s3"',
  ],
  [{ TEKTON_CI_LOG_STORE: 's3://' }, 'TEKTON_CI_LOG_STORE must be'],
  [{ TEKTON_CI_LOG_STORE: 's3://logs//a' }, 'TEKTON_CI_LOG_STORE must be'],
  [{ TEKTON_CI_LOG_STORE: 's3://logs/a b' }, 'TEKTON_CI_LOG_STORE must be'],
  [
    { TEKTON_CI_LOG_STORE: 's3://logs', TEKTON_CI_S3_ENDPOINT: 'minio:9000' },
    'TEKTON_CI_S3_ENDPOINT must be an http or https address, not "minio:9000"',
  ],
  [
    { TEKTON_CI_LOG_STORE: 's3://logs', TEKTON_CI_S3_PATH_STYLE: 'yes' },
    'TEKTON_CI_S3_PATH_STYLE must be true or false, not "yes"',
  ],
  [
    { TEKTON_CI_S3_ENDPOINT: 'http://minio:9000' },
    'TEKTON_CI_S3_ENDPOINT is set, but TEKTON_CI_LOG_STORE names no bucket',
  ],
])('%j is wrong', (env, problem) => {
  const problems: string[] = [];
  readLogStoreSetting(env, problems);

  expect(problems).toEqual([expect.stringContaining(problem)]);
});
