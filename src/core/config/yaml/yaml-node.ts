/** Offsets into the text, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface ScalarNode {
  readonly kind: 'scalar';
  /** As written: `1.20` stays "1.20", `off` stays "off". */
  readonly text: string;
  readonly span: Span;
  readonly size: 1;
}

/** A key without a value, `~` or `null`. */
export interface NullNode {
  readonly kind: 'null';
  readonly span: Span;
  readonly size: 1;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly span: Span;
  readonly size: number;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly span: Span;
  readonly size: number;
}

export interface MapEntry {
  readonly key: Span;
  readonly value: YamlNode;
}

/** YAML with aliases and merge keys resolved and every scalar as its text. `size` counts nodes, aliased ones each time. */
export type YamlNode = ScalarNode | NullNode | ListNode | MapNode;

/** What a person calls each kind. */
export const KIND_NAMES = { scalar: 'single value', null: 'null', list: 'list', map: 'map' } as const;

export type Path = readonly (string | number)[];

/** The value as schemas read it: text, null, arrays and plain objects. */
export function toPlain(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.text;
    case 'null':
      return null;
    case 'list':
      return node.items.map(toPlain);
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
  }
}

/** The node at `path`; undefined where there is none. */
export function nodeAt(root: YamlNode, path: Path): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const segment of path) node = node === undefined ? undefined : childOf(node, segment);
  return node;
}

/**
 * Where a person should look for `path`. A scalar is its own place; a collection or a missing value is found by its key,
 * since its text may go on for pages; what is not there at all is found by its nearest parent.
 */
export function placeOf(root: YamlNode, path: Path, want: 'key' | 'value'): Span {
  const parent = path.length === 0 ? undefined : nodeAt(root, path.slice(0, -1));
  const last = path.at(-1);
  const node = parent === undefined || last === undefined ? undefined : childOf(parent, last);
  if (node === undefined) return path.length === 0 ? firstOf(root) : placeOf(root, path.slice(0, -1), want);
  const key = parent?.kind === 'map' ? parent.entries.get(String(last))?.key : undefined;
  const byKey = want === 'key' || node.kind !== 'scalar';
  return byKey && key !== undefined ? key : firstOf(node);
}

function childOf(node: YamlNode, segment: string | number): YamlNode | undefined {
  if (node.kind === 'map') return node.entries.get(String(segment))?.value;
  return node.kind === 'list' ? node.items[Number(segment)] : undefined;
}

/** The first key of a map, the first character of a list, the whole of anything else. */
function firstOf(node: YamlNode): Span {
  if (node.kind === 'map') return [...node.entries.values()][0]?.key ?? node.span;
  return node.kind === 'list' ? { start: node.span.start, end: node.span.start + 1 } : node.span;
}
