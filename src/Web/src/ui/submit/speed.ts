const span = 3_000;

/** How fast something goes, in bytes a second: of the last few seconds, so that the number is calm and yet true. */
export class Speed {
  #samples: { at: number; sent: number }[] = [];

  add(sent: number, at: number): number | undefined {
    this.#samples = [...this.#samples.filter(sample => at - sample.at <= span), { at, sent }];
    const first = this.#samples[0]!;
    return at - first.at >= 200 ? (sent - first.sent) / (at - first.at) * 1_000 : undefined;
  }
}
