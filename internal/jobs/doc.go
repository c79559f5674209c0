// Package jobs holds the rules of the service: what a job is, which states it
// passes through, how one is accepted and how one is worked.
//
// A job appends messages to one conversation. Jobs of one conversation take
// effect one at a time, in the order in which they were accepted; jobs of
// different conversations run side by side.
//
//	scheduled → in_progress → completed
//	                        ↘ failed
//
// [Service] accepts: the number of a job among those of its conversation and
// its place in the lane are one atomic step of the store, and that step is the
// arrival. [Runner] works: it claims the lane that is due, analyses the
// messages of the head, and commits the effect, the status and the webhook
// event in one step that is refused once the claim is lost. Several jobs of a
// lane may travel in one claim, but only the head is ever in progress: the
// others pass through that state inside the commit that carries them.
//
// One claim may hold several lanes of a shard, which are worked one after the other
// and committed together, as long as jobs are quick: about as many as can be worked
// in the time that a finished job waits for its commit at most. If one of them is
// slow all the same, what is done is committed, and the lanes that were not begun
// are given back, while it goes on. So a lane is never held much longer than its own
// work takes.
//
// A job that fails is tried again from the head after a backoff, its
// conversation waiting; after the last attempt it is failed, with a reason,
// and the next one goes on.
//
// The package knows neither Redis nor asynq nor HTTP. What it needs from them
// it names in [Intake], [Keys], [Slots] and [Lanes], which package store
// provides, and [lane.Doorbell], which package queue provides.
package jobs
