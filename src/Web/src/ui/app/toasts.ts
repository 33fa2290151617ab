export interface Toast {
  text: string;
  tone?: 'plain' | 'failed';
  /** A button. When the toast goes without it having been pressed, `otherwise` is called. */
  action?: { label: string; run: () => void };
  otherwise?: () => void;
  /** How long it stays, in milliseconds. */
  stays?: number;
}

const usual = 6_000;

/** The messages that are shown now. Tells `change`. */
class Toasts extends EventTarget {
  #shown: readonly Toast[] = [];
  readonly #timers = new Map<Toast, ReturnType<typeof setTimeout>>();

  get shown(): readonly Toast[] {
    return this.#shown;
  }

  show(toast: Toast): void {
    this.#shown = [...this.#shown, toast];
    this.resume(toast);
    this.#tell();
  }

  /** While somebody points at it or has the focus in it, it stays. */
  hold(toast: Toast): void {
    clearTimeout(this.#timers.get(toast));
  }

  resume(toast: Toast): void {
    this.hold(toast);
    this.#timers.set(toast, setTimeout(() => this.dismiss(toast), toast.stays ?? usual));
  }

  act(toast: Toast): void {
    if (this.#remove(toast)) {
      toast.action?.run();
    }
  }

  dismiss(toast: Toast): void {
    if (this.#remove(toast)) {
      toast.otherwise?.();
    }
  }

  /** The page is being left: what was only put off happens now. */
  settle(): void {
    this.#shown.filter(({ otherwise }) => otherwise).forEach(toast => this.dismiss(toast));
  }

  #remove(toast: Toast): boolean {
    const before = this.#shown.length;
    this.#shown = this.#shown.filter(other => other !== toast);
    this.hold(toast);
    this.#timers.delete(toast);
    this.#tell();
    return this.#shown.length < before;
  }

  #tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}

export const toasts = new Toasts();

/** Says that it is done, and does it when the time to undo is over. */
export function undoable(text: string, doIt: () => void, undo?: () => void): void {
  toasts.show({ text, action: { label: 'Undo', run: () => undo?.() }, otherwise: doIt });
}
