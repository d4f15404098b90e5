import { createHmac } from 'node:crypto';
import { FastHttpUser, type Tasks } from 'katydid';

const document = 'a line of a document that is signed before it is sent, as some services want it\n'.repeat(2000);

/** Signs what it sends: a user that needs the processor itself, so that the target is not the limit. */
export class Visitor extends FastHttpUser {
  static tasks = { predict: 1 } satisfies Tasks<Visitor>;

  async predict() {
    const signature = createHmac('sha256', 'secret').update(document).digest('hex');
    await this.client.post('/predict', { json: { signature } });
  }
}
