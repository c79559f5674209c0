// Package webhooks measures the delivery of webhooks from outside: a worker in a process
// of its own, with its redis-server and its default settings, posts over HTTP and
// receivers on loopback. Times are between what an event says of itself, which is when
// the status of its job changed, and its request.
//
//	webhooks.go  which rows there are, and one worker for each
//	calm.go      traffic that strains nobody, and how exact retries are
//	rate.go      how fast events are delivered, and what that costs
//	trouble.go   a hundred healthy receivers beside one that is slow and one that is dead
//	resend.go    a hundred thousand events that were given up, sent again
//	scene.go     who posts, and how often
//	receiver.go  who receives, and what is wrong with what came
//	report.go    figures and what they may be at most
package webhooks
