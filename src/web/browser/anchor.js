/**
 * Lines of a step's log, as the address of a page names them: `#test-L14`, `#test-L14-L20`.
 *
 * @typedef {{ slug: string, from: number, to: number }} LineRange
 */

/**
 * @param {string} hash with its `#`
 * @returns {LineRange | null} null for every other one
 */
export function parseAnchor(hash) {
  const [, slug, first, last] = /^#(.+?)-L(\d{1,9})(?:-L(\d{1,9}))?$/.exec(hash) ?? [];
  const [from, to] = [Number(first), Number(last ?? first)];
  if (slug === undefined || Math.min(from, to) < 1) return null;
  return { slug: decodeAnchor(slug), from: Math.min(from, to), to: Math.max(from, to) };
}

/**
 * @param {LineRange} range
 * @returns {string}
 */
export function formatAnchor({ slug, from, to }) {
  const first = `#${encodeURIComponent(slug)}-L${from}`;
  return from === to ? first : `${first}-L${to}`;
}

/** @param {string} text */
export function decodeAnchor(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
