package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// Many producers, one hot conversation and many others, four processes.
//
//nolint:paralleltest // it wants the machine for itself
func TestOrder(t *testing.T) {
	const producers, appends, others, told = 50, 40, 200, 5

	server := redistest.Server(t)
	rdb := server.Client()
	hooks := newReceiver(t, healthy)
	var clients []*client
	for range 4 {
		clients = append(clients, newClient(startWorker(t, "REDIS_URL="+server.URL())))
	}
	l := newLedger()
	hot := l.begin(clients[0], 1, "")[0]
	conversations := l.begin(clients[1], others, "")
	stop := watchTurns(t, rdb, func() []entry { return l.entries(hot) })

	var wg sync.WaitGroup
	for p := range producers {
		wg.Go(func() {
			for i := range appends {
				c := clients[(p+i)%len(clients)]
				hook := "" // one in five wants webhooks
				if i%told == 0 {
					hook = hooks.url
				}
				text := fmt.Sprintf("Producer %d says number %d.", p, i)
				l.must(c, hot, text, hook)
				l.must(c, conversations[(p*appends+i)%others], text, "")
			}
		})
	}
	wg.Wait()
	l.check(t, clients[0], rdb)
	stop()
	heard := hooks.checkLives(t, jobs.Completed, l.told(hot)...)
	checkTimes(t, heard)
	checkTurns(t, heard)
}

// Through whichever window one looks, no two jobs of a conversation are in
// progress at once, though a backlog is worked in batches.
func TestNeverTwoInProgress(t *testing.T) {
	t.Parallel()

	const backlog, long = 300, 5
	server := redistest.Server(t)
	rdb := server.Client()
	hooks := newReceiver(t, healthy)
	c := newClient(startWorker(t, "REDIS_URL="+server.URL(), "ROLES=api"))
	l := newLedger()
	conversation := l.begin(c, 1, hooks.url)[0]
	var wg sync.WaitGroup
	for i := range backlog {
		text := fmt.Sprintf("Number %d.", i)
		if i%long == 0 {
			text = strings.Repeat("and so on ", 1000) + text // takes its time
		}
		wg.Go(func() { l.must(c, conversation, text, hooks.url) })
	}
	wg.Wait()
	stop := watchTurns(t, rdb, func() []entry { return l.entries(conversation) })
	stopAPI := watchAPI(t, c, l.ordered(t, rdb, conversation))
	startWorker(t, "REDIS_URL="+server.URL(), "ROLES=worker,dispatcher")
	l.check(t, c, rdb)
	if seen, seenAPI := stop(), stopAPI(); seen == 0 || seenAPI == 0 {
		t.Errorf("a job was seen in progress %d times in Redis and %d times through the API, so little was tested", seen, seenAPI)
	}
	l.checkJobs(t, c, conversation)
	heard := hooks.checkLives(t, jobs.Completed, l.told(conversation)...)
	checkTurns(t, heard)
	checkTimes(t, heard)
}
