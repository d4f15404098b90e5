import { type Call, callOf } from './call.ts';
import { type Chain, chainsOf } from './chains.ts';
import type { PathTree } from './path-tree.ts';
import type { Pauses } from './pauses.ts';
import type { Sessions } from './sessions.ts';

/** Requests that nearly always follow each other. */
export interface Sequence {
  readonly calls: readonly Call[];
  /** How often a user begins it. */
  readonly weight: number;
}

/** A request that stands alone, and how often. */
export interface Single {
  readonly call: Call;
  readonly weight: number;
}

/** What logs say of the traffic: all that a user file is made of. */
export interface Recording {
  /** Requests that become tasks, the frequent ones first. */
  readonly calls: readonly Call[];
  readonly singles: readonly Single[];
  readonly sequences: readonly Sequence[];
  readonly pauses: Pauses;
  /** Endpoints that are too rare for the file, and their requests. */
  readonly rare: { readonly names: number; readonly requests: number };
}

/** What of an endpoint's requests may be outside of its sequence before it is a task of its own, too. */
const negligible = 0.05;

/** Puts together what was seen; at most `most` endpoints. */
export function recordingOf(tree: PathTree, sessions: Sessions, most: number): Recording {
  const templates = tree.templates().sort((one, other) => other.endpoint.hits - one.endpoint.hits);
  const calls = templates.slice(0, most).map(callOf);
  const left = templates.slice(most);
  const byId = new Map(calls.map((call) => [call.endpoint.id, call]));
  const hits = new Map(calls.map(({ endpoint }) => [endpoint.id, endpoint.hits]));
  const followers = sessions.followers((id) => tree.whole(id)?.id ?? id);
  const chains = chainsOf(hits, followers);
  const sequences: Sequence[] = [];
  const rests = new Map(hits);
  for (const chain of chains) {
    const { weight, over } = shareOut(chain, hits);
    sequences.push({ calls: chain.ids.flatMap((id) => byId.get(id) ?? []), weight });
    for (const [id, rest] of over) rests.set(id, rest);
  }
  const singles = calls.map((call) => ({ call, weight: rests.get(call.endpoint.id) ?? 0 })).filter(isLeft);
  const requests = left.reduce((sum, { endpoint }) => sum + endpoint.hits, 0);
  sequences.sort((one, other) => other.weight - one.weight);
  return { calls, singles, sequences, pauses: sessions.pauses, rare: { names: left.length, requests } };
}

const isLeft = ({ weight }: Single): boolean => weight > 0;

/**
 * How often a sequence is gone through, and how often each of its requests was made beside it. What is negligible
 * there counts as a part of the sequence, so that no task is left over for three requests of a thousand.
 */
function shareOut(chain: Chain, hits: ReadonlyMap<number, number>): { weight: number; over: Map<number, number> } {
  const steps = chain.ids.map((id) => ({ id, all: hits.get(id) ?? 0 }));
  const isNegligible = (all: number): boolean => all - chain.times <= negligible * all;
  const sum = steps.reduce((total, { all }) => total + (isNegligible(all) ? all : chain.times), 0);
  const weight = Math.round(sum / steps.length);
  const over = steps.map(({ id, all }) => [id, isNegligible(all) ? 0 : Math.max(0, all - weight)] as const);
  return { weight, over: new Map(over) };
}
