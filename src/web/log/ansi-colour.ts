/** The colours that the stylesheet knows, each legible on the log's background in both themes. */
export const COLOURS = ['grey', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'plain'] as const;

export type Colour = (typeof COLOURS)[number];

type Rgb = readonly [red: number, green: number, blue: number];

const NAMED: Readonly<Record<string, Colour>> = {
  // What is black on white, or white on black, is what the page's own text is.
  'ansi-black': 'plain',
  'ansi-white': 'plain',
  'ansi-bright-black': 'grey',
  'ansi-bright-white': 'plain',
};

/**
 * The colour that stands for one of anser's classes; of `ansi-truecolor` that is the one nearest to `truecolor`, written as `255, 0, 0`.
 * Thousands of colours become eight, since no other choice is legible in a light and in a dark theme.
 */
export function ansiColour(name: string | null, truecolor: string | null): Colour | null {
  if (name === null) return null;
  const named = NAMED[name] ?? COLOURS.find((colour) => name.endsWith(`-${colour}`));
  if (named !== undefined) return named;
  const palette = /^ansi-palette-(\d+)$/.exec(name)?.[1];
  if (palette !== undefined) return nearest(paletteColour(Number(palette)));
  const [red = 0, green = 0, blue = 0] = (truecolor ?? '').split(',').map(Number);
  return nearest([red, green, blue]);
}

/** Of xterm's 256 colours those from 16: a cube of six steps a side, then 24 greys. https://www.ditig.com/256-colors-cheat-sheet */
function paletteColour(index: number): Rgb {
  if (index >= 232) {
    const level = 8 + (index - 232) * 10;
    return [level, level, level];
  }
  const step = (value: number) => (value === 0 ? 0 : 55 + 40 * value);
  const cube = index - 16;
  return [step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6)];
}

const HUES: readonly Colour[] = ['red', 'yellow', 'green', 'cyan', 'blue', 'magenta'];

function nearest([red, green, blue]: Rgb): Colour {
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (spread < 48) return most > 80 && most < 176 ? 'grey' : 'plain';
  return HUES[Math.round(hue([red, green, blue], most, spread)) % 6] ?? 'plain';
}

/** From 0 (red) by 1 for each next of `HUES`, below 6. */
function hue([red, green, blue]: Rgb, most: number, spread: number): number {
  if (most === red) return ((green - blue) / spread + 6) % 6;
  if (most === green) return (blue - red) / spread + 2;
  return (red - green) / spread + 4;
}
