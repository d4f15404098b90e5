// A git server as a company has one: HTTPS with a certificate of its own, and nothing without a token.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { run } from '../tools/run.ts';

export interface GitServer {
  /** `https://10.210.0.1:40001` */
  readonly url: string;
  /** Who signs for it: a file. */
  readonly authority: string;
  /** Requests that came with the right token, and without. */
  readonly asked: { allowed: number; refused: number };
  close(): void;
}

/** Serves the repositories in a folder to user `load` with this token; writes its certificate into the folder, too. */
export async function serveGit(folder: string, address: string, token: string): Promise<GitServer> {
  const [key, authority] = [join(folder, 'server.key'), join(folder, 'server.crt')];
  const named = ['-subj', '/CN=git', '-addext', `subjectAltName=IP:${address}`, '-keyout', key, '-out', authority];
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...named]);
  const wanted = `Basic ${Buffer.from(`load:${token}`).toString('base64')}`;
  const asked = { allowed: 0, refused: 0 };
  const server = createServer({ key: await readFile(key), cert: await readFile(authority) }, (request, response) => {
    if (request.headers.authorization !== wanted) {
      asked.refused++;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    asked.allowed++;
    const { pathname, search } = new URL(request.url ?? '/', 'https://git');
    const backend = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '*',
        REQUEST_METHOD: request.method,
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        HTTP_GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: 'load',
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    backend.on('close', () => {
      const answer = Buffer.concat(chunks);
      const end = answer.indexOf('\r\n\r\n');
      const fields = answer.subarray(0, end).toString().split('\r\n');
      const headers = Object.fromEntries(fields.map((line) => line.split(/: */, 2)));
      response.writeHead(Number.parseInt(headers.Status ?? '200', 10), headers).end(answer.subarray(end + 4));
    });
  });
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `https://${address}:${port}`, authority, asked, close };
}
