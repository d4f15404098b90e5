import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { loadProto } from '../../src/grpc/proto.ts';
import { type Service, serviceOfProto } from '../../src/grpc/service.ts';
import { userFolder } from '../swarm/user-folder.ts';
import { makeUser, rowsOf } from './user-under-test.ts';

const file = `syntax = "proto3";
package shop.v1;
import "google/protobuf/timestamp.proto";
import "google/protobuf/any.proto";
enum Kind { KIND_UNSPECIFIED = 0; KIND_BOOK = 1; }
message Order {
  message Item {
    string name = 1;
    int32 item_count = 2;
    Kind kind = 3;
    enum Size { SIZE_UNSPECIFIED = 0; SIZE_BIG = 1; }
    Size size = 4;
  }
  string id = 1;
  repeated Item items = 2;
  map<string, Item> by_name = 3;
  map<int32, int64> prices = 4;
  bool is_paid = 5;
  double weight = 6;
  bytes image = 7;
  uint32 small = 8;
  uint64 big = 9;
  oneof payment { string card = 10; int64 voucher = 11; }
  google.protobuf.Timestamp at = 12;
  google.protobuf.Any any = 13;
  Order before = 14;
  repeated Kind kinds = 15;
  repeated float floats = 16;
  Item.Size size = 17;
}
service Shop { rpc Buy(Order) returns (Order.Item); rpc Pack(Order.Item) returns (Order); }
`;

let shop: Service;
before(async (t) => {
  const folder = await userFolder(t as TestContext, { 'shop.proto': file });
  const source = { files: ['shop.proto'], includeDirs: [], options: {}, folders: [folder], className: 'ShopUser' };
  shop = serviceOfProto(loadProto(source), undefined, 'ShopUser');
});

const send = (request: unknown, method = 'buy'): Buffer => {
  const found = shop.methods.get(method);
  assert.ok(found);
  return found.serialize(request);
};

const right: readonly unknown[] = [
  {},
  { id: 'a', isPaid: true, weight: 1.5, small: 7, big: 7, floats: [1, 'NaN'], kinds: ['KIND_BOOK', 0] },
  { items: [{ name: 'x', itemCount: 1, kind: 'KIND_BOOK', size: 'SIZE_BIG' }], size: 'SIZE_BIG' },
  { byName: { x: { name: 'x' } }, prices: { 1: 5, 2: '6' } },
  { image: Buffer.from('x') },
  { image: 'eA==' },
  { big: '18446744073709551615', voucher: -5n },
  { payment: 'card', card: '4711' },
  { at: { seconds: 1, nanos: 2 } },
  { any: { '@type': 'type.test/shop.v1.Order', id: 'x' } },
  { before: { before: { id: 'x' } } },
  { id: null, items: undefined },
];
for (const request of right) {
  test(`${JSON.stringify(request, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))} is sent`, () => {
    assert.ok(send(request) instanceof Buffer);
  });
}

const wrong: readonly (readonly [request: unknown, says: string])[] = [
  [{ idd: 'a' }, "idd is no field of shop.v1.Order; did you mean 'id'?"],
  [{ items: [{ nam: 'a' }] }, "items[0].nam is no field of shop.v1.Order.Item; did you mean 'name'?"],
  [{ items: [{}, { itemCount: 'two' }] }, "items[1].itemCount is 'two'; a whole number (int32) is expected"],
  [{ items: { name: 'a' } }, 'items is an object (Object); a list is expected'],
  [{ byName: { x: { itemCount: 1.5 } } }, "byName['x'].itemCount is 1.5; a whole number (int32) is expected"],
  [{ byName: new Map() }, 'byName is an object (Map); an object of keys and values is expected'],
  [{ id: 5 }, 'id is 5; a string is expected'],
  [{ isPaid: 'yes' }, "isPaid is 'yes'; a boolean is expected"],
  [{ weight: '1' }, "weight is '1'; a number is expected"],
  [{ small: -1 }, 'small is -1; a whole number (int32) is expected'.replace('int32', 'uint32')],
  [{ small: 2 ** 32 }, 'small is 4294967296; a whole number (uint32) is expected'],
  [{ big: -1 }, 'big is -1; a whole number (uint64), as number, bigint or text, is expected'],
  [{ image: 5 }, 'image is 5; bytes (a Buffer, or base64) are expected'],
  [{ kinds: ['KIND_BOK'] }, "kinds[0] is 'KIND_BOK'; one of KIND_UNSPECIFIED, KIND_BOOK (Kind) is expected"],
  [{ at: new Date() }, 'at is an object (Date); an object of the form of google.protobuf.Timestamp is expected'],
  [{ before: { before: { id: 1 } } }, 'before.before.id is 1; a string is expected'],
  [[], 'the request is a list; an object of the form of shop.v1.Order is expected'],
  [undefined, 'the request is undefined; an object of the form of shop.v1.Order is expected'],
  ['text', "the request is 'text'; an object of the form of shop.v1.Order is expected"],
];
for (const [request, says] of wrong) {
  test(`a wrong request: ${says}`, () => {
    assert.throws(
      () => send(request),
      (thrown: Error) => {
        assert.ok(thrown instanceof UsageError);
        assert.equal(thrown.message, `/shop.v1.Shop/Buy: ${says}`);
        return true;
      },
    );
  });
}

test('a request whose type is within another one is checked, too', () => {
  assert.throws(() => send({ nam: 'a' }, 'pack'), /nam is no field of shop\.v1\.Order\.Item/);
});

test('a call with a wrong request throws and is not counted: it is a mistake of the task', async (t) => {
  const user = makeUser(t, { host: '127.0.0.1:1' });
  const wrongText = { text: 5 } as never;
  const error = { name: 'UsageError', message: '/text.v1.Classifier/Predict: text is 5; a string is expected' };
  await assert.rejects(user.client.predict(wrongText), error);
  await assert.rejects(user.client.predictAll([wrongText]), UsageError);
  await assert.rejects(user.client.predictAll({ text: 'a' } as never), /PredictAll: a list or an \(async\) iterable/);
  await assert.rejects(Promise.resolve(user.client.predictWords(wrongText)), UsageError);
  await assert.rejects(user.client.predictEach().write(wrongText), UsageError);
  assert.deepEqual(rowsOf(user), []);
});

test('a mistyped option is an error that names the nearest one', async (t) => {
  const user = makeUser(t, { host: '127.0.0.1:1' });
  const call = (options: object): Promise<unknown> => user.client.predict({ text: '' }, options);
  await assert.rejects(call({ deadlin: 5 }), { message: "a call has no option 'deadlin'; did you mean 'deadline'?" });
  await assert.rejects(call({ deadline: -1 }), UsageError);
  await assert.rejects(call({ catchResponse: 'x' }), UsageError);
});

test('a host that is none is an error of the call', async (t) => {
  await assert.rejects(makeUser(t, { host: 'nowhere' }).client.predict({ text: '' }), UsageError);
  await assert.rejects(makeUser(t).client.predict({ text: '' }), /You must specify the host/);
});
