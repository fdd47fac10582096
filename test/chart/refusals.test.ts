import { expect, test } from '@jest/globals';
import { CREDENTIALS, describeChart, refusal } from './helm.ts';

describeChart('the chart refuses', () => {
  test.each([
    ['a value that does not exist', { replica: 2 }, 'replica'],
    ['one further down', { image: { name: 'x' } }, 'name'],
    ['a number as text', { replicas: 'two' }, '/replicas'],
    ['a port that is none', { service: { port: 70_000 } }, '/service/port'],
    ['a digest that is none', { image: { digest: 'sha256:abc' } }, '/image/digest'],
    ['an address without a scheme', { url: 'ci.example.com' }, '/url'],
    ['a host with a scheme', { github: { host: 'https://github.example.com' } }, '/github/host'],
    ['a level of the log that does not exist', { log: { level: 'loud' } }, '/log/level'],
    ['root', { podSecurityContext: { runAsUser: 0 } }, '/podSecurityContext/runAsUser'],
    ['rights of its own in the security context', { podSecurityContext: { sysctls: [] } }, 'sysctls'],
    ['labels that select the pod', { podLabels: { 'app.kubernetes.io/name': 'x' } }, '/podLabels'],
    ['a misspelt key of the settings', { settings: { namspace: 'ci' } }, 'namspace'],
    [
      'a misspelt key of a repository',
      { settings: { repositories: { 'acme/*': { dockerConfig: 'x' } } } },
      'dockerConfig',
    ],
    ['a namespace that cannot be one', { settings: { namespace: 'CI' } }, '/settings/namespace'],
    [
      'a word that Helm does not read as one',
      { settings: { podTemplate: { nodeSelector: { gpu: true } } } },
      '/settings/podTemplate/nodeSelector/gpu',
    ],
    [
      'a namespace that is `off`',
      { settings: { repositories: { 'acme/*': { namespace: false } } } },
      '/settings/repositories/acme~1*/namespace',
    ],
  ])('%s', async (_title, values, words) => {
    const said = await refusal({ credentials: CREDENTIALS, ...values });

    expect(said).toContain("values don't meet the specifications of the schema");
    expect(said.replaceAll("'", '')).toContain(words);
  });

  test.each([
    ['missing credentials', { credentials: {} }, 'credentials are missing: set credentials.existingSecret'],
    ['half of the credentials', { credentials: { appId: 1, webhookSecret: 's' } }, 'credentials are missing'],
    [
      'credentials given twice',
      { credentials: { ...CREDENTIALS, webhookSecret: 's' } },
      'exclude each other: keep one of the two',
    ],
    ['replicas on the volume of one node', { replicas: 2 }, 'set persistence.accessModes to [ReadWriteMany]'],
    ['an ingress without a host', { ingress: { enabled: true } }, 'ingress.host is missing'],
  ])('%s, and says what to do', async (_title, values, words) => {
    expect(await refusal({ credentials: CREDENTIALS, ...values })).toContain(words);
  });

  test('a private key of the wrong shape without printing it', async () => {
    const credentials = { appId: 'not a number', privateKey: ['hush-hush'], webhookSecret: 'hush' };

    expect(await refusal({ credentials })).not.toContain('hush');
  });
});
