/** One measured thing. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 'MB/s' | 'KB' | 'requests' | '×';
  /** How it was measured, and what it is compared with. */
  readonly note?: string;
}

export function printTable(rows: readonly Row[]): void {
  const cells = rows.map(({ name, value, unit, note = '' }) => [name, `${format(value)} ${unit}`, note]);
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  for (const [name = '', value = '', note = ''] of cells) {
    console.log(`${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${note}`.trimEnd());
  }
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** @param share 0.5 for the median, 0.99 for what all but one in a hundred stay below */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
