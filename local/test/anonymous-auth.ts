import type { GoogleAuth } from 'google-gax';

/** The part of GoogleAuth that Google's REST fallback calls, without credentials: the local cloud asks for none. */
const anonymous = {
  getClient: async () => anonymous,
  getRequestHeaders: async () => ({}),
  getUniverseDomain: async () => 'googleapis.com',
  getProjectId: async () => 'test-project',
  fetch: (url: string, init: RequestInit) => fetch(url, init),
};

export const anonymousAuth = anonymous as unknown as GoogleAuth;
