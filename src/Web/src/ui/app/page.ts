import { LitElement, type CSSResultGroup } from 'lit';
import { base } from '../styles/sheet.js';

/** What every page is. It has one <h1 tabindex="-1">, which gets the focus when somebody has navigated to the page. */
export abstract class Page extends LitElement {
  static override styles: CSSResultGroup = base;

  /** Stands in the window's title. A page may change it: call `titled` then. */
  abstract readonly heading: string;

  override firstUpdated(): void {
    this.titled();
  }

  async focusHeading(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }

  protected titled(): void {
    document.title = `${this.heading} · RealtimeOps`;
  }
}
