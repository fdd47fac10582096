import { expect, test } from '@jest/globals';
import { only } from './documents.ts';
import { CREDENTIALS, describeChart, type Rendered, render } from './helm.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Every right on its own: `tekton.dev/pipelineruns get`. */
function rightsOf(role: Rendered): string[] {
  return (role.rules as Rule[])
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`)),
      ),
    )
    .toSorted();
}

function ofKind(documents: readonly Rendered[], kind: string): Rendered[] {
  return documents.filter((document) => document.kind === kind);
}

function placesOf(documents: readonly Rendered[], kind: string): string[] {
  return ofKind(documents, kind)
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .toSorted();
}

const SETTINGS = {
  namespace: 'builds',
  repositories: {
    '*': { serviceAccount: 'ci' },
    'acme/*': { namespace: 'acme' },
    'acme/api': { namespace: 'acme' },
    'other/site': { namespace: 'tekton-ci' },
    'third/*': { namespace: 'builds' },
  },
};

describeChart('the rights of the server', () => {
  test('are these and no others where runs are made', async () => {
    const role = only(await render({ credentials: CREDENTIALS }), 'Role', 'ci-tekton-ci-runs');

    expect(rightsOf(role)).toEqual([
      '/pods list',
      '/pods watch',
      '/pods/log get',
      '/secrets create',
      '/secrets delete',
      '/secrets update',
      'tekton.dev/customruns list',
      'tekton.dev/customruns watch',
      'tekton.dev/customruns/status patch',
      'tekton.dev/pipelineruns create',
      'tekton.dev/pipelineruns delete',
      'tekton.dev/pipelineruns get',
      'tekton.dev/pipelineruns list',
      'tekton.dev/pipelineruns patch',
      'tekton.dev/pipelineruns watch',
      'tekton.dev/taskruns list',
      'tekton.dev/taskruns watch',
    ]);
  });

  test('are to read the Secrets that the settings give to steps there, and no others', async () => {
    const settings = {
      namespace: 'builds',
      git: ['basic', { secret: 'gitlab', url: 'https://gitlab.example.com' }],
      repositories: {
        '*': { dockerconfig: 'registry', secrets: { A: { name: 'a', key: 'k' }, B: 'off' } },
        'acme/api': {
          namespace: 'acme',
          deploy: { kubeconfig: 'k8s' },
          secrets: { C: { name: 'c', key: 'k' } },
        },
        'acme/web': { deploy: 'off', dockerconfig: 'off' },
      },
    };

    const documents = await render({ credentials: CREDENTIALS, settings });

    const named = ofKind(documents, 'Role').flatMap(({ metadata, rules }) =>
      (rules as Rule[]).flatMap(({ resourceNames, verbs }) =>
        resourceNames === undefined ? [] : [[metadata.namespace, verbs.join(), ...resourceNames]],
      ),
    );
    expect(named.toSorted()).toEqual([
      ['acme', 'get', 'a', 'basic', 'c', 'gitlab', 'k8s', 'registry'],
      ['builds', 'get', 'a', 'basic', 'gitlab', 'registry'],
    ]);
  });

  test('are leases in its own namespace', async () => {
    const role = only(await render({ credentials: CREDENTIALS }), 'Role', 'ci-tekton-ci-lease');

    expect(role.metadata.namespace).toBe('tekton-ci');
    expect(rightsOf(role)).toEqual([
      'coordination.k8s.io/leases create',
      'coordination.k8s.io/leases get',
      'coordination.k8s.io/leases update',
    ]);
  });

  test('hold once in each namespace that the settings name', async () => {
    const documents = await render({ credentials: CREDENTIALS, settings: SETTINGS });

    const places = [
      'acme/ci-tekton-ci-runs',
      'builds/ci-tekton-ci-runs',
      'tekton-ci/ci-tekton-ci-lease',
      'tekton-ci/ci-tekton-ci-runs',
    ];
    expect(placesOf(documents, 'Role')).toEqual(places);
    expect(placesOf(documents, 'RoleBinding')).toEqual(places);
  });

  test.each([{}, { settings: {} }, { settings: null }, { settings: { repositories: {} } }])(
    'hold in the namespace ci when the values say %j',
    async (values) => {
      const documents = await render({ credentials: CREDENTIALS, ...values });

      expect(placesOf(documents, 'Role')).toEqual(['ci/ci-tekton-ci-runs', 'tekton-ci/ci-tekton-ci-lease']);
    },
  );

  test('are bound to the service account of the pod, whatever its name', async () => {
    for (const serviceAccount of [
      {},
      { name: 'server' },
      { create: false },
      { create: false, name: 'mine' },
    ]) {
      const documents = await render({ credentials: CREDENTIALS, serviceAccount });

      const name = (
        only(documents, 'Deployment').spec as { template: { spec: { serviceAccountName: string } } }
      ).template.spec.serviceAccountName;
      expect(ofKind(documents, 'ServiceAccount').map(({ metadata }) => metadata.name)).toEqual(
        serviceAccount.create === false ? [] : [name],
      );
      for (const { subjects, roleRef, metadata } of ofKind(documents, 'RoleBinding')) {
        expect(subjects).toEqual([{ kind: 'ServiceAccount', name, namespace: 'tekton-ci' }]);
        expect(roleRef).toMatchObject({ kind: 'Role', name: metadata.name });
      }
    }
  });

  test('reach no further than a namespace', async () => {
    const documents = await render({ credentials: CREDENTIALS, settings: SETTINGS });

    expect(ofKind(documents, 'ClusterRole')).toEqual([]);
    expect(ofKind(documents, 'ClusterRoleBinding')).toEqual([]);
    expect(JSON.stringify(documents.map(({ rules }) => rules))).not.toContain('*');
  });

  test('are for others to give when rbac.create is false', async () => {
    const documents = await render({ credentials: CREDENTIALS, rbac: { create: false } });

    expect(ofKind(documents, 'Role')).toEqual([]);
    expect(ofKind(documents, 'RoleBinding')).toEqual([]);
  });
});
