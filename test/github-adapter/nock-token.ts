import nock from 'nock';
import { INSTALLATION, PUBLIC, TOKEN } from './fixture.ts';

/** Answers one mint of an installation's token, which lives an hour. */
export function nockToken(baseUrl = PUBLIC, token = TOKEN, installation = INSTALLATION): nock.Scope {
  return nock(baseUrl)
    .post(`/app/installations/${installation}/access_tokens`)
    .matchHeader('authorization', /^bearer eyJ/)
    .reply(201, { token, expires_at: '2026-11-23T11:00:00Z', permissions: { checks: 'write' } });
}
