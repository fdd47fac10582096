const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity as a number: `500m` → 0.5, `1Gi` → 1073741824, `1e3` → 1000. What is no quantity counts nothing.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantityValue(quantity: string): number {
  const match = /^\+?(\d+\.?\d*|\.\d+)(?:[eE]([-+]?\d+)|([A-Za-z]+))?$/.exec(quantity);
  if (match === null) return 0;
  const [, digits = '0', exponent = '0', suffix] = match;
  return suffix === undefined ? Number(`${digits}e${exponent}`) : Number(digits) * (SUFFIXES[suffix] ?? 0);
}
