const numbers = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * The first SIGTERM or SIGINT ends in good order, the second at once, after what `atOnce` still does.
 */
export function onSignals(quit: (signal: string) => void, atOnce: () => void = () => {}): void {
  let count = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      count++;
      if (count === 1) return quit(signal);
      if (count === 2) atOnce();
      process.exit(128 + numbers[signal]);
    });
  }
}
