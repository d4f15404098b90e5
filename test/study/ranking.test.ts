import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conclusionOf } from '../../src/study/conclusion.ts';
import { findingOf } from '../../src/study/finding.ts';
import type { Mark } from '../../src/study/mark.ts';
import { made } from './simulated.ts';

const limits = { failRatio: 0.01 };
const saturated = [{ kind: 'generator' as const, text: '99 % CPU' }];

/** Marks of a variant that delivers so many requests per second from ten users on. */
function variant(scale: string, most: number, given: Partial<Mark> = {}): readonly Mark[] {
  return [1, 10, 20].map((users) =>
    made({ scale, users, rps: Math.min(most, (most * users) / 10), average: (1000 * users) / most, ...given }),
  );
}

const finding = (...variants: readonly (readonly Mark[])[]): ReturnType<typeof findingOf> =>
  findingOf(variants.flat(), { limits });
const sentences = (...variants: readonly (readonly Mark[])[]): readonly string[] => conclusionOf(finding(...variants));

test('variants are ranked by their best marks, and compared with the best, not from one to the next', () => {
  const { ranking, steps, top } = finding(
    variant('Python, REST', 1000),
    variant('Go, gRPC', 4210),
    variant('TypeScript, REST', 3000),
  );
  assert.deepEqual(
    ranking?.ranked.map(({ scale, share }) => [scale, Number(share?.toFixed(2))]),
    [
      ['Go, gRPC', 1],
      ['TypeScript, REST', 0.71],
      ['Python, REST', 0.24],
    ],
  );
  assert.deepEqual([steps.length, top?.scale], [0, 'Go, gRPC']);
});

test('the conclusion says who delivers most, and how much the others', () => {
  const [first] = sentences(variant('TypeScript, REST', 3000), variant('Go, gRPC', 4210), variant('Python, REST', 295));
  assert.equal(
    first,
    'Go, gRPC delivers most: 4,210 requests per second, with 10 users; TypeScript, REST 0.71 of it; Python, REST 0.070.',
  );
});

test('a difference that is noise, or small, is said to be none', () => {
  const [first] = sentences(variant('a', 1000, { rpsError: 0 }), variant('b', 960, { rpsError: 0 }));
  assert.equal(
    first,
    'a delivers most: 1,000 requests per second, with 10 users; b as much but for noise (0.96 of it).',
  );
  const noisy = { rpsError: 50 };
  assert.match(
    sentences(variant('a', 1000, noisy), variant('b', 900, noisy))[0] ?? '',
    /but for noise \(0\.90 of it\)/,
  );
  assert.match(sentences(variant('a', 1000), variant('b', 900))[0] ?? '', /; b 0\.90 of it\.$/);
});

test('with few users it is told who answers fastest: by the mean where medians are too coarse', () => {
  const { ranking } = finding(
    variant('slow', 100, { average: 1.4, median: 1, p95: 3 }),
    variant('fast', 50, { average: 0.642, median: 1, p95: 2 }),
  );
  assert.deepEqual([ranking?.fastest, ranking?.fastestBy], [['fast', 'slow'], 'average']);
  const text = sentences(
    variant('slow', 100, { average: 1.4, median: 1, p95: 3 }),
    variant('fast', 50, { average: 0.642, median: 1, p95: 2 }),
  )[1];
  assert.equal(text, 'fast answers fastest with 1 user: on average 0.64 ms, p95 2 ms; slow 1.40 ms.');
});

test('by the median where it tells them apart, whatever a few slow answers make of the mean', () => {
  const text = sentences(
    variant('a', 100, { average: 90, median: 40, p95: 600 }),
    variant('b', 50, { average: 70, median: 60, p95: 80 }),
  )[1];
  assert.equal(text, 'a answers fastest with 1 user: median 40 ms, p95 600 ms; b 60 ms.');
});

test('who answers as fast but for noise is no slower', () => {
  const text = sentences(
    variant('a', 100, { average: 0.05, median: 0, p95: 0 }),
    variant('b', 50, { average: 0.053, median: 0, p95: 0 }),
    variant('c', 50, { average: 0.06, median: 0, p95: 0 }),
  )[1];
  assert.equal(
    text,
    'a answers fastest with 1 user: on average 0.050 ms, p95 0 ms; b as fast but for noise (0.053 ms); c 0.060 ms.',
  );
});

test('light load is what all variants were measured with', () => {
  const { ranking } = finding(variant('a', 100), variant('b', 100).slice(1));
  assert.deepEqual(
    ranking?.ranked.map(({ atLight }) => atLight?.users),
    [10, 10],
  );
});

test('a variant that fails is neither fast nor delivers anything', () => {
  const broken = variant('broken', 9000, { failures: 500, requests: 1000, average: 0.1 });
  const { ranking } = finding(variant('a', 100), broken, variant('b', 90));
  assert.deepEqual(ranking?.fastest, ['a', 'b']);
  assert.deepEqual(
    ranking?.ranked.map(({ scale, rps }) => [scale, rps !== null]),
    [
      ['a', true],
      ['b', true],
      ['broken', false],
    ],
  );
  assert.match(sentences(variant('a', 100), broken)[0] ?? '', /\. No mark kept the limits for broken\.$/);
});

test('what the generator hid is told: the system may take more', () => {
  const told = (...busy: readonly string[]): string | undefined =>
    sentences(
      ...['a', 'b', 'c'].map((name, at) =>
        variant(name, 1000 / (at + 1), busy.includes(name) ? { disturbances: saturated } : {}),
      ),
    ).find((sentence) => sentence.startsWith('The generator'));
  assert.equal(told(), undefined);
  assert.equal(told('b'), 'The generator was saturated at the best mark of b: the system may take more.');
  assert.match(
    told('a') ?? '',
    /of a: the system may take more, and the others have at most the share that is told\.$/,
  );
  assert.match(told('a', 'b') ?? '', /of a and b: the systems may take more, and which of them .* is not known/);
  assert.match(told('a', 'b', 'c') ?? '', /of each variant: the systems may take more, and the order may be/);
});

test('names with commas are told apart', () => {
  const text = sentences(variant('Go, REST', 4000), variant('Go, gRPC', 2000)).join('\n');
  assert.match(text, /^The knee is near 10 users for Go, REST; Go, gRPC: /m);
});

test('a knee with a slope beyond it is not said to be the end of growth', () => {
  const bent = (scale: string, last: number): readonly Mark[] =>
    [1, 2, 5, 20].map((users) =>
      made({ scale, users, rps: Math.min(users * 100, 200) * (users === 20 ? last : 1), average: 10 * users }),
    );
  const text = sentences(bent('a', 1), bent('b', 1.4)).join('\n');
  assert.match(text, /^The knee is near 2 users for a: beyond it rps no longer grows, but waiting does\.$/m);
  assert.match(
    text,
    /^The knee is near \d users for b.*: beyond it rps grows by less than users do, and they wait\.$/m,
  );
});

test('one variant alone, and scales with numbers, are not ranked', () => {
  assert.equal(finding(variant('a', 100)).ranking, null);
  assert.equal(finding([1, 3].map((scale) => made({ scale }))).ranking, null);
});
