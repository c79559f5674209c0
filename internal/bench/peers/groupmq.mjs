// Adds jobs to groups of groupmq, and works them, each when a line on standard
// input asks for it: "add" or "work". Each time it prints one line of JSON:
//
//   {"seconds": 1.2, "cpuMicros": 1200000, "violations": 0}
//
// It ends when standard input does.
//
//   node groupmq.mjs '{"redis": "unix:///tmp/redis.sock", "groups": 1000, "each": 40, "text": " word after word"}'
//
// The text follows the number of the job within its group.
import readline from "node:readline";
import Redis from "ioredis";
import { Queue, Worker } from "groupmq";

const { redis: url, groups, each, text } = JSON.parse(process.argv[2]);

// producers is how many jobs are on their way to Redis at a time, as in the
// workloads of Turnwise; concurrency is how many groups are worked at a time.
const producers = 64;
const concurrency = 32;

const connect = () =>
  url.startsWith("unix://") ? new Redis({ path: url.slice("unix://".length), maxRetriesPerRequest: null }) : new Redis(url, { maxRetriesPerRequest: null });

const redis = connect();
const queue = new Queue({ redis, namespace: "bench", jobTimeoutMs: 30_000 });

// add adds the jobs: concurrently to different groups, one after the other to
// each.
async function add() {
  const producer = async (first) => {
    for (let n = 0; n < each; n++) {
      for (let g = first; g < groups; g += producers) {
        await queue.add({ groupId: `group-${g}`, data: `${n}${text}` });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(producers, groups) }, (_, p) => producer(p)));
  return 0;
}

// work works them all with a handler that does nothing, and counts those that
// are out of order. What comes twice is out of order too. If nothing has come
// for half a minute, what is missing was lost.
async function work() {
  const next = new Map();
  let violations = 0;
  let done = 0;
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  let timer = setTimeout(finish, 30_000);
  const worker = new Worker({
    queue,
    concurrency,
    handler: async (job) => {
      const n = Number.parseInt(job.data, 10);
      const expected = next.get(job.groupId) ?? 0;
      if (n !== expected) violations++;
      next.set(job.groupId, Math.max(n + 1, expected));
      done++;
      timer.refresh();
      if (done === groups * each) finish();
    },
  });
  worker.on("error", (err) => process.stderr.write(`groupmq: ${err}\n`));
  const run = worker.run();
  await finished;
  clearTimeout(timer);
  stopped = async () => {
    await worker.close(1000);
    await run;
  };
  return violations + Math.abs(groups * each - done);
}

let stopped = async () => {};
const tasks = { add, work };
for await (const line of readline.createInterface({ input: process.stdin })) {
  const began = performance.now();
  const used = process.cpuUsage();
  const violations = await tasks[line]();
  const { user, system } = process.cpuUsage(used);
  process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - began) / 1000, cpuMicros: user + system, violations })}\n`);
}
await stopped();
redis.disconnect();
process.exit(0);
