const LEVELS: ReadonlySet<string> = new Set(['TRAC', 'DEBU', 'INFO', 'WARN', 'ERRO', 'FATA', 'PANI']);
const COLORED = /^[A-Z]{4}\[\d{1,9}\] ?/;
const PLAIN = /^time="[^"]{1,60}" level=[a-z]{1,10} msg=(?<said>"(?:[^"\\]|\\.){0,4000}"|\S{1,4000})/;

/** What kaniko logs in a line, in any of its formats; null for a line that it does not log. */
export function readKanikoLine(text: string): string | null {
  if (text[4] === '[' && LEVELS.has(text.slice(0, 4))) return text.replace(COLORED, '').trimEnd();
  if (text.startsWith('{"level":"')) return messageOf(text);
  const said = text.startsWith('time="') ? PLAIN.exec(text)?.groups?.said : undefined;
  return said === undefined ? null : said.startsWith('"') ? unquoted(said) : said;
}

function messageOf(text: string): string | null {
  const logged = parsed(text);
  if (typeof logged !== 'object' || logged === null || !('msg' in logged)) return null;
  return typeof logged.msg === 'string' ? logged.msg : null;
}

/** Go quotes nearly as JSON does. */
function unquoted(said: string): string {
  const text = parsed(said);
  return typeof text === 'string' ? text : said.slice(1, -1);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
