import type { startTestSite } from '../web/test-site.ts';
import { run, step } from '../web/test-site.ts';

export const LONG_LINES = 500_000;

/** Puts a finished run `long` on a site, whose test wrote 500,000 lines in one command: 60 MB. */
export async function writeLongLog(site: Awaited<ReturnType<typeof startTestSite>>): Promise<void> {
  const steps = [step('clone', 'succeeded', 0, 3), step('test', 'failed', 3, 43)];
  site.runs.set('long', run({ name: 'long', steps }));
  let text = '::group::make everything\n';
  for (let line = 2; line < LONG_LINES; line++) {
    text += `[${line % 97}%] \u001b[32mBuilding\u001b[0m CXX object src/lib/module${line % 5_000}/CMakeFiles/part.dir/source_${line}.cpp.o with -O2 -Wall -g\n`;
    if (text.length < 60_000) continue;
    await site.write('long', { stage: 'test' }, text, 3 + (40 * line) / LONG_LINES);
    text = '';
  }
  await site.write('long', { stage: 'test' }, `${text}FAILED\n`, 43);
}

/** When the page was painted first, in milliseconds; the browser tells of it some time after that. */
export const FIRST_PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') resolve(startTime);
  }).observe({ type: 'paint', buffered: true });
})`;

/** Scrolls a log up and down for some time, by the frame, and resolves with its longest task in milliseconds. */
export const SCROLL_AND_MEASURE = `(async () => {
  const box = document.querySelector('#test .log');
  let longest = 0;
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  tasks.observe({ type: 'longtask' });
  const far = box.scrollHeight - box.clientHeight;
  for (let frame = 0; frame < 180; frame++) {
    // Some screens at a time, and now and then from one end to the other.
    box.scrollTop = frame % 60 === 0 ? far * (frame / 180) : box.scrollTop + 700;
    await new Promise(requestAnimationFrame);
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  tasks.disconnect();
  return longest;
})()`;
