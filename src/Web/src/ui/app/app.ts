import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { session } from '../api/session.js';
import { icon, type IconName } from '../components/icons.js';
import '../components/problem.js';
import { feed } from '../live/feed.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './app.css?inline';
import './connection.js';
import './offline.js';
import type { Page } from './page.js';
import { load } from './pages.js';
import { router } from './router.js';
import { hrefs, type PageName } from './routes.js';
import { apply, choose, chosenTheme, type Theme } from './theme.js';
import './toast-list.js';

const nav: readonly [page: PageName, href: string, label: string][] = [
  ['board', hrefs.board, 'Board'], ['submit', hrefs.submit, 'Submit'], ['race', hrefs.race, 'Race'], ['callbacks', hrefs.callbacks, 'Callbacks'],
];
const themes: Record<Theme, { icon: IconName; next: Theme; says: string }> = {
  auto: { icon: 'auto', next: 'light', says: 'as the system' },
  light: { icon: 'sun', next: 'dark', says: 'light' },
  dark: { icon: 'moon', next: 'auto', says: 'dark' },
};

/** What stands around every page. */
class App extends LitElement {
  static override styles = [...base, sheet(styles)];
  static override properties = { page: { state: true }, theme: { state: true }, said: { state: true } };

  declare page: TemplateResult | undefined;
  declare theme: Theme;
  declare said: string;
  #shows = 0;

  constructor() {
    super();
    this.theme = chosenTheme();
    this.said = '';
    apply(this.theme);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    router.addEventListener('route', () => void this.#show(true));
    session.addEventListener('change', () => void this.#show(false));
    document.addEventListener('rops-announce', event => {
      this.said = (event as CustomEvent<string>).detail;
    });
    router.start();
    feed.start();
    void session.load().catch(() => undefined);
    void this.#show(false);
  }

  override render(): TemplateResult {
    const at = router.route?.page;
    const { icon: themeIcon, says } = themes[this.theme];
    return html`
      <header>
        <a class="skip button" href="#main" @click=${this.#skip}>Skip to content</a>
        <a class="brand" href=${hrefs.board} aria-label="RealtimeOps, to the board">${mark}<span>RealtimeOps</span></a>
        <nav aria-label="Pages">${nav.map(([page, href, label]) => html`
          <a href=${href} aria-current=${page === at ? 'page' : nothing}>${icon(page as IconName)}<span>${label}</span></a>`)}
        </nav>
        <div class="tools">
          <rops-connection></rops-connection>
          <a class="docs" href="/docs" title="The API, to read and to try">API</a>
          <button class="small plain icon-only" title="Theme: ${says}" aria-label="Theme: ${says}. Change it." @click=${this.#nextTheme}>${icon(themeIcon)}</button>
          ${session.state === 'signedIn' ? html`<button class="small plain" title="Signed in as ${session.who?.name ?? ''}" @click=${() => session.signOut()}>Sign out</button>` : nothing}
        </div>
      </header>
      <rops-offline></rops-offline>
      <main tabindex="-1">${this.page ?? nothing}</main>
      <rops-toasts></rops-toasts>
      <div class="hidden" aria-live="polite">${this.said}</div>`;
  }

  async #show(navigated: boolean): Promise<void> {
    const show = ++this.#shows;
    const page = await this.#load();
    // Somebody may have gone on meanwhile.
    if (show === this.#shows) {
      this.page = page;
      await this.updateComplete;
      if (navigated) {
        window.scrollTo(0, 0);
        await (this.renderRoot.querySelector('main')?.firstElementChild as Page | null)?.focusHeading?.();
      }
    }
  }

  async #load(): Promise<TemplateResult> {
    try {
      if (session.state === 'signedOut') {
        await import('./sign-in.js');
        return html`<rops-sign-in></rops-sign-in>`;
      }

      const { route } = router;
      return await load(route);
    } catch (error) {
      return html`<div class="page"><rops-problem .error=${error} @again=${() => location.reload()}></rops-problem></div>`;
    }
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector('main')?.focus();
  }

  #nextTheme(): void {
    this.theme = themes[this.theme].next;
    choose(this.theme);
  }
}

const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/><g stroke-width="3.2" stroke-linecap="round"><path d="M8 10h16M8 16h10M8 22h5"/><path opacity=".35" d="M23.5 16h.5M18.5 22H24"/></g></svg>`;

customElements.define('rops-app', App);
