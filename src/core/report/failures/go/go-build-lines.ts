import type { Finding, Place } from '../finding.ts';
import { readPlacedLine } from '../placed-line.ts';
import { readGoDownload } from './go-downloads.ts';

/** Who speaks of the package that a header names. */
export type GoSpeaker = 'compiler' | 'vet';

/** `# example.com/shop/tax [example.com/shop/tax.test]`; below it vet writes `# [example.com/shop/tax]`. */
const HEADER = /^# \[?[^\s[\]]{1,500}\]?(?: \[[^\s[\]]{1,500}\])?$/;
/** Tests, and the go command's own words, end what is said of a package. */
const ENDS = /^(?:FAIL|ok|PASS|\?|---|===|go:)(?:[\s:]|$)/;
/** `order.go:3:2: undefined: x (typecheck)` is golangci-lint's. */
const LINTER = / \([a-z][a-z0-9_-]{1,40}\)$/i;
/** What the go command says of imports; all else that has a place and no header is vet's, or a linter's. */
const OF_IMPORTS =
  /^(?:no required module|missing go\.sum|package \S{1,300} is not in|cannot find|import |pattern |found packages|build constraints|use of |expected |could not import|module |malformed )/;
/** What the go command says of all packages at once. `go: downloading …` is no failure, and after `:` more is said. */
const WORDS =
  /^(?:go: (?!(?:downloading|finding|found|extracting|added|upgraded|downgraded|removed|creating|to|warning|trying)\b).*[^:]|pattern \S{1,300}: .*|stat \S{1,1000}: directory not found)$/;
const CHAIN = /^package \S{1,300}$/;
const REASON =
  /(?<reason>import cycle not allowed|undefined reference to .{1,300}|ld: cannot find .{1,300})$/;

/** What is said of a whole package, by the linker or by cgo. */
const OF_PACKAGE =
  /(?:\/link: |: running \S{1,200} failed|relocation target |undefined reference|: function main is undeclared|\/cgo: |^cgo: |^ld: |^# cgo )/;

export function isOfGoPackage(text: string): boolean {
  return OF_PACKAGE.test(text);
}

/** Null when the line is no header. */
export function readGoHeader(text: string): GoSpeaker | null {
  if (!text.startsWith('# ') || !HEADER.test(text)) return null;
  return text.startsWith('# [') ? 'vet' : 'compiler';
}

/** Whether what is said of a package ends before the line. */
export function isGoHeaderOver(text: string): boolean {
  return text === '' || ENDS.test(text);
}

/** What the linker's words, or a chain of imports, end in. */
export function readGoReason(text: string): string | null {
  return REASON.exec(text)?.groups?.reason ?? null;
}

/** `package example.com/shop/loop/a`, below which its imports are told. */
export function isGoChain(text: string): boolean {
  return text.startsWith('package ') && CHAIN.test(text);
}

export function isGoWord(text: string): boolean {
  return WORDS.test(text);
}

export interface GoError extends Pick<Finding, 'kind' | 'name'> {
  readonly place: Place;
}

/** `vet: bill/bill.go:3:12: expected ')'`, `go.mod:6: usage: require module/path v1.2.3` */
export function readGoError(text: string, speaker: GoSpeaker | null): GoError | null {
  if (!text.includes('.go:') && !text.includes('go.mod:') && !text.includes('go.work:')) return null;
  const isChecked = text.startsWith('vet: ');
  const placed = readPlacedLine(isChecked ? text.slice('vet: '.length) : text);
  if (placed === null || readGoDownload(text) !== null) return null;
  const { place } = placed;
  // Below it is told how.
  const name = placed.text.replace(/; to add(?: it)?:$/, '');
  const isSource = place.path.endsWith('.go');
  if (isSource && speaker === null && (place.column === undefined || LINTER.test(name))) return null;
  const isCompiler = isChecked || speaker === 'compiler' || !isSource || OF_IMPORTS.test(name);
  return { kind: isCompiler ? 'compile' : 'lint', name, place };
}
