import { html, LitElement, type TemplateResult } from 'lit';
import { base, sheet } from '../styles/sheet.js';
import styles from './confirm.css?inline';

export interface Question {
  title: string;
  text: string;
  /** What the button does, as a verb. */
  action: string;
  dangerous?: boolean;
}

class Confirm extends LitElement {
  static override styles = [...base, sheet(styles)];

  question: Question = { title: '', text: '', action: '' };

  async ask(): Promise<boolean> {
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog')!;
    dialog.showModal();
    await new Promise(resolve => dialog.addEventListener('close', resolve, { once: true }));
    return dialog.returnValue === 'yes';
  }

  override render(): TemplateResult {
    const { title, text, action, dangerous } = this.question;
    return html`
      <dialog aria-labelledby="title" aria-describedby="text">
        <form method="dialog">
          <h2 id="title" dir="auto">${title}</h2>
          <p id="text" class="soft" dir="auto">${text}</p>
          <div class="actions">
            <button value="no" autofocus>Keep</button>
            <button value="yes" class=${dangerous ? 'danger' : 'primary'}>${action}</button>
          </div>
        </form>
      </dialog>`;
  }
}

customElements.define('rops-confirm', Confirm);

/** Asks, and answers whether the person wants it. */
export async function confirm(question: Question): Promise<boolean> {
  const asking = new Confirm();
  asking.question = question;
  document.body.append(asking);
  try {
    return await asking.ask();
  } finally {
    asking.remove();
  }
}
