import { html, LitElement, type TemplateResult } from 'lit';
import '../components/copy.js';
import { base, sheet } from '../styles/sheet.js';
import styles from './subscription-dialog.css?inline';

class SecretDialog extends LitElement {
  static override styles = [...base, sheet(styles)];
  secret = '';
  note = '';

  async show(): Promise<void> {
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog')!;
    dialog.showModal();
    await new Promise(resolve => dialog.addEventListener('close', resolve, { once: true }));
  }

  override render(): TemplateResult {
    return html`
      <dialog aria-labelledby="title" aria-describedby="text">
        <form method="dialog">
          <h2 id="title">Keep this secret now</h2>
          <p id="text" class="soft">The receiver verifies with it that messages are genuine. It is shown this once: nobody can read it from the server later. ${this.note}</p>
          <div class="secret"><code>${this.secret}</code><rops-copy .text=${this.secret} what="the secret" label="Copy"></rops-copy></div>
          <div class="actions"><button class="primary" autofocus>I have kept it</button></div>
        </form>
      </dialog>`;
  }
}

customElements.define('rops-secret-dialog', SecretDialog);

/** Shows a secret until the person has kept it. */
export async function showSecret(secret: string, note = ''): Promise<void> {
  const dialog = new SecretDialog();
  Object.assign(dialog, { secret, note });
  document.body.append(dialog);
  await dialog.show();
  dialog.remove();
}
