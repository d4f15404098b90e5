import { createServer, type Server } from 'node:http';
import { log } from '../log.ts';

/** Method and path → what is answered, and whether it is logged. */
const pages = new Map([
  ['GET /', { body: 'Our example home page.', logged: undefined }],
  ['POST /login', { body: 'Login', logged: 'Login Request' }],
  ['GET /profile', { body: 'Profile', logged: 'Profile Request' }],
]);

/** The site that `users/website.ts` visits: a home page, a login and a profile. */
export function website(): Server {
  return createServer((request, response) => {
    request.resume();
    const [path] = (request.url ?? '/').split('?');
    const page = pages.get(`${request.method} ${path}`);
    if (page?.logged !== undefined) log.info(page.logged);
    const body = page?.body ?? 'There is no such page.';
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/plain', 'content-length': body.length });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
}
