import { describe, expect, test } from '@jest/globals';
import { type Candidate, pushCandidate } from '../../../src/core/plan/candidate.ts';
import { type BranchConfig, type ConfigFile, chooseConfig } from '../../../src/core/plan/choose-config.ts';
import { pushEvent } from './examples.ts';

const OWN: ConfigFile = { oid: '1', text: 'node: 24\n' };
const MAIN: ConfigFile = { oid: '2', text: 'node: 24\ndeploy: ./helm\n' };
const BASE: ConfigFile = { oid: '3', text: 'node: 22\n' };
const INVALID: ConfigFile = { oid: '4', text: 'tset: 1\n' };
const UNREADABLE: BranchConfig = { unreadable: '.tekton-ci.yml of dev is a symlink: make it a file' };

function candidate(change: Partial<Candidate>): Candidate {
  return { ...(pushCandidate(pushEvent(), []) as Candidate), ...change };
}

const PUSHED = candidate({ purpose: 'verify' });
const GATED = candidate({ purpose: 'verify', gated: true });
const PUBLISHED = candidate({ purpose: 'publish' });
const FORK = candidate({ purpose: 'verify', gated: true, trust: 'untrusted', base: 'dev' });

function branches(main: BranchConfig, dev: BranchConfig = null): ReadonlyMap<string, BranchConfig> {
  return new Map([
    ['main', main],
    ['dev', dev],
  ]);
}

describe('the config that counts', () => {
  test.each([
    ["a trusted commit's own", PUSHED, OWN, branches(MAIN), OWN.text],
    ["a trusted commit's own, where the default branch has none", GATED, OWN, branches(null), OWN.text],
    ["the base's, whatever a stranger's commit brings", FORK, OWN, branches(MAIN, BASE), BASE.text],
    ["the base's, where a stranger's commit has none", FORK, null, branches(MAIN, BASE), BASE.text],
  ])('is %s', (_, of, config, others, text) => {
    expect(chooseConfig(of, { config, branches: others })).toMatchObject({ kind: 'config', text });
  });

  test.each([
    ['a push without one', PUSHED, null, branches(MAIN)],
    ['a pull request, where there is none at all', GATED, null, branches(null)],
    ["a stranger's, where there is none but his own", FORK, OWN, branches(null)],
  ])('is none: %s', (_, of, config, others) => {
    expect(chooseConfig(of, { config, branches: others })).toEqual({
      kind: 'nothing',
      reason: 'the commit has no .tekton-ci.yml',
    });
  });

  test.each([
    ['this commit', GATED, branches(MAIN), 'This commit has no .tekton-ci.yml: merge main, which has one.'],
    ['the base', FORK, branches(MAIN), 'The branch dev has no .tekton-ci.yml: merge main into it.'],
    [
      'a base that cannot be read',
      FORK,
      branches(MAIN, UNREADABLE),
      '.tekton-ci.yml of dev is a symlink: make it a file',
    ],
  ])('is missing, and the check says how to mend it: %s', (_, of, others, advice) => {
    expect(chooseConfig(of, { config: null, branches: others })).toEqual({ kind: 'unconfigured', advice });
  });
});

describe('what the default branch says of deploys', () => {
  test('counts for what is published', () => {
    const choice = chooseConfig(PUBLISHED, { config: OWN, branches: branches(MAIN) });

    expect(choice).toMatchObject({ rules: { projects: [{ deploy: [{ chart: 'helm' }] }] } });
  });

  test.each([
    ['a commit that is verified', PUSHED, MAIN],
    ['a default branch without a config', PUBLISHED, null],
    ['a default branch whose config is invalid', PUBLISHED, INVALID],
    ['a default branch whose config cannot be read', PUBLISHED, UNREADABLE],
  ])('is nothing for %s', (_, of, main) => {
    expect(chooseConfig(of, { config: OWN, branches: branches(main) })).toMatchObject({ rules: null });
  });
});
