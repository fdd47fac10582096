import type { LogMark } from '../core/log-marks.ts';

/** A part of a log, as it is stored: an object that is never changed once it is written. */
export interface LogPiece {
  readonly key: string;
  /** Bytes of the log before it. */
  readonly offset: number;
  /** In bytes. */
  readonly size: number;
  /** Of the lines that begin in it. */
  readonly marks: readonly LogMark[];
}

/** What of a piece belongs to the log: all of it, but for what the pieces before it have already. */
export interface LogPart {
  readonly piece: LogPiece;
  /** Bytes at its beginning that are not read. */
  readonly skipped: number;
}

/** As many as a file name of 255 bytes has room for, since some stores keep objects as files. */
export const MOST_MARKS = 12;

const OFFSET_DIGITS = 12;
const BASE = 36;

/**
 * The name of a piece says all about it, so that a listing is enough: `<offset>-<size>[-<mark>_<mark>…].log`, where the offset has twelve
 * digits, so that names are in the log's order, and the size is in base 36. A mark is `<line>.<offset>.<milliseconds since 1970>` in base
 * 36, less those of the mark before it; the first one's offset is counted from the piece's beginning.
 */
export function pieceName({ offset, size, marks }: Omit<LogPiece, 'key'>): string {
  let [line, place, time] = [0, offset, 0];
  const told = marks.map((mark) => {
    const numbers = [mark.line - line, mark.offset - place, mark.at.getTime() - time];
    [line, place, time] = [mark.line, mark.offset, mark.at.getTime()];
    return numbers.map((number) => number.toString(BASE)).join('.');
  });
  const marked = told.length === 0 ? '' : `-${told.join('_')}`;
  return `${String(offset).padStart(OFFSET_DIGITS, '0')}-${size.toString(BASE)}${marked}.log`;
}

const NAME = /(?:^|\/)(\d{12})-([0-9a-z]+)(?:-([0-9a-z._-]+))?\.log$/;

/** Null for an object that is no piece of a log. */
export function readPieceName(key: string): LogPiece | null {
  const [, offset, size, told] = NAME.exec(key) ?? [];
  if (offset === undefined || size === undefined) return null;
  let [line, place, time] = [0, Number(offset), 0];
  const marks = (told?.split('_') ?? []).map((mark) => {
    const [lines = 0, bytes = 0, milliseconds = 0] = mark
      .split('.')
      .map((text) => Number.parseInt(text, BASE));
    [line, place, time] = [line + lines, place + bytes, time + milliseconds];
    return { line, offset: place, at: new Date(time) };
  });
  return { key, offset: Number(offset), size: Number.parseInt(size, BASE), marks };
}

/**
 * Joins the pieces of a log, given in order of their names. They may overlap: two servers that copied the same log at the same time cut it
 * differently. What lies behind a gap was left by a removal that was interrupted, and is no part of the log.
 */
export function joinPieces(pieces: readonly LogPiece[]): {
  readonly parts: readonly LogPart[];
  readonly bytes: number;
  readonly marks: readonly LogMark[];
  readonly left: readonly LogPiece[];
} {
  const parts: LogPart[] = [];
  const marks: LogMark[] = [];
  const left: LogPiece[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    if (piece.offset > bytes) left.push(piece);
    if (piece.offset > bytes || piece.offset + piece.size <= bytes) continue;
    const begin = bytes;
    parts.push({ piece, skipped: begin - piece.offset });
    marks.push(...piece.marks.filter(({ offset }) => offset >= begin));
    bytes = piece.offset + piece.size;
  }
  return { parts, bytes, marks, left };
}
