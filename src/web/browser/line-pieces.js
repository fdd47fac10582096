/** @import { WireLine, WireLines } from '../wire.ts' */

const PIECE_LINES = 200;
const MOST_PIECES = 80;
const MOST_REQUESTS = 3;

/**
 * Lines of a log, fetched in pieces when they are wanted.
 *
 * @typedef {object} LinePieces
 * @property {(line: number) => WireLine | undefined} get
 * @property {(from: number, to: number) => void} want these, and no others that are not on their way yet
 * @property {(from: number, to: number) => Promise<void>} load
 * @property {(line: number) => void} grown this line, and what comes after it, is new; what is known of it stays until then
 * @property {() => void} forget
 */

/**
 * @param {string} url of the lines
 * @param {() => void} onLoad
 * @returns {LinePieces}
 */
export function createLinePieces(url, onLoad) {
  /** @type {Map<number, WireLine[]>} */
  const pieces = new Map();
  /** @type {Map<number, Promise<void>>} */
  const loading = new Map();
  /** @type {number[]} */
  let wanted = [];
  /** @type {Set<number>} */
  const stale = new Set();
  let generation = 0;

  /** @param {number} piece */
  const isHere = (piece) => pieces.has(piece) && !stale.has(piece);

  /** @param {number} piece */
  async function fetchPiece(piece) {
    const before = generation;
    stale.delete(piece);
    // The last line of before may have gone on since.
    const lines = (pieces.get(piece) ?? []).slice(0, -1);
    while (lines.length < PIECE_LINES) {
      const answer = await fetchLines(piece * PIECE_LINES + 1 + lines.length, PIECE_LINES - lines.length);
      lines.push(...answer.lines);
      if (answer.lines.length === 0) break;
    }
    if (before !== generation) return;
    pieces.delete(piece);
    pieces.set(piece, lines);
    const [oldest] = pieces.size > MOST_PIECES ? pieces.keys() : [];
    if (oldest !== undefined) pieces.delete(oldest);
  }

  /**
   * @param {number} from
   * @param {number} count
   * @returns {Promise<WireLines>}
   */
  async function fetchLines(from, count) {
    const response = await fetch(`${url}?from=${from}&count=${count}`);
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return response.json();
  }

  /** @param {number} piece */
  function load(piece) {
    const known = loading.get(piece);
    if (known !== undefined) return known;
    const done = fetchPiece(piece).finally(() => {
      loading.delete(piece);
    });
    loading.set(piece, done);
    return done;
  }

  function pump() {
    while (loading.size < MOST_REQUESTS) {
      const piece = wanted.shift();
      if (piece === undefined) return;
      if (isHere(piece) || loading.has(piece)) continue;
      load(piece)
        .then(onLoad, () => {})
        .finally(pump);
    }
  }

  /** @param {number} from @param {number} to */
  const piecesOf = (from, to) => {
    const [first, last] = [pieceOf(from), pieceOf(to)];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  };

  return {
    get: (line) => pieces.get(pieceOf(line))?.[(line - 1) % PIECE_LINES],
    want(from, to) {
      wanted = piecesOf(from, to).filter((piece) => !isHere(piece));
      pump();
    },
    async load(from, to) {
      await Promise.all(piecesOf(from, to).map((piece) => (isHere(piece) ? undefined : load(piece))));
    },
    grown(line) {
      for (const piece of pieces.keys()) if (piece >= pieceOf(line)) stale.add(piece);
      for (const piece of loading.keys()) if (piece >= pieceOf(line)) stale.add(piece);
    },
    forget() {
      generation += 1;
      pieces.clear();
      stale.clear();
    },
  };
}

/** @param {number} line */
function pieceOf(line) {
  return Math.floor((Math.max(1, line) - 1) / PIECE_LINES);
}
