const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * A Kubernetes quantity as a number: `500m` → 0.5, `1Gi` → 1073741824.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantityValue(quantity: string): number {
  const [, digits = '0', suffix = ''] = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  return Number(digits) * (SUFFIXES[suffix] ?? 1);
}
