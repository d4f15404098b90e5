/** The body of the POST requests, the same for all generators; about 200 bytes of JSON. */
export const payload: Readonly<Record<string, unknown>> = {
  text: 'The quick brown fox jumps over the lazy dog while the researchers publish a new paper about text classification with linear models and sparse features',
  lang: 'en',
  top_k: 3,
  explain: false,
};
