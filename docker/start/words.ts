/** Locust's flag for the user files, in all the forms that its parser takes. */
const long = '--locustfile';

/** The arguments without `-f`, and what it named. Of several the last one counts, as in Locust. */
export function takeLocustfile(argv: readonly string[]): {
  readonly rest: readonly string[];
  readonly given: string | undefined;
} {
  const rest: string[] = [];
  let given: string | undefined;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '-f' || word === long) given = argv[++at];
    else if (word.startsWith(`${long}=`)) given = word.slice(long.length + 1);
    else if (/^-f./.test(word)) given = word.slice(2).replace(/^=/, '');
    else rest.push(word);
  }
  return { rest, given };
}

/** The arguments without these flags, each of which has one value. */
export function without(argv: readonly string[], flags: readonly string[]): readonly string[] {
  return argv.filter((word, at) => {
    const [name = ''] = word.split('=');
    return !flags.includes(name) && !flags.includes(argv[at - 1] ?? '');
  });
}

/** The value of a flag, the last one of several. */
export function flagValue(argv: readonly string[], flag: string): string | undefined {
  const values = argv.flatMap((word, at) => {
    if (word.startsWith(`${flag}=`)) return [word.slice(flag.length + 1)];
    return word === flag ? [argv[at + 1] ?? ''] : [];
  });
  return values.at(-1);
}
