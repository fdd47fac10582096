import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { computeResources } from '../../../src/core/pipeline/compute-resources.ts';
import { goDuration } from '../../../src/core/pipeline/duration.ts';
import { quantityValue } from '../../../src/core/pipeline/quantity.ts';
import { parseGoDuration } from '../../../src/local/go-duration.ts';

describe('seconds as a Go duration', () => {
  test.each([
    [0, '0h0m0s'],
    [59, '0h0m59s'],
    [60, '0h1m0s'],
    [3599, '0h59m59s'],
    [3600, '1h0m0s'],
    [5400, '1h30m0s'],
    [7 * 24 * 3600, '168h0m0s'],
  ])('%d is %s', (seconds, text) => {
    expect(goDuration(seconds)).toBe(text);
  });

  test('mean the same when Go reads them', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), (seconds) => {
        expect(parseGoDuration(goDuration(seconds))).toBe(seconds * 1000);
      }),
    );
  });
});

describe('a Kubernetes quantity as a number', () => {
  test.each([
    ['0', 0],
    ['2', 2],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['2.', 2],
    ['+1', 1],
    ['500m', 0.5],
    ['100u', 1e-4],
    ['5n', 5e-9],
    ['1k', 1000],
    ['128M', 128e6],
    ['1.5G', 1.5e9],
    ['2T', 2e12],
    ['1P', 1e15],
    ['1E', 1e18],
    ['1Ki', 1024],
    ['512Mi', 512 * 2 ** 20],
    ['1Gi', 2 ** 30],
    ['1Ti', 2 ** 40],
    ['1Pi', 2 ** 50],
    ['1Ei', 2 ** 60],
    ['1e3', 1000],
    ['12E-1', 1.2],
    ['', 0],
    ['lots', 0],
    ['1KiB', 0],
    ['1.2.3', 0],
  ])('%j is %d', (quantity, value) => {
    expect(quantityValue(quantity)).toBeCloseTo(value, 12);
  });
});

describe('what a task asks for is the most that any of its stages asks for', () => {
  const base = { cpu: '500m', memory: '1Gi' };

  test("without stages, and for a stage that says nothing, the operator's", () => {
    const both = { requests: base, limits: { memory: '1Gi' } };

    expect(computeResources(base, [])).toEqual(both);
    expect(computeResources(base, [undefined])).toEqual(both);
  });

  test('a stage may ask for less when it is alone', () => {
    expect(computeResources(base, [{ cpu: '100m', memory: '64Mi' }])).toEqual({
      requests: { cpu: '100m', memory: '64Mi' },
      limits: { memory: '64Mi' },
    });
  });

  test('cpu and memory are compared by what they mean, each by itself', () => {
    const stages = [
      { cpu: '1500m', memory: '900Mi' },
      { cpu: '2', memory: '1.5Gi' },
      { cpu: '0.1', memory: '1000000k' },
    ];

    expect(computeResources({}, stages)).toEqual({
      requests: { cpu: '2', memory: '1.5Gi' },
      limits: { memory: '1.5Gi' },
    });
  });

  test('half of it may be said', () => {
    expect(computeResources({ memory: '1Gi' }, [{ memory: '2Gi' }, undefined])).toEqual({
      requests: { memory: '2Gi' },
      limits: { memory: '2Gi' },
    });
    expect(computeResources({}, [{ cpu: '1' }])).toEqual({ requests: { cpu: '1' } });
    expect(computeResources({}, [])).toEqual({ requests: {} });
  });
});
