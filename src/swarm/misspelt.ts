import type { UserClass } from '../user/user.ts';
import { nearMiss } from '../words.ts';

type Statics = UserClass & Readonly<Record<string, unknown>>;

/**
 * A line for each static of a class that is read by nobody, as it is nearly the name of one that is. What the class has
 * beside the right name, or speaks of in its own code, is its own.
 */
export function misspeltStatics(userClass: UserClass): string[] {
  const base = Object.getPrototypeOf(userClass) as Statics;
  if (base === Function.prototype) return [];
  const own = Object.getOwnPropertyNames(userClass).filter((name) => !(name in base));
  const lines = own.flatMap((name): string[] => {
    const meant = nearMiss(name, staticsOf(base));
    if (meant === undefined || Object.hasOwn(userClass, meant) || isUsed(userClass, name)) return [];
    return [`${userClass.name}.${name} is not known; did you mean ${meant}?`];
  });
  return [...misspeltStatics(base), ...lines];
}

function staticsOf(userClass: object): string[] {
  if (userClass === Function.prototype) return [];
  return [...staticsOf(Object.getPrototypeOf(userClass)), ...Object.getOwnPropertyNames(userClass)];
}

/** `Shopper.hosts` and `{ hosts } = …`, but not `this.hosts = …`, as which the bundler may write a static. */
const uses = /[.{,]\s*([\w$]+)(?![\w$])(?!\s*=[^=])/g;

/** Whether the class reads it. */
function isUsed(userClass: UserClass, name: string): boolean {
  return [...String(userClass).matchAll(uses)].some(([, used]) => used === name);
}
