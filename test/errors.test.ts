import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import {
  CatchResponseError,
  ControlFlow,
  failureText,
  HTTPError,
  InterruptTaskSet,
  isFailure,
  pythonRepr,
  RescheduleTask,
  RescheduleTaskImmediately,
  StopTest,
  StopUser,
  toError,
  UsageError,
} from '../src/errors.ts';

/** Text → what Python 3.11 says to `repr(text)`. */
const reprs: readonly (readonly [string, string])[] = [
  ['', `''`],
  ['plain', `'plain'`],
  [`it's`, `"it's"`],
  [`'`, `"'"`],
  ['"', `'"'`],
  ['say "hi"', `'say "hi"'`],
  [`it's "both"`, String.raw`'it\'s "both"'`],
  ['back\\slash', String.raw`'back\\slash'`],
  [`\\'`, String.raw`"\\'"`],
  ['line\nbreak', String.raw`'line\nbreak'`],
  ['\r\t', String.raw`'\r\t'`],
  ['\0\x01\x1f\x7f', String.raw`'\x00\x01\x1f\x7f'`],
  ['\x80\x9f\xa0\xad\xff', String.raw`'\x80\x9f\xa0\xadÿ'`],
  ['blåbär ✓', `'blåbär ✓'`],
  ['日本語', `'日本語'`],
  ['😀', `'😀'`],
  ['e\u0301', `'e\u0301'`],
  ['\u200b\u200d\u2028\u2029\u202e', String.raw`'\u200b\u200d\u2028\u2029\u202e'`],
  ['\u3000\ufeff', String.raw`'\u3000\ufeff'`],
  ['\ue000\uf8ff', String.raw`'\ue000\uf8ff'`],
  ['\ud800', String.raw`'\ud800'`],
  ['\u{e0001}\u{f0000}', String.raw`'\U000e0001\U000f0000'`],
  ['\ufffe\uffff', String.raw`'\ufffe\uffff'`],
];

test('pythonRepr writes each text as Python does', () => {
  for (const [text, expected] of reprs) assert.equal(pythonRepr(text), expected);
});

test('a failure that is a text reads as it is', () => {
  assert.equal(failureText(`it's got a "quote"\n`), `it's got a "quote"\n`);
});

test('a failure that is an Error reads as Python writes an exception', () => {
  assert.equal(failureText(new CatchResponseError('no name')), "CatchResponseError('no name')");
  assert.equal(failureText(new HTTPError(`can't`)), `HTTPError("can't")`);
  assert.equal(failureText(new TypeError('x is\nnot')), String.raw`TypeError('x is\nnot')`);
});

test('a failure of any other kind reads as its text', () => {
  assert.equal(failureText(503), '503');
  assert.equal(failureText(Symbol('odd')), 'Symbol(odd)');
  assert.equal(failureText(Object.create(null)), 'object');
});

test('memory addresses are masked, so that one failure is one row', () => {
  assert.equal(failureText('<Thing object at 0x7f00aa> failed'), '<Thing object at 0x....> failed');
  const twice = new Error('<A object at 0xAB>, <B object at 0x1>');
  assert.equal(failureText(twice), "Error('<A object at 0x....>, <B object at 0x....>')");
});

test('a text that only looks like an address stays', () => {
  assert.equal(failureText('object at 0x7f00aa'), 'object at 0x7f00aa');
  assert.equal(failureText('sent 0x7f00aa>'), 'sent 0x7f00aa>');
});

test('what Python calls false is no failure', () => {
  for (const nothing of ['', null, undefined, 0, false]) assert.equal(isFailure(nothing), false);
  for (const something of ['x', 1, true, new Error(''), {}]) assert.equal(isFailure(something), true);
});

test('an Error stays itself', () => {
  const error = new RangeError('far');
  assert.equal(toError(error), error);
});

test('what is thrown and no Error is told of, and kept as the cause', () => {
  const said = (thrown: unknown): string => {
    const error = toError(thrown);
    assert.equal(error.cause, thrown);
    return error.message;
  };
  assert.equal(said(null), 'null was thrown, which is not an Error');
  assert.equal(said(undefined), 'undefined was thrown, which is not an Error');
  assert.equal(said('boom'), "'boom' was thrown, which is not an Error");
  assert.equal(said(42), '42 was thrown, which is not an Error');
  assert.equal(said(Symbol('s')), 'Symbol(s) was thrown, which is not an Error');
  assert.equal(said(Object.create(null)), 'object was thrown, which is not an Error');
  assert.equal(said({ message: 7 }), '[object Object] was thrown, which is not an Error');
});

test('an object with a message becomes an Error with that message and its stack', () => {
  const thrown = { message: 'from afar', stack: 'afar.js:1' };
  const error = toError(thrown);
  assert.ok(error instanceof Error);
  assert.deepEqual([error.message, error.stack, error.cause], ['from afar', 'afar.js:1', thrown]);
});

test('an Error of another realm keeps its message and stack', () => {
  const foreign = runInNewContext('new RangeError("elsewhere")') as Error;
  assert.equal(foreign instanceof Error, false);
  const error = toError(foreign);
  assert.ok(error instanceof Error);
  assert.deepEqual([error.message, error.stack], ['elsewhere', foreign.stack]);
});

test('all control flow has one base and is named after its class', () => {
  const flows = [new StopUser(), new StopTest(), new RescheduleTask(), new RescheduleTaskImmediately()];
  for (const flow of [...flows, new InterruptTaskSet()]) {
    assert.ok(flow instanceof ControlFlow);
    assert.equal(flow.name, flow.constructor.name);
  }
  assert.ok(new StopTest() instanceof StopUser);
});

test('an interrupt reschedules at once unless told otherwise', () => {
  assert.equal(new InterruptTaskSet().reschedule, true);
  assert.equal(new InterruptTaskSet(false).reschedule, false);
});

test('a usage error is no control flow', () => {
  assert.equal(new UsageError('x') instanceof ControlFlow, false);
});
