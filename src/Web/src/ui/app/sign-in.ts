import { html, type TemplateResult } from 'lit';
import { session } from '../api/session.js';
import '../components/problem.js';
import { base, sheet } from '../styles/sheet.js';
import { Page } from './page.js';
import styles from './sign-in.css?inline';

/** Asks for an API key, which the server turns into a cookie that no script can read. */
class SignIn extends Page {
  static override styles = [...base, sheet(styles)];
  static override properties = { error: { state: true }, busy: { state: true } };

  readonly heading = 'Sign in';
  declare error: unknown;
  declare busy: boolean;

  override render(): TemplateResult {
    return html`
      <form class="card" @submit=${this.#submit}>
        <h1 tabindex="-1">Sign in</h1>
        <p class="soft">This server wants to know who you are. Your API key stays out of reach of scripts.</p>
        <div class="field">
          <label for="key">API key</label>
          <input id="key" name="key" type="password" autocomplete="current-password" required autofocus spellcheck="false">
        </div>
        <rops-problem .error=${this.error}></rops-problem>
        <button class="primary" ?disabled=${this.busy}>${this.busy ? 'Signing in…' : 'Sign in'}</button>
      </form>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const key = new FormData(event.target as HTMLFormElement).get('key');
    this.busy = true;
    this.error = undefined;
    try {
      await session.signIn(String(key));
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  }
}

customElements.define('rops-sign-in', SignIn);
