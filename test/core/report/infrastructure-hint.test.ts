import { expect, test } from '@jest/globals';
import { infrastructureHint, infrastructureTitle } from '../../../src/core/report/infrastructure-hint.ts';

test.each([
  'CouldntCreateWorkspacePVC',
  'CreateContainerConfigError',
  'CreateContainerError',
  'CreateRunFailed',
  'DeletionByPodGC',
  'DeletionByTaintManager',
  'ErrImageNeverPull',
  'EvictionByEvictionAPI',
  'ExceededNodeResources',
  'ExceededResourceQuota',
  'ImagePullBackOff',
  'InitContainerFailed',
  'InvalidImageName',
  'PipelineValidationFailed',
  'PodAdmissionFailed',
  'PodCreationFailed',
  'PodDeleted',
  'PodEvicted',
  'PreemptionByScheduler',
  'PullImageFailed',
  'ServiceNotReady',
  'SidecarOOM',
  'TaskRunImagePullFailed',
  'TerminationByKubelet',
  'Unschedulable',
])('%s is told in words, with what to do', (reason) => {
  const hint = infrastructureHint(reason);

  expect(hint?.sentence).toMatch(/^(a|an|no|the|Tekton) /);
  expect(hint?.hint).toMatch(/^[A-Z].*\.$/);
  expect(infrastructureTitle(reason)).toBe(`${hint?.sentence} (${reason})`);
});

test('a hint names the keys of .tekton-ci.yml only where they may be what is wrong', () => {
  expect(infrastructureHint('PullImageFailed')).toMatchObject({ byConfig: true });
  expect(infrastructureHint('EvictionByEvictionAPI')).toMatchObject({ byConfig: false });
});

test.each(['SomethingNew', '', 'constructor'])('%j stands for itself', (reason) => {
  expect(infrastructureHint(reason)).toBeNull();
  expect(infrastructureTitle(reason)).toBe(reason);
});
