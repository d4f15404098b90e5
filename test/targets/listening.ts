import type { Server } from 'node:http';
import type { TestContext } from 'node:test';
import { httpListener } from '../../src/targets/http-listener.ts';

/** Starts a server for a test; returns its address. */
export async function listening(t: TestContext, server: Server): Promise<string> {
  const listener = httpListener(server);
  const port = await listener.listen('127.0.0.1', 0);
  t.after(() => listener.close(0));
  return `http://127.0.0.1:${port}`;
}

/** What a POST of this JSON, or of this text, is answered. */
export async function post(url: string, body: unknown): Promise<{ readonly status: number; readonly answer: unknown }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method: 'POST', body: text });
  return { status: response.status, answer: await response.json() };
}
