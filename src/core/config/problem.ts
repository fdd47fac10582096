/**
 * A stretch of a file that a person wrote. Lines and columns count from 1; columns count UTF-16 code units, as editors
 * and GitHub's annotations do; `endColumn` is the column after the last character.
 */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One thing that is wrong with a file that a person wrote (`.tekton-ci.yml`, operator settings). */
export interface Problem extends Position {
  /** Stable, kebab-case: `unknown-key`, `wrong-type`, `tab-indent`… Each is explained in docs/reference/config.md. */
  readonly code: string;
  /** The key's path as a person would say it: `projects.web.test.timeout`; empty for the file itself. */
  readonly path: string;
  /** What is wrong, one sentence without a full stop. */
  readonly message: string;
  /** What was expected there, when the message does not say so. */
  readonly expected?: string;
  /** What to write instead. */
  readonly instead?: string;
}
