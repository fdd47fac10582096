import { expect, test } from '@jest/globals';
import { TryLaterError } from '../../src/app/ports.ts';
import { errorOfAnswer, KubeError, statusOf } from '../../src/tekton/kube-error.ts';

test("tells the server's own words and reason", () => {
  const body = JSON.stringify({ message: 'pods is forbidden', reason: 'Forbidden' });

  const error = errorOfAnswer('GET /pods', 403, body);

  expect(error).toMatchObject({ status: 403, reason: 'Forbidden', detail: 'pods is forbidden' });
  expect(error.message).toBe('GET /pods: 403 Forbidden: pods is forbidden');
});

test.each([
  [429, '{}', '3', 3],
  [503, '{"details":{"retryAfterSeconds":1}}', undefined, 1],
  [500, '{"details":{"retryAfterSeconds":2}}', undefined, 2],
])('a %i that says when to come again is obeyed', (status, body, header, retryAfterSeconds) => {
  const error = errorOfAnswer('GET /pods', status, body, header);

  expect(error).toBeInstanceOf(TryLaterError);
  expect(error).toMatchObject({ retryAfterSeconds });
  expect(statusOf(error)).toBe(status);
});

test.each([
  [502, '<html>a proxy</html>', undefined],
  [503, '{}', 'Wed, 21 Oct 2015 07:28:00 GMT'],
  [409, '{"details":{"retryAfterSeconds":2}}', undefined],
])('a %i that does not is an answer like any other', (status, body, header) => {
  const error = errorOfAnswer('GET /pods', status, body, header);

  expect(error).toBeInstanceOf(KubeError);
  expect(statusOf(error)).toBe(status);
});

test('the page of a proxy is cut', () => {
  expect(errorOfAnswer('GET /pods', 502, 'x'.repeat(10_000)).message.length).toBeLessThan(1_100);
});

test('what is no answer has no status', () => {
  expect(statusOf(new Error('connect ECONNREFUSED'))).toBeNull();
});
