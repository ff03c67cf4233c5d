// Node's own Headers and FormData load all of its fetch, 20 ms; these packages fetch by node-fetch, which has its own.
export { FormData } from 'formdata-polyfill/esm.min.js';
export { default as Headers } from 'node-fetch/src/headers.js';
