/**
 * The beginning of a text that fits into so many bytes of UTF-8, never cutting a character in two; a text that had to
 * be cut ends with `note`. GitHub's limit of a check's summary and text is 65,535, counted in bytes to be safe:
 * https://docs.github.com/en/rest/checks/runs
 */
export function cutBytes(text: string, limit: number, note = '…'): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= limit) return text;
  const room = limit - new TextEncoder().encode(note).length;
  return (
    new TextDecoder('utf-8', { fatal: false }).decode(bytes.subarray(0, room)).replace(/\uFFFD+$/u, '') + note
  );
}
