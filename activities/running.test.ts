import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { CodedError } from '../model/errors.ts';
import { createFailures } from './running.ts';

test('what nobody foresaw is final at the fifth time, however often the activity waited for something before', () => {
  const failures = createFailures();
  const isFinal = (error: unknown, activity = 'one'): unknown => {
    const failure = failures.of(activity, error);
    return failure instanceof ApplicationFailure && failure.nonRetryable;
  };
  const unforeseen = new Error('nobody foresaw this');
  for (let i = 0; i < 9; i++) assert.equal(isFinal(new CodedError('database.unavailable')), false);
  for (let i = 1; i < 5; i++) assert.equal(isFinal(unforeseen), false);
  assert.equal(isFinal(unforeseen, 'another'), false);
  assert.equal(isFinal(unforeseen), true);
  assert.equal(isFinal(new CodedError('dir.missing')), true);
  failures.forget('one');
  assert.equal(isFinal(unforeseen), false);
});
