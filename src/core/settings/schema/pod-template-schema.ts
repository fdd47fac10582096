import { z } from 'zod';
import { LIMITS } from '../../config/limits.ts';
import { tellTooMany, WHENEVER_MAP } from '../../config/schema/checks.ts';
import { listOf, plainList } from '../../config/schema/lists.ts';
import { closedMap, described } from '../../config/schema/scalar.ts';
import type { HostAlias } from '../settings.ts';
import { checkDns, dnsConfig } from './dns-schema.ts';
import { boolean, hostName, ip, labelKey, labelValue, objectName, objectNameOrOff, word } from './scalars.ts';
import { tolerations } from './toleration-schema.ts';

const SECRETS = 'a list of names of Secrets';
const LABELS = 'a map of labels to values';
const ALIASES = 'a list of maps of `ip` and `hostnames`';

const nodeSelector = described(
  z
    .record(labelKey, labelValue, { error: LABELS })
    .superRefine((map, context) => tellTooMany(map, context, LIMITS.entries, 'labels'), WHENEVER_MAP),
  'Labels of the nodes that runs are placed on.',
  { examples: [{ 'node-role.kubernetes.io/ci': '' }] },
);

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

export const podTemplateKey = described(
  closedMap(
    {
      nodeSelector: nodeSelector.exactOptional(),
      tolerations: described(
        tolerations,
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
