/**
 * `0.4 s`, `42 s`, `1 m 05 s`, `2 h 07 m`, as the server writes them.
 *
 * @param {number} milliseconds
 */
export function durationText(milliseconds) {
  if (milliseconds < 9_950) return `${(Math.max(0, milliseconds) / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} m`;
}

/**
 * A duration that is known to the second.
 *
 * @param {number} milliseconds
 */
export function secondsText(milliseconds) {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 1) return '<1 s';
  return seconds < 60 ? `${seconds} s` : durationText(milliseconds);
}

/**
 * The time of a line, by the reader's own clock.
 *
 * @param {number} at
 */
export function clockText(at) {
  return new Date(at).toLocaleTimeString('en-GB');
}

/** @param {number} count */
export function countText(count) {
  return count === 1 ? '1 line' : `${count.toLocaleString('en')} lines`;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Readonly<Record<string, string>>} attributes
 * @param {readonly (Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, attributes = {}, children = []) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * Lets an icon be another one; one that stays goes on turning.
 *
 * @param {Element | null} icon
 * @param {string} name
 */
export function setIcon(icon, name) {
  icon?.setAttribute('class', `icon icon-${name}`);
  const use = icon?.querySelector('use');
  if (use?.getAttribute('href') !== `#icon-${name}`) use?.setAttribute('href', `#icon-${name}`);
}
