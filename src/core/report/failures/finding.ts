/** One thing that went wrong, as a tool told it. Its texts are the tool's own, so they may hold anything but control characters. */
export interface Finding {
  readonly kind: FindingKind;
  readonly level: 'failure' | 'warning';
  /** What failed, in a few words of one line: `TestRouter/empty`, `undefined: foo`, `manifest unknown: alpine:3.1O`. */
  readonly name: string;
  /** What the tool says of it, lines joined by `\n`; may be ''. */
  readonly message: string;
  /** Where, in the tool's own words; null when it does not say. */
  readonly place: Place | null;
  /** The log's line at which it is told, from 1. */
  readonly line: number;
}

export type FindingKind = 'test' | 'compile' | 'lint' | 'download' | 'image' | 'deploy' | 'command';

/** Lines and columns from 1. */
export interface Place {
  /** As the tool writes it: below the folder in which it ran, or absolute, or of a package only. */
  readonly path: string;
  /** The package, crate or module below which the path is, where the tool says it. */
  readonly within?: string;
  readonly line: number;
  readonly column?: number;
  readonly endLine?: number;
}
