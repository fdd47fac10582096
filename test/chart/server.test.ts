import { expect, test } from '@jest/globals';
import { containerOf, deploymentOf, only, podOf } from './documents.ts';
import { CREDENTIALS, describeChart, type Rendered, refusal, render } from './helm.ts';

function variableOf(documents: readonly Rendered[], name: string): string | undefined {
  return containerOf(documents).env.find((variable) => variable.name === name)?.value;
}

function volumeOf(documents: readonly Rendered[], name: string): object | undefined {
  return podOf(documents).volumes.find((volume) => volume.name === name);
}

describeChart('the server of the chart', () => {
  test('satisfies the restricted pod security standard, and cannot write to its image', async () => {
    const documents = await render({ credentials: CREDENTIALS });

    expect(podOf(documents).securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(containerOf(documents).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const writable = containerOf(documents).volumeMounts.filter((mount) => !('readOnly' in mount));
    expect(writable.map(({ mountPath }) => mountPath)).toEqual(['/data', '/tmp']);
  });

  test('stays without root where the cluster chooses the user', async () => {
    const podSecurityContext = { runAsUser: null, runAsGroup: null, fsGroup: null };

    const documents = await render({ credentials: CREDENTIALS, podSecurityContext });

    expect(podOf(documents).securityContext).toEqual({
      runAsNonRoot: true,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  test('is asked how it is at the addresses that it answers, and has time to end', async () => {
    const documents = await render({ credentials: CREDENTIALS });

    expect(containerOf(documents)).toMatchObject({
      args: ['server'],
      ports: [{ name: 'http', containerPort: Number(variableOf(documents, 'PORT')) }],
      startupProbe: { httpGet: { path: '/healthz', port: 'http' } },
      livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
    });
    expect(podOf(documents).terminationGracePeriodSeconds).toBeGreaterThanOrEqual(5 + 10 + 5);
  });

  test('gets no variables from services, whose names would be those of its own settings', async () => {
    expect(podOf(await render({ credentials: CREDENTIALS }))).toMatchObject({ enableServiceLinks: false });
  });

  test('has its credentials from the Secret that is there, and its key as a file', async () => {
    const documents = await render({ credentials: CREDENTIALS });

    expect(documents.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(containerOf(documents).env.filter(({ valueFrom }) => valueFrom !== undefined)).toEqual([
      { name: 'APP_ID', valueFrom: { secretKeyRef: { name: 'github-app', key: 'APP_ID' } } },
      { name: 'WEBHOOK_SECRET', valueFrom: { secretKeyRef: { name: 'github-app', key: 'WEBHOOK_SECRET' } } },
    ]);
    expect(variableOf(documents, 'PRIVATE_KEY_PATH')).toBe('/etc/tekton-ci/credentials/private-key.pem');
    expect(volumeOf(documents, 'credentials')).toEqual({
      name: 'credentials',
      secret: {
        secretName: 'github-app',
        defaultMode: 0o440,
        items: [{ key: 'PRIVATE_KEY', path: 'private-key.pem' }],
      },
    });
  });

  test.each([12345678, '12345678'])(
    'has its credentials from the values, the number %j exactly',
    async (appId) => {
      const credentials = { appId, privateKey: 'a\nb\n', webhookSecret: '{{ "x" }} $HOME: #' };

      const documents = await render({ credentials });

      expect(only(documents, 'Secret').stringData).toEqual({
        APP_ID: '12345678',
        PRIVATE_KEY: 'a\nb\n',
        WEBHOOK_SECRET: '{{ "x" }} $HOME: #',
      });
      expect(JSON.stringify(only(documents, 'Deployment'))).not.toContain('$HOME');
    },
  );

  test('starts anew when its settings or credentials are others', async () => {
    const credentials = { appId: 1, privateKey: 'key', webhookSecret: 'one' };
    const sums = async (values: object) =>
      deploymentOf(await render({ credentials, ...values })).template.metadata.annotations ?? {};

    const before = await sums({});
    const settings = await sums({ settings: { timeout: '1h' } });
    const secret = await sums({ credentials: { ...credentials, webhookSecret: 'two' } });
    const url = await sums({ url: 'https://ci.example.com' });

    expect(settings['checksum/settings']).not.toBe(before['checksum/settings']);
    expect(settings['checksum/credentials']).toBe(before['checksum/credentials']);
    expect(secret['checksum/credentials']).not.toBe(before['checksum/credentials']);
    expect(url).toEqual(before);
  });

  test('executes runs on Tekton, with what else the operator tells it', async () => {
    const extraEnv = [{ name: 'TEKTON_CI_SWEEP_INTERVAL', value: '5' }];

    const documents = await render({ credentials: CREDENTIALS, extraEnv });

    expect(variableOf(documents, 'TEKTON_CI_SWEEP_INTERVAL')).toBe('5');
    expect(variableOf(documents, 'TEKTON_CI_ENGINE')).toBe('tekton');
  });

  test('may not be told twice what the chart says already', async () => {
    const values = {
      credentials: CREDENTIALS,
      url: 'https://a.example',
      github: { host: 'github.example.com' },
    };
    const own = containerOf(await render(values)).env.map(({ name }) => name);

    const said = await refusal({
      credentials: CREDENTIALS,
      extraEnv: own.map((name) => ({ name, value: '1' })),
    });

    expect(own.length).toBeGreaterThan(10);
    expect(said.match(/\/extraEnv\/\d+\/name/g)).toHaveLength(own.length);
  });
});

describeChart('the address of the server', () => {
  const host = 'ci.example.com';

  test.each([
    ['nothing', {}, undefined],
    ['url', { url: 'https://a.example/ci' }, 'https://a.example/ci'],
    ['an ingress', { ingress: { enabled: true, host } }, `http://${host}`],
    [
      'an ingress with a certificate',
      { ingress: { enabled: true, host, tlsSecret: 'c' } },
      `https://${host}`,
    ],
    ['both', { url: 'https://a.example', ingress: { enabled: true, host } }, 'https://a.example'],
    ['an ingress that is not made', { ingress: { host } }, undefined],
  ])('follows from %s', async (_title, values, expected) => {
    const documents = await render({ credentials: CREDENTIALS, ...values });

    expect(variableOf(documents, 'TEKTON_CI_URL')).toBe(expected);
  });
});

describeChart('the log store', () => {
  test('is a claim of the release, which the next pod waits for', async () => {
    const documents = await render({ credentials: CREDENTIALS });

    expect(only(documents, 'PersistentVolumeClaim')).toMatchObject({
      metadata: { name: 'ci-tekton-ci', annotations: { 'helm.sh/resource-policy': 'keep' } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
    });
    expect(volumeOf(documents, 'data')).toEqual({
      name: 'data',
      persistentVolumeClaim: { claimName: 'ci-tekton-ci' },
    });
    expect(deploymentOf(documents).strategy).toEqual({ type: 'Recreate' });
  });

  test('is a claim that is there already', async () => {
    const documents = await render({ credentials: CREDENTIALS, persistence: { existingClaim: 'logs' } });

    expect(documents.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
    expect(volumeOf(documents, 'data')).toMatchObject({ persistentVolumeClaim: { claimName: 'logs' } });
  });

  test('ends with the pod when the operator wants no claim', async () => {
    const documents = await render({ credentials: CREDENTIALS, persistence: { enabled: false } });

    expect(documents.filter(({ kind }) => kind === 'PersistentVolumeClaim')).toEqual([]);
    expect(volumeOf(documents, 'data')).toEqual({ name: 'data', emptyDir: { sizeLimit: '10Gi' } });
    expect(deploymentOf(documents).strategy).toMatchObject({ type: 'RollingUpdate' });
  });
});

describeChart('several replicas', () => {
  test('are kept from ending together', async () => {
    const persistence = { accessModes: ['ReadWriteMany'] };

    const documents = await render({ credentials: CREDENTIALS, replicas: 2, persistence });

    expect(deploymentOf(documents)).toMatchObject({
      replicas: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } },
    });
    expect(only(documents, 'PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1 });
  });

  test('are needed for a budget of disruptions, which would block a node with one', async () => {
    const documents = await render({ credentials: CREDENTIALS });

    expect(documents.filter(({ kind }) => kind === 'PodDisruptionBudget')).toEqual([]);
  });
});

describeChart('what is off by default', () => {
  test.each(['Ingress', 'NetworkPolicy', 'ServiceMonitor'])('includes the %s', async (kind) => {
    const documents = await render(
      { credentials: CREDENTIALS },
      '--api-versions',
      'monitoring.coreos.com/v1',
    );

    expect(documents.filter((document) => document.kind === kind)).toEqual([]);
  });

  test('includes a ServiceMonitor where the cluster does not know the kind', async () => {
    const documents = await render({ credentials: CREDENTIALS, serviceMonitor: { enabled: true } });

    expect(documents.filter(({ kind }) => kind === 'ServiceMonitor')).toEqual([]);
  });
});
