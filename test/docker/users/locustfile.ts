import { constant, HttpUser, type Tasks } from 'katydid';

/** Visits the website of `katydid target website`; each visit but the home page is a line in the site's log. */
export class Visitor extends HttpUser {
  static host = 'http://website:8080';
  static waitTime = constant(0.1);
  static tasks = { profile: 1 } satisfies Tasks<Visitor>;

  async onStart() {
    await this.client.post('/login');
  }

  async profile() {
    await this.client.get('/profile');
  }
}
