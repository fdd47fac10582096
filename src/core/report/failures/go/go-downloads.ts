import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Place } from '../finding.ts';
import { readPlacedLine } from '../placed-line.ts';

/** Lines below one error. */
const MOST_LINES = 12;
const MOST_MODULES = 500;

/** `github.com/google/uuid@v1.6.0: reading https://…: 404 Not Found`, `verifying github.com/…@v1.6.0/go.mod: checksum mismatch` */
const DOWNLOAD =
  /^(?:verifying )?(?:module )?(?<module>[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){1,5}\/[^\s:@]{1,300}?)(?<version>@[^\s:/]{1,200})?(?:\/go\.mod)?: (?<reason>(?:module \S{1,300}: )?(?:reading |Get "|checksum mismatch|invalid version|unrecognized import path|unexpected status|git |create zip|verifying |stream error|dial |net\/http).*)$/;
/** Few lines have one of these. */
const REASON =
  /: (?:reading |Get "|checksum mismatch|invalid version|unrecognized import path|unexpected status|git |create zip|verifying |stream error|dial |net\/http)/;
/** `reading https://…: 404 Not Found`, `Get "https://…": dial tcp: …`: the address is long and says little. */
const ASKED = /^(?:module \S{1,300}: )?(?:reading \S{1,1000}:|Get "[^"]{1,1000}":) (?<answer>.*)$/;

interface Download {
  readonly what: string;
  readonly reason: string;
  readonly place: Place | null;
}

/**
 * Modules that cannot be had, by go of any subcommand.
 *
 * @see https://go.dev/ref/mod#goproxy-protocol
 */
export const goDownloads: FailureParser = {
  name: 'go modules',
  commands: /\bgo\s+(?:build|generate|get|install|list|mod|run|test|tool|vet|work)\b|\bgotestsum\b/,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  const seen = new Set<string>();
  let open: (Download & { readonly line: number; readonly more: string[] }) | null = null;
  const close = () => {
    if (open === null) return;
    const { what, reason, place, line, more } = open;
    open = null;
    const answer =
      more.find((one) => one.startsWith('fatal: ')) ?? ASKED.exec(reason)?.groups?.answer ?? reason;
    const name = `${what}: ${answer}`;
    if (seen.has(name) || seen.size > MOST_MODULES) return;
    seen.add(name);
    findings.add({ kind: 'download', name, message: [reason, ...more].join('\n'), place, line });
  };
  return {
    line(text, number) {
      if (open !== null && text.startsWith('\t')) {
        if (open.more.length < MOST_LINES) open.more.push(text.trim());
        return;
      }
      close();
      const download = readGoDownload(text);
      if (download !== null) open = { ...download, line: number, more: [] };
    },
    end() {
      close();
      return findings.all();
    },
  };
}

/** Whether a line tells that a module cannot be had; its place is that of an import. */
export function readGoDownload(text: string): Download | null {
  if (!text.includes('/') || !REASON.test(text)) return null;
  const placed = text.includes('.go:') ? readPlacedLine(text) : null;
  const rest = placed?.text ?? (text.startsWith('go: ') ? text.slice('go: '.length) : text);
  const found = DOWNLOAD.exec(rest)?.groups;
  if (found?.module === undefined) return null;
  return {
    what: `${found.module}${found.version ?? ''}`,
    reason: found.reason ?? '',
    place: placed?.place ?? null,
  };
}
