import type { Finding } from './finding.ts';

/** Finds in a log what one tool says of failures. */
export interface FailureParser {
  /** The tool, as people call it: `go test`. */
  readonly name: string;
  /** Matches the commands that run the tool by its name. What it finds there counts before what others find. */
  readonly commands: RegExp;
  /** For forms that many tools share: what it finds counts only where no other parser finds anything. */
  readonly isLastResort?: true;
  /** Begins what a command prints; '' where the log is of no command. */
  start(command: string): Reading;
}

/** A log that is being read. Linear: a line is looked at once, and little is remembered. */
export interface Reading {
  /** A line without its end, colours and control characters; `number` counts from 1. */
  line(text: string, number: number): void;
  /** What was found, in the order of the log. */
  end(): readonly Finding[];
}
