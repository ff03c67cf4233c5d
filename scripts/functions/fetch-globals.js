// Node's own fetch takes 20 ms to load, and its Headers and FormData load all of it. The Google clients fetch by node-fetch; so do all.
export { FormData } from 'formdata-polyfill/esm.min.js';
export { default as Headers } from 'node-fetch/src/headers.js';

export async function fetch(...request) {
  const { default: nodeFetch } = await import('node-fetch');
  return nodeFetch(...request);
}
