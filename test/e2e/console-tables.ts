// Duty: reads the tables that Locust prints, whoever printed them.

/** A row of the last table of statistics. */
export interface ConsoleRow {
  readonly method: string;
  readonly name: string;
  readonly requests: number;
  readonly failures: number;
  readonly average: number;
  readonly min: number;
  readonly max: number;
  readonly median: number;
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
}

const row = /^(\S*)\s+(.+?)\s+(\d+)\s+(\d+)\(([\d.]+)%\) \|\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+) \|\s+([\d.]+)\s+([\d.]+)$/;
const head = /^Type\s+Name\s+# reqs\s+# fails \|\s+Avg\s+Min\s+Max\s+Med \|\s+req\/s\s+failures\/s$/;

/** All tables of statistics, each with its rows; the last row is `Aggregated`. */
export function statsTables(output: string): ConsoleRow[][] {
  const tables: ConsoleRow[][] = [];
  for (const line of output.split('\n')) {
    if (head.test(line)) tables.push([]);
    const [, method = '', name = '', ...figures] = row.exec(line) ?? [];
    if (name === '') continue;
    const [requests = 0, failures = 0, , average = 0, min = 0, max = 0, median = 0, rps = 0, fps = 0] =
      figures.map(Number);
    const rates = { requestsPerSecond: rps, failuresPerSecond: fps };
    tables.at(-1)?.push({ method, name, requests, failures, average, min, max, median, ...rates });
  }
  return tables;
}

/** The final table by `METHOD name`; `Aggregated` too. */
export function finalRows(output: string): ReadonlyMap<string, ConsoleRow> {
  const rows = statsTables(output).at(-1) ?? [];
  return new Map(rows.map((one) => [`${one.method} ${one.name}`.trim(), one]));
}

/** The table of percentiles: 50% to 100% by `METHOD name`. */
export function percentileRows(output: string): ReadonlyMap<string, readonly number[]> {
  const [, text = ''] = output.split('Response time percentiles (approximated)\n');
  const rows = text.split('\n').flatMap((line): [string, readonly number[]][] => {
    const [, name = '', figures = ''] = /^(.*?\S)((?:\s+\d+){12})$/.exec(line) ?? [];
    return name === '' ? [] : [[name.trim().replace(/\s+/, ' '), figures.trim().split(/\s+/).map(Number).slice(0, 11)]];
  });
  return new Map(rows);
}
