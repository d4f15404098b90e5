import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StudySettings } from '../../src/study/settings.ts';
import { differenceOf, subjectOf } from '../../src/study/subject.ts';
import { madeSettings } from './made-driver.ts';

const difference = (before: Partial<StudySettings>, now: Partial<StudySettings>): string | undefined =>
  differenceOf(subjectOf(madeSettings(before)), subjectOf(madeSettings(now)));
const master = (url: string): Pick<StudySettings, 'master'> => ({ master: { url, headers: {}, isInsecure: false } });

test('what changes the measured figures makes another study', () => {
  assert.equal(difference({ host: 'http://a' }, { host: 'http://b' }), 'of host http://a, this one of http://b');
  assert.equal(difference({}, { host: 'http://b' }), 'of host none, this one of http://b');
  assert.equal(difference(master('http://m'), master('http://n')), 'of master http://m, this one of http://n');
  assert.equal(difference({ options: { tags: 'a' } }, {}), 'of options.tags a, this one of none');
  assert.match(difference({}, master('http://m')) ?? '', /^of locustfile users\.ts, this one of none/);
});

test('names, limits, repeats and marks do not', () => {
  const now = { name: 'other', repeats: 3, marks: [], limits: { failRatio: 0.5 }, settle: 9 };
  assert.equal(difference({}, now), undefined);
});

test('a variant may come later, but not become another one', () => {
  const of = (variants: StudySettings['variants']): Partial<StudySettings> => ({
    ...(variants === undefined ? {} : { variants }),
    scale: { values: Object.keys(variants ?? {}), readyTimeout: 1, pause: 0 },
  });
  const [go, python] = [{ host: 'http://go' }, { host: 'http://python' }];
  assert.equal(difference(of({ go }), of({ go, python })), undefined);
  assert.equal(
    difference(of({ go, python }), of({ go: python })),
    'of variants.go.host http://go, this one of http://python',
  );
});

test('no password is kept', () => {
  const settings = madeSettings({ host: 'http://ada:letmein@api', options: { token: 'letmein' } });
  assert.doesNotMatch(JSON.stringify(subjectOf(settings)), /letmein/);
});
