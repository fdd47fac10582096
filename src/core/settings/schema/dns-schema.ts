import type { z } from 'zod';
import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';
import { tell } from '../../config/schema/checks.ts';
import { plainList } from '../../config/schema/lists.ts';
import { closedMap, described, scalar } from '../../config/schema/scalar.ts';
import type { DnsConfig } from '../settings.ts';
import { hostName, ip } from './scalars.ts';

const DNS = 'a map of `nameservers`, `searches` and `options`';
const OPTIONS = 'a list of maps of `name` and `value`';

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec */
const MOST_NAMESERVERS = 3;
const MOST_SEARCHES = 32;

const option = closedMap(
  {
    name: described(scalar(readOption, 'the name of an option'), 'The name of the option.', {
      examples: ['ndots'],
    }),
    value: described(scalar(readOption, 'the value of an option'), 'Its value.').exactOptional(),
  },
  OPTIONS,
);

export const dnsConfig = closedMap(
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

/** Told of a pod template: without the name servers of the cluster it needs others. */
export function checkDns(map: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  if (map.dnsPolicy !== 'None') return;
  const { nameservers = [] } = (map.dnsConfig ?? {}) as DnsConfig; // whatever is no map has no name servers
  if (!Array.isArray(nameservers) || nameservers.length > 0) return;
  const message = '`dnsPolicy: None` leaves pods without name servers';
  const instead = 'add `dnsConfig: { nameservers: […] }` next to it';
  tell(context, { code: 'missing-key', message, instead }, ['dnsPolicy']);
}

function readOption(text: string): Reading<string> {
  return /^[A-Za-z0-9._:-]{1,100}$/.test(text)
    ? accept(text)
    : refuse('bad-value', `${quoted(text)} is no part of a resolver's option`);
}
