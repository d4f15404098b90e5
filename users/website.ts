import { between, HttpUser, type Tasks } from 'katydid';

/** Logs in, then looks at the home page twice as often as at the own profile. For `katydid target website`. */
export class WebsiteUser extends HttpUser {
  static host = 'http://127.0.0.1:8080';
  static waitTime = between(5, 9);
  static tasks = { index: 2, profile: 1 } satisfies Tasks<WebsiteUser>;

  async onStart() {
    await this.client.post('/login', { form: { username: 'ellen_key', password: 'education' } });
  }

  async index() {
    await this.client.get('/');
  }

  async profile() {
    await this.client.get('/profile');
  }
}
