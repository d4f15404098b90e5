import type { MasterSettings } from './settings.ts';

/** Where a master is, and who asks it, if its URL says so: `http://ada:secret@load.example/locust`. undefined if it is no URL of http. */
export function masterUrl(given: string): Pick<MasterSettings, 'url' | 'login'> | undefined {
  if (!URL.canParse(given) || !/^https?:/.test(given)) return undefined;
  const { username, password, origin, pathname } = new URL(given);
  const url = `${origin}${pathname}`.replace(/\/+$/, '');
  if (username === '') return { url };
  return { url, login: { kind: 'basic', username: decoded(username), password: decoded(password), path: '' } };
}

/** A lone % is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
