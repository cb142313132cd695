import { html, type Markup, markup } from "../../lib/html.ts";

/**
 * Every state has its own shape, so that it can be told without its colour. Drawn on a grid of 16, in the colour of the text
 * beside them.
 */
const SHAPES = {
  // states
  done: `<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M4.6 8.3 7 10.6l4.4-5" class="cut"/>`,
  failed: `<rect x="1.2" y="1.2" width="13.6" height="13.6" rx="2.5" fill="currentColor"/><path d="m5.2 5.2 5.6 5.6m0-5.6-5.6 5.6" class="cut"/>`,
  warn: `<path d="M8 1.2 15.4 14.4H.6Z" fill="currentColor" stroke="currentColor" stroke-linejoin="round"/><path d="M8 6v4.2" class="cut"/><circle cx="8" cy="12.3" r="1" class="hole"/>`,
  person: `<circle cx="8" cy="4.8" r="3.3" fill="currentColor"/><path d="M1.8 15c.3-3.6 2.8-5.6 6.2-5.6s5.9 2 6.2 5.6Z" fill="currentColor"/>`,
  running: `<circle cx="8" cy="8" r="6.2" class="line"/><path d="m6.4 5.1 4.6 2.9-4.6 2.9Z" fill="currentColor"/>`,
  waiting: `<circle cx="8" cy="8" r="6.2" class="line"/><path d="M8 4.4V8l2.5 1.7" class="line"/>`,
  queued: `<circle cx="3" cy="8" r="1.5" fill="currentColor"/><circle cx="8" cy="8" r="1.5" fill="currentColor"/><circle cx="13" cy="8" r="1.5" fill="currentColor"/>`,
  due: `<circle cx="8" cy="8" r="6.2" class="line"/><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4Z" fill="currentColor"/>`,
  open: `<circle cx="8" cy="8" r="6.2" class="line"/>`,
  later: `<circle cx="8" cy="8" r="6.2" class="line" stroke-dasharray="2.2 2.6"/>`,
  other: `<path d="M2 8h11M9.4 4.4 13 8l-3.6 3.6" class="line"/>`,
  unknown: `<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M5.9 6.3c.1-1.4 1-2.2 2.2-2.2 1.3 0 2.2.8 2.2 2 0 1.7-2.2 1.8-2.2 3.4" class="cut"/><circle cx="8.1" cy="12" r=".95" class="hole"/>`,
  // parts of the console
  grid: `<path d="M1.8 2.5h12.4v11H1.8ZM1.8 6.2h12.4M6 2.5v11M10.2 2.5v11" class="line"/>`,
  play: `<path d="M4 2.3 13 8l-9 5.7Z" class="line" stroke-linejoin="round"/>`,
  list: `<path d="M5.5 3.5h9M5.5 8h9M5.5 12.5h9" class="line"/><circle cx="2.2" cy="3.5" r="1" fill="currentColor"/><circle cx="2.2" cy="8" r="1" fill="currentColor"/><circle cx="2.2" cy="12.5" r="1" fill="currentColor"/>`,
  gear: `<circle cx="8" cy="8" r="2.3" class="line"/><path d="M8 1.3v2M8 12.7v2M1.3 8h2M12.7 8h2M3.3 3.3l1.4 1.4M11.3 11.3l1.4 1.4M12.7 3.3l-1.4 1.4M4.7 11.3l-1.4 1.4" class="line"/>`,
  seal: `<path d="M8 1.2 13.5 3.2v4.5c0 3.5-2.3 5.9-5.5 7.1-3.2-1.2-5.5-3.6-5.5-7.1V3.2Z" class="line" stroke-linejoin="round"/><path d="m5.4 8 1.9 1.9 3.4-3.8" class="line"/>`,
  file: `<path d="M3.5 1.5h6l3 3v10h-9ZM9.5 1.5v3h3" class="line" stroke-linejoin="round"/>`,
} as const;

export type Icon = keyof typeof SHAPES;

/** All shapes, once a page; hidden itself. */
export const SPRITE = markup(
  `<svg class="sprite" aria-hidden="true" width="0" height="0">${Object.entries(SHAPES)
    .map(([name, shape]) => `<symbol id="i-${name}" viewBox="0 0 16 16">${shape}</symbol>`)
    .join("")}</svg>`,
);

/** A shape beside a word that says the same. */
export function icon(name: Icon): Markup {
  return html`<svg class="icon" aria-hidden="true"><use href="#i-${name}"/></svg>`;
}
