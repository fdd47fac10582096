/** What the server tells the page's script, as JSON. Times are in milliseconds since 1970. */

/** A piece of a line; with classes of the stylesheet, or without. */
export type LinePart = string | readonly [text: string, classes: string];

export interface WireLine {
  /** To the second. */
  readonly at: number | null;
  readonly parts: readonly LinePart[];
  /** Bytes that are left out since the line is too long. */
  readonly dropped?: number;
}

/** Lines that follow each other; fewer than were asked for at the log's end, or when they are long. */
export interface WireLines {
  /** Number of the first one. */
  readonly from: number;
  readonly lines: readonly WireLine[];
}

/** Lines between `::group::title` and `::endgroup::`, as far as these have come. Groups may be in groups. */
export interface WireGroup {
  /** The line of `::group::`. */
  readonly from: number;
  /** The line of `::endgroup::`; null while there is none. */
  readonly to: number | null;
  readonly title: string;
  readonly startedAt: number | null;
  /** Null while it has no end. */
  readonly endedAt: number | null;
}

export interface WireOutline extends WireExtent {
  /** In the order in which they begin. */
  readonly groups: readonly WireGroup[];
}

/** How long a log is. */
export interface WireExtent {
  readonly lines: number;
  readonly bytes: number;
  /** How many beginnings and ends of groups there are: another number, another outline. */
  readonly markers: number;
}

export interface WireSearch {
  /** Numbers of the lines that have the text, in order. */
  readonly lines: readonly number[];
  /** There are more. */
  readonly more: boolean;
}

export interface WireState {
  readonly word: string;
  readonly tone: string;
  readonly icon: string;
}

export interface WireStep extends WireState {
  readonly slug: string;
  readonly label: string;
  readonly state: string;
  readonly exitCode?: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** Of steps whose log grows, or grew a moment ago. */
  readonly log?: WireExtent;
}

/** Everything of a run that changes while it goes on. */
export interface WireRun extends WireState {
  /** By the server's clock. */
  readonly now: number;
  readonly title: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly steps: readonly WireStep[];
}

/** What stands in the page for its script. */
export interface WirePage {
  /** Where logs are: `<logs>/<slug>`, and under that `lines`, `outline` and `search`. */
  readonly logs: string;
  /** Absent when nothing will change any more. */
  readonly events?: string;
  readonly run: WireRun;
}
