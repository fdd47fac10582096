import { z } from 'zod';
import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';
import { LIMITS } from '../../config/limits.ts';
import { tell, tellTooMany, WHENEVER_MAP } from '../../config/schema/checks.ts';
import { listOf, plainList } from '../../config/schema/lists.ts';
import { closedMap, described, scalar } from '../../config/schema/scalar.ts';
import type { DnsConfig, HostAlias, Toleration } from '../settings.ts';
import { readLabelKey, readLabelValue } from '../values/kubernetes-names.ts';
import { IP, readHostName, readIp } from '../values/network.ts';
import { boolean, objectName, objectNameOrOff, word } from './scalars.ts';

const SECRETS = 'a list of names of Secrets';
const LABELS = 'a map of labels to values';
const TOLERATIONS = 'a list of maps of `key`, `operator`, `value`, `effect` and `tolerationSeconds`';
const ALIASES = 'a list of maps of `ip` and `hostnames`';
const DNS = 'a map of `nameservers`, `searches` and `options`';
const OPTIONS = 'a list of maps of `name` and `value`';

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec */
const MOST_NAMESERVERS = 3;
const MOST_SEARCHES = 32;

const labelKey = scalar(readLabelKey, 'the key of a label', { type: 'string' });
const labelValue = scalar(readLabelValue, 'the value of a label');
const hostName = scalar(readHostName, 'a host name', { type: 'string' });
const ip = scalar(readIp, IP, { type: 'string' });

const nodeSelector = described(
  z
    .record(labelKey, labelValue, { error: LABELS })
    .superRefine((map, context) => tellTooMany(map, context, LIMITS.entries, 'labels'), WHENEVER_MAP),
  'Labels of the nodes that runs are placed on.',
  { examples: [{ 'node-role.kubernetes.io/ci': '' }] },
);

const toleration = closedMap(
  {
    key: described(labelKey, 'The key of the taint; without it, every taint.').exactOptional(),
    operator: described(word(['Exists', 'Equal']), 'Whether the value matters.', {
      default: 'Equal',
    }).exactOptional(),
    value: described(labelValue, 'The value of the taint.').exactOptional(),
    effect: described(
      word(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
      'The effect of the taint; without it, every effect.',
    ).exactOptional(),
    tolerationSeconds: described(
      scalar(readSeconds, 'a number of seconds', { type: ['integer', 'string'] }),
      'How long a `NoExecute` taint is borne.',
    ).exactOptional(),
  },
  TOLERATIONS,
)
  .superRefine(checkToleration, WHENEVER_MAP)
  .superRefine(checkTaint)
  .transform((map): Toleration => map);

const pullSecret = z.union(
  [
    objectName('a Secret'),
    closedMap({ name: described(objectName('a Secret'), 'The name of the Secret.') }, SECRETS).transform(
      ({ name }) => name,
    ),
  ],
  { error: SECRETS },
);

const alias = closedMap(
  {
    ip: described(ip, 'The address.'),
    hostnames: described(listOf(hostName, 'a list of host names'), 'Names that stand for it.'),
  },
  ALIASES,
).transform((map): HostAlias => map);

const option = closedMap(
  {
    name: described(scalar(readOption, 'the name of an option'), 'The name of the option.', {
      examples: ['ndots'],
    }),
    value: described(scalar(readOption, 'the value of an option'), 'Its value.').exactOptional(),
  },
  OPTIONS,
);

const dnsConfig = closedMap(
  {
    nameservers: described(
      plainList(ip, 'a list of IP addresses', MOST_NAMESERVERS),
      'Name servers, at most three.',
    ).exactOptional(),
    searches: described(
      plainList(hostName, 'a list of domains', MOST_SEARCHES),
      'Domains that names without dots are looked for in.',
    ).exactOptional(),
    options: described(plainList(option, OPTIONS), 'Options of the resolver.', {
      examples: [[{ name: 'ndots', value: 2 }]],
    }).exactOptional(),
  },
  DNS,
).transform((map): DnsConfig => map);

export const podTemplateKey = described(
  closedMap(
    {
      nodeSelector: nodeSelector.exactOptional(),
      tolerations: described(
        plainList(toleration, TOLERATIONS),
        'Taints of nodes that runs bear, as Kubernetes writes them.',
      ).exactOptional(),
      imagePullSecrets: described(
        plainList(pullSecret, SECRETS),
        'Secrets that the images of steps and services are pulled with: names, or maps of `name`.',
      ).exactOptional(),
      hostAliases: described(
        plainList(alias, ALIASES),
        'Lines of `/etc/hosts`, besides those of services.',
      ).exactOptional(),
      runtimeClassName: described(
        objectNameOrOff('a runtime class'),
        'The runtime class, such as `gvisor`.',
      ).exactOptional(),
      priorityClassName: described(
        objectNameOrOff('a priority class'),
        'The priority class.',
      ).exactOptional(),
      schedulerName: described(objectNameOrOff('a scheduler'), 'The scheduler.').exactOptional(),
      dnsPolicy: described(
        word(['ClusterFirst', 'Default', 'None']),
        'Where names are looked up.',
      ).exactOptional(),
      dnsConfig: described(dnsConfig, 'How names are looked up.').exactOptional(),
      hostUsers: described(
        boolean,
        'False gives pods a user namespace of their own, where the cluster can.',
      ).exactOptional(),
    },
    'a map of keys of a pod template, such as `nodeSelector`',
  ).superRefine(checkDns, WHENEVER_MAP),
  "The pods of runs: the part of Tekton's pod template that lifts no restriction.",
);

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#scheduling */
function checkToleration(map: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  if (map.operator === 'Exists' && 'value' in map) {
    const message = '`Exists` looks at no value';
    tell(context, { code: 'conflicting-keys', message, instead: 'remove `value`' }, ['value']);
  }
  if ('tolerationSeconds' in map && map.effect !== 'NoExecute') {
    const message = '`tolerationSeconds` is for the effect `NoExecute` alone';
    const instead = 'remove it, or write `effect: NoExecute`';
    tell(context, { code: 'conflicting-keys', message, instead }, ['tolerationSeconds']);
  }
}

/** Told of a map without other problems only, since an unknown key may be what was meant. */
function checkTaint({ key, operator }: Toleration, context: z.RefinementCtx): void {
  if (key !== undefined || operator === 'Exists') return;
  const message = 'A toleration without `key` is for every taint, so its operator is `Exists`';
  tell(context, { code: 'missing-key', message, instead: 'add `key`, or `operator: Exists`' });
}

function checkDns(map: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  if (map.dnsPolicy !== 'None') return;
  const { nameservers = [] } = (map.dnsConfig ?? {}) as DnsConfig; // whatever is no map has no name servers
  if (!Array.isArray(nameservers) || nameservers.length > 0) return;
  const message = '`dnsPolicy: None` leaves pods without name servers';
  const instead = 'add `dnsConfig: { nameservers: […] }` next to it';
  tell(context, { code: 'missing-key', message, instead }, ['dnsPolicy']);
}

function readSeconds(text: string): Reading<number> {
  return /^\d{1,9}$/.test(text)
    ? accept(Number(text))
    : refuse('bad-value', `${quoted(text)} is not a number of seconds`);
}

function readOption(text: string): Reading<string> {
  return /^[A-Za-z0-9._:-]{1,100}$/.test(text)
    ? accept(text)
    : refuse('bad-value', `${quoted(text)} is no part of a resolver's option`);
}
