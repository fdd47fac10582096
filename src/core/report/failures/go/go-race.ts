import type { Place } from '../finding.ts';
import { createGoFrames } from './go-frames.ts';

const MOST_LINES = 20;

/** One report of the race detector. */
export interface GoRace {
  /** False when the line is the report's end, which is part of it. */
  line(text: string): boolean;
  /** Who read and wrote, with the own frames. */
  message(): string;
  place(): Place | null;
}

/**
 * Begins after the line `WARNING: DATA RACE`.
 *
 * @see https://go.dev/doc/articles/race_detector#Report_Format
 */
export function createGoRace(first: string): GoRace {
  const lines = [first];
  const frames = createGoFrames();
  let place: Place | null = null;
  let isAccess = true;
  const say = (text: string) => {
    if (isAccess && lines.length < MOST_LINES) lines.push(text);
  };
  return {
    line(text) {
      if (text.startsWith('====')) return false;
      const frame = frames(text);
      if (frame?.isOwn) {
        place ??= frame.place;
        say(`  ${frame.call} ${frame.place.path}:${frame.place.line}`);
      } else if (/^\S/.test(text)) {
        // `Read at 0x00c0 by goroutine 9:`, but not `Goroutine 9 (running) created at:`
        isAccess = !text.startsWith('Goroutine ');
        say(text);
      }
      return true;
    },
    message: () => lines.join('\n'),
    place: () => place,
  };
}
