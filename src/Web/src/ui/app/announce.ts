/** Says it through a screen reader, when that has nothing more urgent to say. */
export function announce(text: string): void {
  document.dispatchEvent(new CustomEvent('rops-announce', { detail: text }));
}
