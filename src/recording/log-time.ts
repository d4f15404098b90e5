const months = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name, at) => [name, at]),
);

/** Apache's and nginx's own: `10/Oct/2000:13:55:36 -0700`. */
const commonTime = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?: ([+-]\d{4}|Z))?$/;
const isoTime =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))? ?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * Epoch ms of a time in any form that logs have: text, or a number of seconds, ms, µs or ns. A text without a zone is
 * taken for UTC: only the differences count.
 */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return ofNumber(value);
  if (typeof value !== 'string') return undefined;
  const common = commonTime.exec(value);
  if (common !== null) {
    const [, day, month, year, hour, minute, second, fraction, zone] = common;
    return at(year, months.get(month ?? '') ?? 12, day, hour, minute, second, fraction, zone);
  }
  const iso = isoTime.exec(value);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    return at(year, Number(month) - 1, day, hour, minute, second, fraction, zone);
  }
  return /^\d{9,19}(\.\d+)?$/.test(value) ? ofNumber(Number(value)) : undefined;
}

type Digits = string | undefined;

function at(
  year: Digits,
  month: number,
  day: Digits,
  hour: Digits,
  minute: Digits,
  second: Digits,
  fraction = '0',
  zone = 'Z',
): number | undefined {
  const inRange = month >= 0 && month < 12 && Number(day) >= 1 && Number(day) <= 31;
  // 60 is a leap second
  if (!inRange || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const utc = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  return utc + Math.floor(Number(`0.${fraction}`) * 1000) - offsetOf(zone);
}

/** Milliseconds east of Greenwich of `+0200`, `+02:00`, `-07`. */
function offsetOf(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** By its size: a time since 1973 in ms is no time in seconds before 5138. */
function ofNumber(value: number): number | undefined {
  if (!Number.isFinite(value) || value < 1e8) return undefined;
  if (value < 1e11) return Math.round(value * 1000);
  if (value < 1e14) return value;
  return Math.round(value < 1e17 ? value / 1e3 : value / 1e6);
}

/** `timeOf`, which is not asked again for the text of the line before: lines of one second follow each other. */
export function steadyTime(): (text: string) => number | undefined {
  let lastText = '';
  let lastTime: number | undefined;
  return (text) => {
    if (text !== lastText) {
      lastTime = timeOf(text);
      lastText = text;
    }
    return lastTime;
  };
}
