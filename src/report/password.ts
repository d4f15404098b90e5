/** Stands where a secret was. */
export const mask = '********';

/** `https://user:password@host`, anywhere in a text, is a host like any other: `https://user:********@host`. */
export function withoutPassword(text: string): string {
  return text.replace(/(\w+:\/\/[^\s/:@]*):[^\s/@]*@/g, `$1:${mask}@`);
}
