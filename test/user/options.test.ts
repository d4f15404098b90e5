import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { defineOptions, type OptionSpecs } from '../../src/user/options.ts';
import { environmentOf } from './scene.ts';

function mistakeIn(specs: unknown): string {
  try {
    defineOptions(specs as OptionSpecs);
  } catch (error) {
    assert.ok(error instanceof UsageError, `${error}`);
    return error.message;
  }
  return 'accepted';
}

test('declared options keep their declaration', () => {
  const specs = {
    tenant: { default: 'acme', choices: ['acme', 'globex'], help: 'whose shop', env: 'TENANT', short: 't' },
    maxTokens: { default: 100, inWebUi: false },
    paths: { default: ['/a'], multiple: true },
    isSlow: { default: false },
    key: { default: null, secret: true, required: true },
  };
  assert.deepEqual(defineOptions(specs).specs, specs);
});

test('their values are found in an environment', () => {
  const environment = environmentOf();
  environment.parsedOptions = { ...environment.parsedOptions, maxTokens: 7 };
  const { maxTokens } = defineOptions({ maxTokens: { default: 100 } }).of(environment);
  assert.equal(maxTokens, 7);
});

test('a name that is not camelCase is told', () => {
  for (const name of ['max-tokens', 'max_tokens', 'MaxTokens', '2fast', '', '__proto__']) {
    const specs = JSON.parse(`{ "${name}": { "default": 1 } }`);
    assert.equal(mistakeIn(specs), `option '${name}' must be a camelCase name such as 'maxTokens'`);
  }
});

test('an option without a default is told', () => {
  const expected = `option 'tokens' needs a default; its type is that of the option, for instance { default: 5 }`;
  for (const spec of [{}, { help: 'x' }, null, 5]) assert.equal(mistakeIn({ tokens: spec }), expected);
});

test('a word that no option has is told', () => {
  assert.equal(
    mistakeIn({ tenant: { default: 'a', choice: ['a'] } }),
    `option 'tenant' says 'choice'; it may say default, help, choices, multiple, secret, required, env, short, inWebUi`,
  );
});

test('a list needs a list as its default', () => {
  const expected = `option 'paths' is multiple, so its default must be a list, not string`;
  assert.equal(mistakeIn({ paths: { default: '/a', multiple: true } }), expected);
});

test('a short form is one letter', () => {
  for (const short of ['', 'ab', '-t', '1']) {
    const expected = `option 'tenant' has the short form '${short}'; one letter is expected`;
    assert.equal(mistakeIn({ tenant: { default: '', short } }), expected);
  }
});

test('a default is one of the choices, each of them if it is a list', () => {
  const choices = ['a', 'b', '3'];
  assert.equal(mistakeIn({ x: { default: 'c', choices } }), `option 'x' defaults to c, which is none of its choices`);
  const list = { default: ['a', 'c', 'd'], choices, multiple: true };
  assert.equal(mistakeIn({ x: list }), `option 'x' defaults to c, d, which is none of its choices`);
  for (const good of ['b', 3, ['a', 'b'], [], null, ''])
    assert.equal(mistakeIn({ x: { default: good, choices } }), 'accepted');
});
