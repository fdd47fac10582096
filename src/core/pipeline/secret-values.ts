import { load } from 'js-yaml';

/** Names of fields whose text lets somebody in, as those that docker, kubectl and clouds log in with have them. */
const SENSITIVE = /(?:auth|passwd|password|token|secret|credential|key|key-data)s?$/i;

/** Keys of Secrets whose values are no secrets: https://kubernetes.io/docs/concepts/configuration/secret/#basic-authentication-secret */
const PUBLIC_KEYS = new Set(['username', 'url', 'ca.crt', 'tls.crt', 'known_hosts']);

/**
 * The texts in a value of a Secret that must not be shown: the value, and of JSON or YAML the credentials in it, also decoded where they are
 * kept in base64. Of what docker and kubectl log in with (`config.json`, a kubeconfig) those alone: the rest of it tells where to.
 */
export function secretTexts(key: string, value: string): readonly string[] {
  if (PUBLIC_KEYS.has(key)) return [];
  const content = parsed(value);
  const inside = sensitive(content);
  return inside.length > 0 && isLogin(content) ? inside : [value, ...inside];
}

/** https://docs.docker.com/reference/cli/docker/login/#credential-stores, https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig */
function isLogin(content: unknown): boolean {
  if (typeof content !== 'object' || content === null) return false;
  return 'auths' in content || ('clusters' in content && 'users' in content);
}

function parsed(value: string): unknown {
  try {
    return load(value);
  } catch {
    return null;
  }
}

/** `seen`: anchors of YAML let one thing be in many places, and in itself. */
function sensitive(value: unknown, seen = new Set<object>()): string[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([field, inner]) => {
    if (typeof inner !== 'string') return sensitive(inner, seen);
    return SENSITIVE.test(field) && inner !== '' ? [inner, ...decoded(inner)] : [];
  });
}

/** `user:password`, or a private key. */
function decoded(text: string): string[] {
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(text) || text.length % 4 !== 0) return [];
  const plain = atob(text);
  return /^[\t\n\r -~]+$/.test(plain) ? [plain.replace(/^[^:\n]*:(?=[^\n]+$)/, '')] : [];
}
