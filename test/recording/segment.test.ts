import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterId, isAsset } from '../../src/recording/segment.ts';

test('identifiers are known by their looks', () => {
  for (const segment of [
    ...['1', '-5', '00042', '20260512', '2026-05-12', '2026-05', '2026-05-12T10:00:00Z', '52.5,13.4'],
    ...['0190b5a2-7a3c-7d52-8d1e-2f6f8a1f3b10', '507f1f77bcf86cd799439011', 'deadbeef1', '01ARZ3NDEKTSV4RRFFQ69G5FAV'],
    ...['ada@example.com', 'ada%40example.com', 'order-1234', 'cus_9f8a7b6c5d', 'dQw4w9WgXcQ1', 'aGVsbG8gd29ybGQ0Mg=='],
  ]) {
    assert.equal(afterId(segment), '', segment);
  }
});

test('what follows an identifier is kept', () => {
  assert.equal(afterId('123.json'), '.json');
  assert.equal(afterId('507f1f77bcf86cd799439011.jpg'), '.jpg');
});

test('words are no identifiers', () => {
  for (const segment of [
    '',
    'users',
    'v1',
    'v2.1',
    'facade',
    'deadbeef',
    'oauth2',
    'sign-in',
    'index.php',
    'top-5',
    'http2',
    'getUserById',
  ]) {
    assert.equal(afterId(segment), undefined, segment);
  }
});

test('static files are known by their ending', () => {
  for (const path of ['/a.css', '/x/app.1f2e.js', '/favicon.ico', '/f.WOFF2', '/robots.txt'])
    assert.ok(isAsset(path), path);
  for (const path of ['/', '/a.json', '/js', '/a.php', '/report.pdf', '/a.js/b']) assert.ok(!isAsset(path), path);
});
