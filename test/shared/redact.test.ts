import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksSecret, redact } from '../../shared/redact.ts';
import { SECRETS } from './secrets.ts';

const BEGIN = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
const END = ['-----END', 'PRIVATE KEY-----'].join(' ');
const BODY = ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDXsecret', 'c2VjcmV0Cg=='];

for (const [name, secret] of Object.entries(SECRETS)) {
  test(`${name} is taken out of a line, and nothing else`, () => {
    assert.equal(redact(`got "${secret}", gave up`), 'got "[redacted]", gave up');
    assert.equal(looksSecret(secret), true);
  });
}

test('what is assigned to a name such as password is taken out', () => {
  assert.equal(redact('DB_PASSWORD=hunter2 rows=5'), 'DB_PASSWORD=[redacted] rows=5');
  assert.equal(redact("api_key: 'a b' rows"), 'api_key: [redacted] rows');
});

test('a private key is taken out with its body', () => {
  assert.equal(redact(['before', BEGIN, ...BODY, END, 'after'].join('\n')), 'before\n[redacted]\nafter');
});

test('a private key whose beginning was cut off is taken out', () => {
  assert.equal(redact([...BODY, END, 'after'].join('\n')), '[redacted]\nafter');
  assert.equal(
    redact(['[ 12.5] startup-script: before', `[ 12.6] startup-script: ${BODY[0]}`, END].join('\n')),
    '[ 12.5] startup-script: before\n[redacted]',
  );
});

test('a private key whose end was cut off is taken out, and what is no key stays', () => {
  assert.equal(redact(['before', BEGIN, ...BODY].join('\n')), 'before\n[redacted]');
  assert.equal(
    redact([`no ${BEGIN} in the file`, 'make: *** [all] Error 2'].join('\n')),
    'no [redacted]\nmake: *** [all] Error 2',
  );
});

test('a private key on one line is taken out of it', () => {
  assert.equal(
    redact(`{"private_key": "${BEGIN}\\n${BODY[0]}\\n${END}\\n", "type": "x"}`),
    '{"private_key": "[redacted]\\n", "type": "x"}',
  );
});

test('ordinary text stays as it is, and is no secret', () => {
  const text = 'Phase make ended with exit code 2.\nrows 12, https://example.com/services/x';
  assert.equal(redact(text), text);
  assert.equal(looksSecret('massachusetts,vermont'), false);
});
