// Requests per CPU-second of the load generator: katydid beside other tools, in interleaved rounds.
// `npm run build && node --import tsx bench/http.ts [--rounds 5] [--users 100,1000] [--only name,…] [--plot file.svg]`
import { compare } from './comparison.ts';
import { katydidWorker } from './generator.ts';
import { peers } from './peers.ts';
import type { Ratio } from './ratios.ts';
import { Target } from './target.ts';

const fast = 'katydid FastHttpUser';
const http = 'katydid HttpUser';
const scenarios = { listener: '+ listener', catch: '+ catchResponse', json: '+ JSON per request' };
const own = [fast, http].flatMap((name) => {
  const file = name === fast ? 'fast' : 'http';
  const more = Object.entries(scenarios).map(([suffix, what]) => katydidWorker(`${name} ${what}`, `${file}-${suffix}`));
  return [katydidWorker(name, file), ...more];
});

const ratios: readonly Ratio[] = [
  { of: fast, to: 'wrk', wanted: 0.72 },
  { of: fast, to: 'autocannon', wanted: 1.35 },
  { of: fast, to: 'k6', wanted: 9 },
  { of: fast, to: 'Locust FastHttpUser', wanted: 15 },
  { of: http, to: 'undici dispatch', wanted: 0.9 },
  { of: http, to: 'k6', wanted: 4.5 },
  { of: http, to: 'Locust HttpUser', wanted: 35 },
  ...[fast, http].flatMap((to) => Object.values(scenarios).map((what) => ({ of: `${to} ${what}`, to, wanted: 0.7 }))),
];
await compare({
  generators: [...peers, ...own],
  ratios,
  target: () => Target.start(),
  users: 'fast',
  counts: '100,1000',
  title: 'Requests per CPU-second of the generator',
  isInPlot: (name) => !Object.values(scenarios).some((what) => name.endsWith(what)),
  scaling: { names: [fast, http, 'wrk', 'autocannon', 'undici dispatch'], wanted: 0.8 },
});
