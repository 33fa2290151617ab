import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/** On a grid of 16, lines of 1.5. Each state has a shape of its own, so that nobody needs its colour. */
const shapes = {
  queued: svg`<circle cx="8" cy="8" r="5.75" stroke-dasharray="2.2 2.3"/>`,
  running: svg`<circle cx="8" cy="8" r="5.75" opacity=".35"/><path d="M8 2.25A5.75 5.75 0 0 1 13.75 8"/><circle cx="8" cy="8" r="1.75" fill="currentColor" stroke="none"/>`,
  retrying: svg`<path d="M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 2v2.75h-2.75"/>`,
  canceling: svg`<circle cx="8" cy="8" r="5.75" stroke-dasharray="2.2 2.3"/><path d="M5.5 8h5"/>`,
  succeeded: svg`<circle cx="8" cy="8" r="6.5" fill="currentColor" stroke="none"/><path d="m5.25 8.2 1.9 1.9 3.6-4" stroke="var(--raised)"/>`,
  failed: svg`<path d="M8 1.5 14.5 13H1.5Z" fill="currentColor" stroke="currentColor" stroke-linejoin="round"/><path d="M8 6v3.2M8 11.1v.1" stroke="var(--raised)"/>`,
  canceled: svg`<circle cx="8" cy="8" r="5.75"/><path d="M5.5 8h5"/>`,
  paused: svg`<circle cx="8" cy="8" r="5.75"/><path d="M6.5 6v4M9.5 6v4"/>`,
  board: svg`<path d="M2.5 4h11M2.5 8h7M2.5 12h9"/>`,
  submit: svg`<path d="M8 13V3.5M4 7l4-4 4 4"/>`,
  race: svg`<path d="M3.5 14V2.5M3.5 3h9l-2 3 2 3h-9"/>`,
  callbacks: svg`<path d="M6 10 2.5 6.5 6 3M2.5 6.5h7a4 4 0 0 1 0 8H7"/>`,
  mailbox: svg`<path d="M2.5 9.5 4.25 4h7.5l1.75 5.5v3h-11v-3h3l1 1.5h3l1-1.5h3"/>`,
  plus: svg`<path d="M8 3.5v9M3.5 8h9"/>`,
  search: svg`<circle cx="7" cy="7" r="4.25"/><path d="m10.25 10.25 3.5 3.5"/>`,
  close: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
  copy: svg`<rect x="5.75" y="5.75" width="7.75" height="7.75" rx="1.5"/><path d="M3.5 10.25h-.25a.75.75 0 0 1-.75-.75V3.25a.75.75 0 0 1 .75-.75H9.5a.75.75 0 0 1 .75.75v.25"/>`,
  check: svg`<path d="m3.5 8.5 3 3 6-7"/>`,
  sun: svg`<circle cx="8" cy="8" r="2.75"/><path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9"/>`,
  moon: svg`<path d="M13.25 9.5A5.75 5.75 0 0 1 6.5 2.75a5.75 5.75 0 1 0 6.75 6.75Z"/>`,
  auto: svg`<circle cx="8" cy="8" r="5.75"/><path d="M8 2.25a5.75 5.75 0 0 1 0 11.5Z" fill="currentColor"/>`,
  chevron: svg`<path d="m6 4 4 4-4 4"/>`,
  trash: svg`<path d="M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.5 8.5h6l.5-8.5"/>`,
  download: svg`<path d="M8 2.5V10M4.5 7 8 10.5 11.5 7M3 13.5h10"/>`,
  link: svg`<path d="M6.75 9.25a2.75 2.75 0 0 0 4 .1l2-2a2.8 2.8 0 0 0-4-4l-.9.9M9.25 6.75a2.75 2.75 0 0 0-4-.1l-2 2a2.8 2.8 0 0 0 4 4l.9-.9"/>`,
  offline: svg`<path d="M2 2l12 12M4.2 6.3A7 7 0 0 0 2 7.8M14 7.8a8.5 8.5 0 0 0-5.5-2.3M5 10.5a4.3 4.3 0 0 1 3-1.25M8 13h.01"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof shapes;

/** Beside a text, or in a button with an aria-label: it says nothing by itself. */
export const icon = (name: IconName): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shapes[name]}</svg>`;
