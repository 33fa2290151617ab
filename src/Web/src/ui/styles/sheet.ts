import { unsafeCSS, type CSSResult } from 'lit';
import controls from './controls.css?inline';
import shared from './shared.css?inline';

/** A style sheet of ours, imported with ?inline. It becomes a constructed one, which a strict content security policy allows. */
export const sheet = (css: string): CSSResult => unsafeCSS(css);

export const base: CSSResult[] = [sheet(shared), sheet(controls)];
