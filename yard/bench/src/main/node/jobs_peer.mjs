// Job queues of Node.js on PostgreSQL: a round for each line that is read, answered by a line of numbers.
//
//   node jobs_peer.mjs KIND URL MODULES ONES BATCHED SECONDS
//
// KIND is graphile-worker or pg-boss, MODULES the directory where npm has put them. ONES jobs are put in one at a time
// by eight callers, BATCHED in batches; all of them are worked off; then 200 a second for so many SECONDS. The numbers:
// microseconds of a job put in alone, of one put in in a batch, of one worked off; the median and the 99th percentile of
// milliseconds from when a job was due to its handler; and none of what others tell.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import path from "node:path";

const [kind, url, modules, ones, batched, seconds] = process.argv.slice(2);
const CALLERS = 8;
const BATCH = 1000;
const RATE = 200;

const require = createRequire(path.join(modules, "node_modules", "none.js"));

/** Counts the calls of handlers, and says when there were so many. */
class Counting {
  constructor(count) {
    this.left = count;
    this.begun = 0;
    this.done = new Promise((resolve) => (this.end = resolve));
  }

  handled() {
    this.begun ||= performance.now();
    if (--this.left === 0) {
      this.end(performance.now());
    }
  }
}

class GraphileWorker {
  async open() {
    const { makeWorkerUtils } = require("graphile-worker");
    this.utils = await makeWorkerUtils({ connectionString: url, preset: { worker: { maxPoolSize: CALLERS } } });
    await this.utils.migrate();
  }

  put(job) {
    return this.utils.addJob("empty", job);
  }

  putAll(jobs) {
    return this.utils.addJobs(jobs.map((payload) => ({ identifier: "empty", payload })));
  }

  /** As its page on performance says for many jobs, or for few that are to begin soon. */
  async work(handler, many) {
    const { run, Logger } = require("graphile-worker");
    this.runner = await run({
      logger: new Logger(() => () => {}),
      noHandleSignals: true,
      taskList: { empty: handler },
      preset: {
        worker: {
          connectionString: url,
          concurrentJobs: CALLERS,
          maxPoolSize: CALLERS + 4,
          pollInterval: 2000,
          ...(many ? { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } : {}),
        },
      },
    });
  }

  rest() {
    return this.runner.stop();
  }
}

class PgBoss {
  async open() {
    const { PgBoss: Boss } = require("pg-boss");
    this.boss = new Boss({ connectionString: url, max: CALLERS + 4, useListenNotify: true });
    this.boss.on("error", (error) => console.error(error));
    await this.boss.start();
    await this.boss.createQueue("empty", { notify: true });
  }

  put(job) {
    return this.boss.send("empty", job);
  }

  putAll(jobs) {
    return this.boss.insert("empty", jobs.map((data) => ({ data })));
  }

  work(handler, many) {
    return this.boss.work(
      "empty",
      {
        pollingIntervalSeconds: 0.5,
        notifyPollingIntervalSeconds: 0.5,
        localConcurrency: many ? 2 : CALLERS,
        batchSize: many ? 500 : 10,
        burstWhenBatchFull: true,
      },
      async (jobs) => {
        for (const job of jobs) {
          await handler(job.data);
        }
      },
    );
  }

  rest() {
    return this.boss.offWork("empty", { wait: true });
  }
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

async function round(queue) {
  let next = 0;
  let start = performance.now();
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (next++ < ones) {
        await queue.put({ due: 0 });
      }
    }),
  );
  const alone = ((performance.now() - start) * 1000) / ones;
  start = performance.now();
  for (let put = 0; put < batched; put += BATCH) {
    await queue.putAll(Array.from({ length: BATCH }, () => ({ due: 0 })));
  }
  const together = ((performance.now() - start) * 1000) / batched;

  let counting = new Counting(Number(ones) + Number(batched));
  await queue.work(async () => counting.handled(), true);
  const worked = ((await counting.done) - counting.begun) * 1000 / (Number(ones) + Number(batched));
  await queue.rest();

  const count = RATE * seconds;
  counting = new Counting(count);
  const late = [];
  await queue.work(async (job) => {
    late.push(performance.now() - job.due);
    counting.handled();
  }, false);
  await sleep(500);
  start = performance.now();
  for (let i = 0; i < count; i++) {
    const due = start + (i * 1000) / RATE;
    const left = due - performance.now();
    if (left > 0) {
      await sleep(left);
    }
    queue.put({ due });
  }
  await counting.done;
  await queue.rest();
  late.sort((a, b) => a - b);
  return [alone, together, worked, percentile(late, 0.5), percentile(late, 0.99), NaN];
}

const queue = kind === "pg-boss" ? new PgBoss() : new GraphileWorker();
await queue.open();
for await (const _ of createInterface({ input: process.stdin })) {
  console.log((await round(queue)).join(" "));
}
process.exit(0);
