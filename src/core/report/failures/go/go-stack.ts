import type { Place } from '../finding.ts';
import { createGoFrames, type GoFrame } from './go-frames.ts';

/** More own frames, or lines of a panic's value, tell no more. */
const MOST_FRAMES = 8;
const MOST_WORDS = 12;

/** `\t\tTestDelivery/slow_server (1s)`, below `running tests:` */
const RUNNING = /^\t\t(?<name>\S{1,500}) \([^()]{1,30}\)$/;
const RECOVERED = / \[recovered(?:, repanicked)?\]$/;

/** What a panic or a fatal error says, without the frames that are not one's own. */
export interface GoStack {
  /** Takes the next line of it. */
  line(text: string): void;
  /** `panic: ` and the first line of its value. */
  readonly headline: string;
  /** Its words, then the own frames of the first goroutine that has some. */
  message(): string;
  /** The test that ran; of one that ran too long, the deepest. */
  test(): string | null;
  /** The first own frame; of a test that ran too long, where it waits. */
  place(): Place | null;
}

/** Begins with the line `panic: …` or `fatal error: …`. */
export function createGoStack(first: string): GoStack {
  const words = [first.replace(RECOVERED, '')];
  const frames = createGoFrames();
  let running: string | null = null;
  let goroutine: GoFrame[] | null = null;
  let told: readonly GoFrame[] = [];
  let isWaiting = false;

  const speak = (text: string) => {
    running = RUNNING.exec(text)?.groups?.name ?? running;
    // `panic: no` and below it `\tpanic: no [recovered]`.
    if (text !== '' && words.length < MOST_WORDS && !words.includes(text.trim().replace(RECOVERED, ''))) {
      words.push(text);
    }
  };
  const keep = (into: GoFrame[], frame: GoFrame) => {
    if (into.length < MOST_FRAMES) into.push(frame);
    if (told.length === 0) told = into;
    // Of all goroutines of a test that ran too long, the last one that is inside of the test is the one that waits.
    if (running !== null && frame.test === running.split('/')[0] && !frame.call.startsWith('created by ')) {
      isWaiting = true;
      told = into;
    }
  };
  return {
    line(text) {
      const frame = frames(text);
      if (text.startsWith('goroutine ')) goroutine = [];
      else if (goroutine === null) speak(text);
      if (frame?.isOwn && goroutine !== null) keep(goroutine, frame);
    },
    headline: words[0] ?? first,
    message: () =>
      [...words, ...told.map(({ call, place: { path, line } }) => `${call} ${path}:${line}`)].join('\n'),
    test: () => running ?? told.find(({ test }) => test !== null)?.test ?? null,
    place: () => (running === null || isWaiting ? (told[0]?.place ?? null) : null),
  };
}
