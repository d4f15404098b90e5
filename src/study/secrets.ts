import { mask, withoutPassword } from '../report/password.ts';
import type { StudySettings } from './settings.ts';

/** Settings as they may be shown: no password of a master, no header's value. */
export function masked(settings: StudySettings): StudySettings {
  const { master } = settings;
  if (master === null) return settings;
  const { login, headers, ...rest } = master;
  return {
    ...settings,
    master: {
      ...rest,
      ...(login === undefined ? {} : { login: { ...login, password: mask } }),
      headers: Object.fromEntries(Object.keys(headers).map((name) => [name, mask])),
    },
  };
}

/** Hosts, commands and what they said may hold addresses with a password, options may be one. */
export function withoutPasswords<T>(value: T, name: string = ''): T {
  if (typeof value === 'string') {
    return (/passw|secret|token|api.?key/i.test(name) ? mask : withoutPassword(value)) as T;
  }
  if (Array.isArray(value)) return value.map((item) => withoutPasswords(item, name)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutPasswords(item, key)])) as T;
}
