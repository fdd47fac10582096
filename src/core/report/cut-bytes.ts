/**
 * The beginning of a text that fits into so many bytes of UTF-8, never cutting a character in two; a text that had to
 * be cut ends with `note`, if there is room for it. GitHub's limit of a check's summary and text is 65,535, counted in
 * bytes to be safe: https://docs.github.com/en/rest/checks/runs
 */
export function cutBytes(text: string, limit: number, note = '…'): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= limit) return text;
  const room = limit - encoder.encode(note).length;
  const fits = encoder.encodeInto(text, new Uint8Array(Math.max(0, room < 0 ? limit : room))).read;
  return text.slice(0, fits) + (room < 0 ? '' : note);
}
