/** Python's `%Y%m%dT%H:%M:%S.%f`: how Locust writes a datetime, without a zone. Read and written as UTC. */
const format = /^(\d{4})(\d{2})(\d{2})T(\d{2}):(\d{2}):(\d{2})\.(\d{1,6})$/;

/** `20260131T23:59:58.123000`, or undefined for what Python has no datetime for. */
export function formatDatetime(date: Date): string | undefined {
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return undefined;
  const [day, clock] = date.toISOString().slice(0, -1).split('T');
  return `${day?.replaceAll('-', '')}T${clock}000`;
}

/** The Date, cut to milliseconds; undefined if Python could not read it either. */
export function parseDatetime(text: unknown): Date | undefined {
  const match = typeof text === 'string' ? format.exec(text) : null;
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  // 31 June is 1 July to JavaScript, and an error to Python, which also has no year 0.
  const written = Number.isNaN(date.getTime()) ? undefined : formatDatetime(date);
  return written?.slice(0, 17) === text?.toString().slice(0, 17) ? date : undefined;
}

/** Whether the master can read it; it ends its listener over one that it cannot. */
export function isReadableDatetime(text: unknown): text is string {
  return parseDatetime(text) !== undefined;
}
