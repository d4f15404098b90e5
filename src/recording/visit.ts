import type { Call } from './call.ts';
import { callOf } from './call.ts';
import { steadyChance } from './chance.ts';
import type { Har, HarRequest } from './har.ts';
import { PathTree } from './path-tree.ts';
import { isSecretText } from './secret.ts';

/** A request and the kind of requests that it belongs to. */
export interface Visited {
  readonly request: HarRequest;
  readonly call: Call;
}

/** What was done at once: a page with what it loads, or what a click led to. */
export interface Step {
  readonly title: string;
  readonly visited: readonly Visited[];
  /** Seconds until the next step. */
  readonly think: number;
}

/** One session of a browser, in order. */
export interface Visit {
  readonly har: Har;
  readonly steps: readonly Step[];
}

/** Requests of one page with more silence than this between them, ms, are several steps. */
const silence = 1000;
/** After the last step nothing was recorded. Seconds. */
const lastThink = 1;

/** The steps of recordings, with the same names for the same kinds of requests in all of them. */
export function visitsOf(hars: readonly Har[], distinct: number): Visit[] {
  const tree = new PathTree({ distinct, values: 1000, chance: steadyChance() });
  const ids = new Map<HarRequest, number>();
  for (const request of hars.flatMap(({ requests }) => requests)) {
    const endpoint = tree.endpointOf(request.method, request.target, true);
    if (endpoint === undefined) continue;
    const { path, query } = request.target;
    endpoint.add(200, query === '' ? path : `${path}?${query}`, request.endedAt - request.startedAt);
    ids.set(request, endpoint.id);
  }
  const calls = new Map(tree.templates().map((template) => [template.endpoint, callOf(template)]));
  return hars.map((har) => {
    const visited = har.requests.flatMap((request) => {
      const id = ids.get(request);
      const endpoint = id === undefined ? undefined : tree.whole(id);
      const call = endpoint === undefined ? undefined : calls.get(endpoint);
      return call === undefined ? [] : [{ request, call }];
    });
    return { har, steps: stepsOf(visited, har) };
  });
}

function stepsOf(visited: readonly Visited[], har: Har): Step[] {
  const groups: Visited[][] = [];
  let page: string | undefined;
  let endedAt = 0;
  for (const one of visited) {
    const { request } = one;
    const isNew = page === undefined || request.page !== page || request.startedAt - endedAt > silence;
    if (isNew) groups.push([one]);
    else groups.at(-1)?.push(one);
    page = request.page;
    endedAt = isNew ? request.endedAt : Math.max(endedAt, request.endedAt);
  }
  return groups.map((group, at) => {
    const end = Math.max(...group.map(({ request }) => request.endedAt));
    const next = groups[at + 1]?.[0]?.request.startedAt;
    const think = next === undefined ? lastThink : Math.max(0, next - end) / 1000;
    return { title: titleOf(har.titles.get(group[0]?.request.page ?? '') ?? ''), visited: group, think };
  });
}

/** Browsers take the URL for a title where there is none: it says nothing new, and may hold what is secret. */
function titleOf(title: string): string {
  return /^\w+:\/\//.test(title) || isSecretText(title) ? '' : title.slice(0, 60);
}
