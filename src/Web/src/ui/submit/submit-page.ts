import { html, type TemplateResult } from 'lit';
import { Page } from '../app/page.js';
import '../components/empty.js';

class SubmitPage extends Page {
  readonly heading = 'Submit';

  override render(): TemplateResult {
    return html`
      <div class="page">
        <div class="page-head"><h1 tabindex="-1">Submit</h1></div>
        <rops-empty icon="submit" heading="Submit with curl">The form comes here. Until then: POST the input to /operations/TYPE; GET /operation-types lists the types.</rops-empty>
      </div>`;
  }
}

customElements.define('rops-submit-page', SubmitPage);
