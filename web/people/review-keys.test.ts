import assert from 'node:assert/strict';
import { test } from 'node:test';

test('a key of the review says one thing, however long it is held', async () => {
  const listeners: ((event: object) => void)[] = [];
  let clicks = 0;
  const confirm = { dataset: { key: 'y' }, matches: () => false, click: () => clicks++ };
  const face = { querySelectorAll: () => [confirm] };
  Object.assign(globalThis, {
    Element: Object,
    document: {
      addEventListener: (_: string, listener: (event: object) => void) => listeners.push(listener),
      querySelector: () => ({ querySelector: () => face }),
      activeElement: null,
    },
  });
  await import(new URL('../assets/review.js', import.meta.url).href);
  const press = (repeat: boolean) => {
    for (const listener of listeners) listener({ key: 'y', repeat, preventDefault: () => undefined });
  };
  press(false);
  for (let i = 0; i < 5; i++) press(true);
  assert.equal(clicks, 1);
});
