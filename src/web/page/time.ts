import { type Html, html } from '../html.ts';

/** `0.4 s`, `42 s`, `1 m 05 s`, `2 h 07 m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 9_950) return `${(Math.max(0, milliseconds) / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${twoDigits(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} m`;
}

/** `2026-11-23 08:15:02 UTC`: a page without scripts does not know the reader's time zone. */
export function timeElement(time: Date): Html {
  const iso = time.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
