// Consumes no-op jobs of graphile-worker as one process, with batched fetches and completions, and prints how many in
// a second. Run it in the folder in which graphile-worker and pg are installed; libpq's variables name the database.
//
// Usage: node peer.mjs JOBS
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const { Logger, run, runMigrations } = require("graphile-worker");
const { Pool } = require("pg");

const jobs = Number(process.argv[2]);
const pgPool = new Pool({ max: 26 });
const logger = new Logger(() => () => {});

pgPool.on("error", () => {});
pgPool.on("connect", (client) => client.on("error", () => {}));
await runMigrations({ pgPool, logger });
await pgPool.query(
	"select graphile_worker.add_job('noop', json_build_object('id', n)) from generate_series(1, $1::int) n", [jobs]);
await pgPool.query("vacuum analyze graphile_worker._private_jobs");

let left = jobs;
let finish;
const finished = new Promise((resolve) => { finish = resolve; });
const began = process.hrtime.bigint();
const runner = await run({
	pgPool, logger, noHandleSignals: true,
	taskList: { noop: () => { if (--left === 0) { finish(); } } },
	preset: { worker: { concurrentJobs: 24, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
});

await finished;
while ((await pgPool.query("select from graphile_worker._private_jobs limit 1")).rowCount > 0) {
	// The last completions are under way.
}
console.log(jobs / (Number(process.hrtime.bigint() - began) / 1e9));
await runner.stop();
process.exit(0);
