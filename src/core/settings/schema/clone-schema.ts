import { z } from 'zod';
import { accept, type Reading } from '../../config/finding.ts';
import { tellDuplicates, WHENEVER_LIST } from '../../config/schema/checks.ts';
import { listOf, plainList } from '../../config/schema/lists.ts';
import { closedMap, described, NO_BOOLEAN, scalar } from '../../config/schema/scalar.ts';
import { PATH, readPath } from '../../config/values/path.ts';
import type { GitCredential } from '../settings.ts';
import { readObjectName } from '../values/kubernetes-names.ts';
import { GIT_ADDRESS, NO_PROXY, PROXY, readGitAddress, readNoProxy, readProxy } from '../values/network.ts';
import { readUnlessOff } from '../values/off.ts';
import { REFSPEC, readRefspec } from '../values/refspec.ts';
import { REPOSITORY, REPOSITORY_PATTERN, readRepository } from '../values/repository.ts';
import { boolean, objectName } from './scalars.ts';

const GIT = 'the name of a Secret, a map of `secret` and `url`, a list of these, or `off`';
const SUBMODULES = 'a list of repositories such as `acme/common`, or `off`';
const NO_PROXIES = 'a list of hosts, domains and ranges of addresses, or `off`';

const proxy = scalar((text) => readUnlessOff(text, readProxy), `${PROXY}, or \`off\``, NO_BOOLEAN);

export const cloneKey = described(
  closedMap(
    {
      sslVerify: described(boolean, 'Whether the certificate of the Git server is verified.', {
        default: true,
      }).exactOptional(),
      httpProxy: described(proxy, 'The proxy for `http` addresses.').exactOptional(),
      httpsProxy: described(proxy, 'The proxy for `https` addresses.', {
        examples: ['http://proxy.example.com:3128'],
      }).exactOptional(),
      noProxy: described(
        z.union([scalar(readNoProxyText, NO_PROXIES), noProxyList()], { error: NO_PROXIES }),
        'Where no proxy is used: a list, or text with commas.',
        { examples: [['.example.com', '10.0.0.0/8']] },
      ).exactOptional(),
      refspec: described(
        listOf(scalar(readRefspec, REFSPEC), REFSPEC),
        'What is fetched besides the commit.',
        { examples: ['+refs/heads/main:refs/remotes/origin/main'] },
      ).exactOptional(),
      subdirectory: described(
        scalar(readPath, PATH),
        'The directory of the workspace that the repository is cloned into.',
        { default: '.' },
      ).exactOptional(),
    },
    'a map of `sslVerify`, `httpProxy`, `httpsProxy`, `noProxy`, `refspec` and `subdirectory`',
  ),
  'How repositories are cloned, besides what a repository says itself.',
);

const credential = closedMap(
  {
    secret: described(objectName('a Secret'), 'The name of a Secret of type `kubernetes.io/basic-auth`.'),
    url: described(scalar(readGitAddress, GIT_ADDRESS), 'The beginning of the addresses that it is for.', {
      examples: ['https://gitlab.example.com'],
    }).exactOptional(),
  },
  GIT,
).transform((map): GitCredential => map);

export const gitKey = described(
  z.union(
    [
      scalar(readGit, GIT, NO_BOOLEAN),
      credential.transform((one): readonly GitCredential[] => [one]),
      plainList(
        z.union([objectName('a Secret').transform((secret): GitCredential => ({ secret })), credential], {
          error: GIT,
        }),
        GIT,
      ).superRefine(checkAddresses, WHENEVER_LIST),
    ],
    { error: GIT },
  ),
  "Credentials of the clone step besides the app's own token, such as for submodules of other servers. Without `url` they are for the repository's own host.",
  {
    default: 'off',
    examples: ['basic-git-user-pass', { secret: 'gitlab', url: 'https://gitlab.example.com' }],
  },
);

const repository = scalar(readRepository, REPOSITORY, { type: 'string', pattern: REPOSITORY_PATTERN });

export const submodulesKey = described(
  z.union(
    [
      scalar(readSubmodule, SUBMODULES, { type: 'string' }),
      plainList(repository, SUBMODULES).superRefine(
        (list, context) => tellDuplicates(list, context),
        WHENEVER_LIST,
      ),
    ],
    { error: SUBMODULES },
  ),
  "Repositories that the token of a trusted run may read besides the run's own, for submodules. The app must be installed there.",
  { default: 'off', examples: [['acme/common']] },
);

function noProxyList() {
  return plainList(scalar(readNoProxy, NO_PROXY), NO_PROXIES).transform((list): string => list.join(','));
}

function readNoProxyText(text: string): Reading<string> {
  return readUnlessOff(text, (list) => {
    const items = list.split(/[\s,]+/).filter((item) => item !== '');
    const refused = items.map(readNoProxy).find((read) => !read.ok);
    return refused ?? accept(items.join(','));
  });
}

function readGit(text: string): Reading<readonly GitCredential[]> {
  const read = readUnlessOff(text, readObjectName);
  if (!read.ok) return read;
  return accept(read.value === 'off' ? [] : [{ secret: read.value }]);
}

function readSubmodule(text: string): Reading<readonly string[]> {
  const read = readUnlessOff(text, readRepository);
  if (!read.ok) return read;
  return accept(read.value === 'off' ? [] : [read.value]);
}

/** Two credentials for one address: nobody could say which is used. */
function checkAddresses(list: readonly unknown[], context: z.RefinementCtx): void {
  // Items with problems may be anything.
  const addresses = list.map(
    (item) => (item as Partial<GitCredential> | null)?.url ?? "the repository's own host",
  );
  tellDuplicates(addresses, context, { instead: 'give each credential its own `url`' });
}
