// k6: 3 POST with a JSON body : 1 GET; with IDLE set, one GET and then nothing.
import { sleep } from 'k6';
import http from 'k6/http';

const payload = {
  text: 'The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features',
  lang: 'en',
  top_k: 3,
  explain: false,
};
const params = { headers: { 'content-type': 'application/json' } };

export default function visit() {
  if (__ENV.IDLE) {
    http.get(`${__ENV.URL}/`);
    sleep(1000);
  } else if (Math.random() < 0.75) {
    http.post(`${__ENV.URL}/predict`, JSON.stringify(payload), params);
  } else {
    http.get(`${__ENV.URL}/`);
  }
}
