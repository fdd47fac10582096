const MARKUP: unique symbol = Symbol('markup');

/** Markup that only `html` can make, so text from outside cannot pass for it. Not necessarily balanced: a page is streamed. */
export interface Html {
  readonly [MARKUP]: string;
}

type Value = Html | string | number | false | null | undefined | readonly Html[];

/**
 * Template tag: what the template itself says is markup, every value is text. Values may stand in elements and between the quotes of
 * attributes; `false`, `null` and `undefined` leave nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  let markup = strings[0] ?? '';
  values.forEach((value, index) => {
    markup += render(value) + (strings[index + 1] ?? '');
  });
  return { [MARKUP]: markup };
}

/** A script of our own, as the content of a `script` element. Throws when the text would end the element. */
export function scriptMarkup(source: string): Html {
  if (/<\/?script|<!--/i.test(source)) throw new Error('the script holds markup');
  return { [MARKUP]: source };
}

export function joinHtml(parts: readonly Html[]): Html {
  return { [MARKUP]: parts.map(markupOf).join('') };
}

export function markupOf(part: Html): string {
  return part[MARKUP];
}

function render(value: Value): string {
  if (value === false || value === null || value === undefined) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (isHtml(value)) return value[MARKUP];
  return joinHtml(value)[MARKUP];
}

function isHtml(value: Html | readonly Html[]): value is Html {
  return MARKUP in value;
}

/** Those that are invisible or turn the order of their neighbours round (https://trojansource.codes), but for tabs and newlines. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu;

/** The text with something to see in the place of each character that would be felt only. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, controlPicture);
}

const MARKUP_CHARACTERS = /[&<>"'`]/g;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escapeText(text: string): string {
  return visibleText(text).replace(MARKUP_CHARACTERS, (character) => ENTITIES[character] ?? character);
}

/** U+2400 to U+241F picture the control characters: a NUL is shown as ␀. */
function controlPicture(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\u{fffd}';
}
