// Package queue wakes workers up, in this process or another one, and is the
// only one that knows asynq.
//
//	ring ──► a free slot in this process? ── yes ──► drain the shard
//	  ▲                 │ no                             ▲
//	  │                 ▼                                │
//	  │          an asynq task ───► a Server, anywhere ──┘
//	sweep
//
// asynq is the doorbell and the clockwork; the lane is the truth. asynq keeps
// no order, runs a task of a dead worker again only after a minute or two, and
// may lose or double a wake-up. So a task carries nothing but the number of a
// shard that has a lane which is due. It has no id and no uniqueness, is never
// archived, and its handler never fails: one ring too many finds nothing to
// do, and for one that got lost a [Line] looks at the ready indexes itself,
// four times a second. Correctness rests on that sweep alone; asynq gives
// latency, spreads the work over processes, and shows the operator what goes
// on.
//
// Each kind of lane has a queue, slots and Servers of its own, so webhooks
// never starve jobs, nor jobs webhooks. There are several Servers because one
// fetches one task per round trip, whatever its concurrency.
//
// The package does not know what stands in a lane: it drives a [Drainer].
package queue
