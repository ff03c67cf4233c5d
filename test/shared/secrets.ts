/** One of each shape, put together here so that no scanner takes this file for a leak. */
export const SECRETS = {
  "a webhook's URL": ['https://hooks.slack.com', 'services', 'T0', 'B0', 'secret'].join('/'),
  'a Slack token': ['xoxb', '123456789012', 'secret'].join('-'),
  'an access token': ['ya29', 'a0AfB_secretsecret'].join('.'),
  'an API key': ['AIza', 'Sy-secretsecretsecretsecretsecret'].join(''),
  'a GitHub token': ['ghp', 'secretsecretsecretsecret'].join('_'),
  'a signed token': ['eyJhbGciOiJSUzI1', 'eyJzdWIiOiIxMjM0', 'c2lnbmF0dXJl'].join('.'),
  'an AWS key': ['AKIA', 'SECRETSECRET0000'].join(''),
};
