import { expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { secretTexts } from '../../../src/core/pipeline/secret-values.ts';

const auth = Buffer.from('robot:pa$$:word').toString('base64');
const pem = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
const docker = {
  auths: { 'ghcr.io': { auth, username: 'robot' }, 'quay.io': { password: 'other-password' } },
};
const kubeconfig = {
  clusters: [
    { name: 'prod', cluster: { server: 'https://k8s.example.com', 'certificate-authority-data': 'Q0E=' } },
  ],
  users: [{ name: 'ci', user: { token: 'a-token', 'client-key-data': Buffer.from(pem).toString('base64') } }],
};

test.each<[string, string, string, readonly string[]]>([
  ['a value is itself', 'token', 's3cr3t', ['s3cr3t']],
  ['a value of several lines is itself', 'key', pem, [pem]],
  ['a value that looks like YAML is itself', 'key', 'name: value', ['name: value']],
  ['a value that is broken YAML is itself', 'key', '{ [', ['{ [']],
  ['a user name is none', 'username', 'robot', []],
  ['an address is none', 'url', 'https://git.example.com', []],
  [
    'the configuration of docker has those of its registries',
    'config.json',
    JSON.stringify(docker),
    [auth, 'pa$$:word', 'other-password'],
  ],
  [
    'a kubeconfig has those of its users',
    'config',
    dump(kubeconfig),
    ['a-token', Buffer.from(pem).toString('base64'), pem],
  ],
  [
    "a cloud's key is itself, and what lets somebody in",
    'key.json',
    JSON.stringify({
      project_id: 'shop',
      private_key_id: '1',
      private_key: pem,
      nested: { client_secret: 's3cr3t' },
    }),
    [
      JSON.stringify({
        project_id: 'shop',
        private_key_id: '1',
        private_key: pem,
        nested: { client_secret: 's3cr3t' },
      }),
      pem,
      's3cr3t',
    ],
  ],
  [
    'YAML that is in itself is itself, and what lets somebody in',
    'key',
    '&a { token: s3cr3t, b: *a }',
    ['&a { token: s3cr3t, b: *a }', 's3cr3t'],
  ],
  [
    'another list of users is itself, with their passwords',
    'key',
    '{"users":[{"password":"s3cr3t","pin":"7777"}]}',
    ['{"users":[{"password":"s3cr3t","pin":"7777"}]}', 's3cr3t'],
  ],
  [
    'the configuration of docker without credentials is itself',
    'config.json',
    '{"auths":{}}',
    ['{"auths":{}}'],
  ],
])('%s', (_what, key, value, expected) => {
  expect(secretTexts(key, value)).toEqual(expected);
});
