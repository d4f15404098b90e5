// What the steps of `run` have in common.
import assert from 'node:assert/strict';
import { chartFolder } from '../helm/chart.ts';
import { kubectl, type Stats, until } from './cluster.ts';

/** Where a file of this folder lies. */
export const place = (file: string): string => new URL(file, import.meta.url).pathname;
/** The chart with the values of these tests; what installs it waits until its pods are ready. */
export const chart: readonly string[] = [chartFolder, '--values', place('values.yaml'), '--wait', '--timeout', '150s'];
/** A user file of this folder under that name in the ConfigMap, as Helm wants it told. */
export const file = (name: string, path: string): string[] => [
  '--set-file',
  `users.configMap.files.${name.replace('.', '\\.')}=${place(path)}`,
];
export const site: readonly string[] = file('site.ts', 'users/site.ts');
/** What was done, with its figures. */
export const figures: string[] = [];

/** A step: what it does, and how long that took. */
export async function step(what: string, work: () => Promise<string | undefined>): Promise<void> {
  const began = Date.now();
  const more = await work();
  const line = `${what}: ${((Date.now() - began) / 1000).toFixed(1)} s${more === undefined ? '' : `; ${more}`}`;
  figures.push(line);
  process.stdout.write(`ok ${line}\n`);
}

/** Throws if there was a failure, or no request; else what to tell. */
export const noFailures = (stats: Stats): string => {
  const total = stats.stats.find(({ name }) => name === 'Aggregated');
  assert.ok(total !== undefined && total.num_requests > 0, 'there were no requests');
  assert.equal(total.num_failures, 0);
  return `${total.num_requests} requests, none failed`;
};
export const names = (stats: Stats): string[] => stats.stats.map(({ name }) => name);

/** What the chart left behind in the namespace. */
async function leftovers(): Promise<string[]> {
  const kinds = 'all,configmap,secret,serviceaccount,pdb,hpa,networkpolicy,ingress,controllerrevision,endpointslice';
  const left = (await kubectl('get', kinds, '-o', 'name')).split('\n').filter((name) => name.includes('/'));
  return left.filter((name) => !/kube-root-ca\.crt$|serviceaccount\/default$/.test(name));
}

/** Waits until the namespace holds nothing of ours. */
export const nothingLeft = (): Promise<string[]> => until('nothing left', leftovers, (left) => left.length === 0, 60);
