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
// shard that has a lane which is due. It is never archived, and its handler
// never fails: one ring too many finds nothing to do, and for one that got
// lost a [Pool] looks at the ready indexes itself: four times a second in shards
// that are active, every four seconds in the others, and when a lane is due.
// Correctness rests on that sweep alone; asynq gives latency, spreads the work
// over processes, and shows the operator what goes on. Nobody who rings waits
// for it, and of each shard one task waits there at most: see ringer.
//
// asynq has no blocking fetch, so its Servers would poll. Instead each ring that is
// put into asynq is also pushed to a list, and while there is nothing to fetch a
// Server waits in a blocking pop from that list: see serverClient.
//
// Each kind of lane has a queue, slots and a Server of its own, so webhooks
// never starve jobs, nor jobs webhooks.
//
// # Shards that do not answer
//
// A shard whose Redis is away holds up no other. Each is swept by itself, with
// a time limit. A drain that waits for Redis says so by [lane.Wait], and if
// that takes long its slot is lent to another drain, as a scheduler does with
// the processor of a thread that is blocked in the system; so is a slot that
// was reserved for a step that gets no answer. When the answer comes the drain
// goes on at once, because it may be under a lease, and the slots in use come
// down to their number as drains end. How many may be lent is bounded too.
//
// A shard is down from the first drain or sweep of it that failed until a
// drain succeeds. Then it gets one drain at a time. The first one begins when
// a sweep has its answer, even if that finds nothing due: the store may have a
// claim to repeat whose reply was lost. A drain that panics is recovered, and
// its shard rests.
//
// The queue of asynq is in one hash slot, hence on one master. If that is the
// one which is away, rings reach the slots of their own process, at once or
// when one is free. Those of others are not heard, so every shard that answers
// is drained unasked, twenty times a second, until asynq is back. What asynq
// notes besides, of which process it runs in, may be on any master and holds up
// no ring.
//
// The package does not know what stands in a lane: it drives a [Drainer].
package queue
