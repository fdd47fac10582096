import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { quoted, type Refusal } from '../finding.ts';
import { LIMITS } from '../limits.ts';
import type { MapEntry, MapNode, NullNode, Span, YamlNode } from './yaml-node.ts';

export interface TreeProblem extends Refusal {
  readonly span: Span;
}

interface Build {
  readonly text: string;
  /** The latest node of each anchor; null while that node is being built. */
  readonly anchors: Map<string, YamlNode | null>;
  readonly problems: TreeProblem[];
}

/**
 * Turns composed YAML into our own tree: every scalar is its text, aliases of collections share their anchor's node (whose
 * place is where a mistake must be mended), merge keys are merged as YAML 1.1 says.
 */
export function buildTree(
  contents: Node,
  text: string,
): { root: YamlNode; problems: readonly TreeProblem[] } {
  const build: Build = { text, anchors: new Map(), problems: [] };
  return { root: nodeOf(build, contents), problems: build.problems };
}

function nodeOf(build: Build, node: Node): YamlNode {
  if (isAlias(node)) return aliased(build, node);
  const { anchor } = node as Scalar | YAMLMap; // what is no alias may have an anchor
  if (anchor !== undefined) build.anchors.set(anchor, null);
  const built = limited(build, unnamed(build, node));
  if (anchor !== undefined) build.anchors.set(anchor, built);
  return built;
}

function unnamed(build: Build, node: Node): YamlNode {
  const span = spanOf(build, node);
  if (isMap(node)) return mapOf(build, node, span);
  if (isSeq(node)) {
    const items = node.items.map((item) => nodeOf(build, item as Node)); // a composed list holds nodes only
    return { kind: 'list', items, span, size: sizeOf(items) };
  }
  const scalar = node as Scalar; // the only kind left
  if (isNull(scalar)) return { kind: 'null', span, size: 1 };
  return { kind: 'scalar', text: String(scalar.value), span, size: 1 };
}

function mapOf(build: Build, map: YAMLMap, span: Span): MapNode {
  const own = new Map<string, MapEntry>();
  const merged: MapNode[] = [];
  const seen = new Set<string>();
  // The composer makes no other pairs than these.
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    const key = spanOf(build, pair.key);
    const name = keyName(build, pair.key, key);
    const value = pair.value === null ? nullAt(key) : nodeOf(build, pair.value);
    if (name === undefined) continue;
    if (seen.has(name)) refuseDuplicate(build, name, key);
    else if (name === '<<' && isPlain(pair.key)) merged.push(...mergedMaps(build, value, key));
    else own.set(name, { key, value });
    seen.add(name);
  }
  // Set in this order, the map's own keys win over merged ones, and earlier merged maps over later ones.
  const inherited = merged.toReversed().flatMap((other) => [...other.entries]);
  const entries = new Map([...own, ...inherited, ...own]);
  return { kind: 'map', entries, span, size: sizeOf([...entries.values()].map((entry) => entry.value)) };
}

function keyName(build: Build, key: Node, span: Span): string | undefined {
  if (isScalar(key) && !isNull(key) && key.value !== '__proto__') return String(key.value);
  build.problems.push({
    code: 'bad-key',
    message: 'This cannot be a key',
    expected: 'a plain word before the colon',
    span,
  });
  return undefined;
}

function refuseDuplicate(build: Build, name: string, span: Span): void {
  const message = `${quoted(name)} is written twice in the same map`;
  build.problems.push({ code: 'duplicate-key', message, instead: 'keep one of the two', span });
}

function mergedMaps(build: Build, value: YamlNode, span: Span): MapNode[] {
  const maps = value.kind === 'list' ? value.items : [value];
  if (maps.every((map) => map.kind === 'map')) return [...maps];
  const message = '`<<` merges maps only';
  build.problems.push({
    code: 'bad-merge',
    message,
    expected: 'an alias of a map, or a list of such aliases',
    span,
  });
  return [];
}

function aliased(build: Build, alias: Alias): YamlNode {
  const span = spanOf(build, alias);
  const target = build.anchors.get(alias.source);
  // A single value may be right there and wrong here, so its place is the alias; what is inside a collection stays there.
  if (target?.kind === 'scalar' || target?.kind === 'null') return { ...target, span };
  if (target) return limited(build, target, span);
  const message =
    target === null
      ? `${quoted(`*${alias.source}`)} stands inside the value that it repeats`
      : `No ${quoted(`&${alias.source}`)} stands before this alias`;
  build.problems.push({ code: target === null ? 'recursive-alias' : 'unknown-alias', message, span });
  return nullAt(span);
}

/** Aliases of aliases grow without bound ("billion laughs"), so what they stand for is counted, not written out. */
function limited(build: Build, node: YamlNode, span: Span = node.span): YamlNode {
  if (node.size <= LIMITS.nodes) return node;
  // What follows may explode too, for the same reason: it is told once.
  if (build.problems.some(({ code }) => code === 'alias-explosion')) return nullAt(span);
  const message = `The aliases here stand for more than ${LIMITS.nodes} values`;
  build.problems.push({
    code: 'alias-explosion',
    message,
    instead: 'write the values out, or fewer of them',
    span,
  });
  return nullAt(span);
}

function spanOf(build: Build, node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end: start + build.text.slice(start, end).trimEnd().length };
}

function nullAt(span: Span): NullNode {
  return { kind: 'null', span, size: 1 };
}

function isNull(scalar: Scalar): boolean {
  return isPlain(scalar) && /^(?:|~|null|Null|NULL)$/.test(String(scalar.value));
}

function isPlain(node: Node): boolean {
  return isScalar(node) && (node.type === undefined || node.type === 'PLAIN');
}

function sizeOf(children: readonly YamlNode[]): number {
  return children.reduce((sum, child) => sum + child.size, 1);
}
