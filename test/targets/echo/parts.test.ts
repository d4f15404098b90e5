import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { platforms } from '../../../src/devices/platforms.ts';
import { fillIn } from '../../../src/devices/template.ts';
import { bindingOf } from '../../../src/targets/echo/binding.ts';
import { EventsTopic } from '../../../src/targets/echo/events-topic.ts';
import { answerTopic, TopicRights } from '../../../src/targets/echo/rights.ts';

const name = fc.string({ minLength: 1 }).filter((text) => !/[/+#\0]/.test(text));
const gcp = platforms.get('gcp');
assert.ok(gcp);

test('what was filled into a template is found again', () => {
  const template = 'projects/{project}/locations/{region}/registries/{registry}/devices/{device}';
  fc.assert(
    fc.property(fc.record({ project: name, region: name, registry: name, device: name }), (given) => {
      assert.deepEqual(bindingOf(template, fillIn(template, given), {}), { ...given });
    }),
  );
});

test('what is known already must be so', () => {
  assert.deepEqual(bindingOf('{a}/{b}', 'x/y', { a: 'x' }), { a: 'x', b: 'y' });
  assert.equal(bindingOf('{a}/{b}', 'x/y', { a: 'z' }), undefined);
  assert.equal(bindingOf('{a}', 'abc', { a: 'a.c' }), undefined);
});

test('the same name twice is the same text twice', () => {
  assert.deepEqual(bindingOf('{a}/{a}', 'x/x', {}), { a: 'x' });
  assert.equal(bindingOf('{a}/{a}', 'x/y', {}), undefined);
});

test('no gap takes a level of a topic, a wildcard or nothing', () => {
  for (const text of ['a/b', '+', '#', '', 'a+']) assert.equal(bindingOf('{a}', text, {}), undefined, text);
});

test('a text without end is not searched', () => {
  assert.equal(bindingOf('{a}', 'a'.repeat(10_000), {}), undefined);
});

test('no device can subscribe to what another one may, whatever the filter', () => {
  const level = fc.constantFrom('', 'devices', 'LTK00001', 'LTK00002', 'events', 'commands', 'config', '+', '#');
  const one = new TopicRights(gcp, { device: 'LTK00001' });
  const matches = (filter: string, topic: string): boolean => {
    const [pattern, given] = [filter.split('/'), topic.split('/')];
    const end = pattern.indexOf('#');
    if (end !== -1) return pattern.slice(0, end).every((each, at) => each === '+' || each === given[at]);
    return pattern.length === given.length && pattern.every((each, at) => each === '+' || each === given[at]);
  };
  fc.assert(
    fc.property(fc.array(level, { maxLength: 6 }), (levels) => {
      const filter = levels.join('/');
      if (!one.maySubscribe(filter)) return;
      for (const topic of ['/devices/LTK00002/commands', '/devices/LTK00002/config', '/devices/LTK00001/events']) {
        assert.equal(matches(filter, topic), false, filter);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a name that begins with a device’s own is not its own', () => {
  const rights = new TopicRights(gcp, { device: 'LTK1' });
  assert.equal(rights.mayPublish('/devices/LTK10/events'), false);
  assert.equal(rights.mayPublish('/devices/LTK1/eventsx'), false);
});

test('answers go to the commands topic without its wildcard', () => {
  const topicOf = (platform: 'gcp' | 'thingsboard'): string => {
    const rules = platforms.get(platform);
    assert.ok(rules);
    return answerTopic(rules, { device: 'LTK00001' }, 7);
  };
  assert.equal(topicOf('gcp'), '/devices/LTK00001/commands');
  assert.equal(topicOf('thingsboard'), 'v1/devices/me/rpc/request/7');
});

test('the events topic says whose events they are', () => {
  const events = new EventsTopic(gcp, {});
  assert.equal(events.filter, '/devices/+/events');
  assert.equal(events.deviceOf('/devices/LTK00001/events'), 'LTK00001');
  for (const other of ['/devices//events', '/devices/a/b/events', '/devices/LTK00001/state', '/devices/events']) {
    assert.equal(events.deviceOf(other), undefined, other);
  }
});
