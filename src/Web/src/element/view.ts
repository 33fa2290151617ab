import type { Status } from '../client/index.js';
import { detailOf, valueOf } from './words.js';

/** What is inside the element. */
export class View {
  readonly #find: (part: string) => HTMLElement;

  constructor(root: ShadowRoot) {
    root.innerHTML = `<div class="header" part="header"><span class="label" part="label" id="label"><slot></slot></span><span class="value" part="value" aria-hidden="true"></span></div>
<div class="track" part="track" role="progressbar" aria-labelledby="label" aria-valuemin="0" aria-valuemax="100"><div class="bar" part="bar"></div></div>
<div class="detail" part="detail"></div>
<div class="announcement" role="status" aria-live="polite"></div>`;
    this.#find = name => root.querySelector<HTMLElement>(`.${name}`)!;
  }

  label(text: string): void {
    this.#find('label').firstElementChild!.textContent = text;
  }

  show(status: Status | undefined, trouble: string, broken: boolean): void {
    const track = this.#find('track');
    const value = broken ? '' : valueOf(status);
    const detail = trouble || detailOf(status);
    const waiting = !broken && (!status || status.state === 'queued');
    this.#find('value').textContent = value;
    this.#find('detail').textContent = detail;
    this.#find('detail').classList.toggle('broken', broken);
    this.#find('bar').style.setProperty('--_progress', String(status?.progress ?? 0));
    track.classList.toggle('waiting', waiting);
    if (waiting) {
      // A progress bar without a value is an indeterminate one.
      track.removeAttribute('aria-valuenow');
    } else {
      track.setAttribute('aria-valuenow', String(status?.progress ?? 0));
    }

    track.setAttribute('aria-valuetext', [value, detail].filter(Boolean).join(': '));
  }

  announce(status: Status): void {
    const label = this.#find('label').firstElementChild as HTMLSlotElement;
    const name = label.assignedNodes({ flatten: true }).map(node => node.textContent?.trim()).join(' ');
    this.#find('announcement').textContent = [name, valueOf(status), detailOf(status)].filter(Boolean).join(': ');
  }
}
