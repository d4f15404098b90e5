// Figures as people read them: the same in the page's markup and in its script.

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const trimmed = [0, 1, 2].map((digits) => new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }));
const fixed = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** Between a figure and its unit: no line ends there. */
export const space = '\u00a0';

/** `12,345` */
export function count(value: number): string {
  return whole.format(value);
}

/** As `measure`, without zeros at the end: of percentiles, which are buckets, and of axes. */
export function plain(value: number): string {
  return trimmed[digitsOf(value)]?.format(value) ?? String(value);
}

/** Three figures or more: `0.12`, `12.3`, `1,234`; never 0 of something. */
export function measure(value: number): string {
  if (value > 0 && value < 0.005) return '<0.01';
  return fixed[digitsOf(value)]?.format(value) ?? String(value);
}

/** A part of 1. Never 0% of something, never 100% of less than all. */
export function percent(part: number): string {
  if (part <= 0) return '0%';
  if (part >= 1) return '100%';
  if (part < 0.0001) return '<0.01%';
  if (part > 0.9999) return '>99.99%';
  return `${measure(part * 100)}%`;
}

/** Seconds as `12.3 s`, `5 min 02 s`, `1 h 05 min`, which no line ends within. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${plain(Math.round(seconds * 10) / 10)}${space}s`;
  const rounded = Math.round(seconds);
  const hours = Math.floor(rounded / 3600);
  const minutes = Math.floor((rounded % 3600) / 60);
  const parts = hours > 0 ? [hours, 'h', twoDigits(minutes), 'min'] : [minutes, 'min', twoDigits(rounded % 60), 's'];
  return parts.join(space);
}

/** Seconds since the start of the run as `2:05` or `1:02:05`. */
export function elapsed(seconds: number): string {
  const rounded = Math.max(0, Math.round(seconds));
  const hours = Math.floor(rounded / 3600);
  const minutes = Math.floor((rounded % 3600) / 60);
  const end = twoDigits(rounded % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${end}` : `${minutes}:${end}`;
}

/** Epoch seconds as `2026-11-21 13:03:32`, UTC: the same wherever and whenever the page is read. */
export function moment(epochSeconds: number): string {
  return iso(epochSeconds).slice(0, 19).replace('T', ' ');
}

/** Epoch seconds as `13:03:32`, UTC. */
export function clock(epochSeconds: number): string {
  return iso(epochSeconds).slice(11, 19);
}

/** Epoch seconds in ISO 8601; empty if it is no time. */
export function iso(epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function digitsOf(value: number): 0 | 1 | 2 {
  const size = Math.abs(value);
  if (size >= 99.95 || size === 0) return 0;
  return size >= 9.995 ? 1 : 2;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
