package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A damage is what a Redis that evicts, or a hand in redis-cli, does to the
// first of two jobs of a conversation.
type damage struct {
	name    string
	worked  bool   // the jobs are completed before, but nobody was told
	command string // {} stands for the prefix of the shard, % for the conversation, # for the first job, @ for
	// its id, _ for a space and ^ for the end of a line

	first, second jobs.Status // what becomes of the jobs; anything if empty
	goes          bool        // whether the conversation itself is gone
}

func damages() []damage {
	return []damage{
		{name: "a body that cannot be read", command: "LSET {}q:% 0 @_946684800000_1^rubbish", first: jobs.Failed, second: jobs.Completed},
		{name: "a body that is empty", command: "LSET {}q:% 0 @_946684800000_1^", first: jobs.Failed, second: jobs.Completed},
		{name: "a body that is gone", command: "LSET {}q:% 0 @", first: jobs.Failed, second: jobs.Completed},
		{name: "a job without a record", command: "DEL {}j:#", second: jobs.Completed},
		{name: "a lane without its list", command: "DEL {}q:%"},
		{name: "a list shorter than its count", command: "LPOP {}q:%", second: jobs.Completed},
		{name: "a conversation that is gone", command: "DEL {}c:% {}l:%", goes: true},
		{name: "a conversation without its record", command: "DEL {}c:%", goes: true},
		{name: "a lane without its state", command: "DEL {}l:%", goes: true},
		{name: "a lane of nothing", command: "ZADD {}ready:append:default 1 default:1111111111111111", first: jobs.Completed, second: jobs.Completed},
		{name: "lanes with rubbish", command: "ZADD {}ready:append:default 1 rubbish", first: jobs.Completed, second: jobs.Completed},
		{name: "deliveries with rubbish", command: "ZADD {}ready:deliver:default 1 rubbish", first: jobs.Completed, second: jobs.Completed},
		{name: "an index with rubbish", command: "ZADD {}ready:append 1 rubbish", first: jobs.Completed, second: jobs.Completed},
		{name: "deliveries of nothing", command: "ZADD {}ready:deliver 1 rubbish", first: jobs.Completed, second: jobs.Completed},
		{name: "an event that cannot be read", worked: true, command: "LSET {}e:# 0 rubbish", first: jobs.Completed, second: jobs.Completed},
		{name: "an event that is empty", worked: true, command: "LSET {}e:# 0 ", first: jobs.Completed, second: jobs.Completed},
		{name: "deliveries without their list", worked: true, command: "DEL {}e:#", first: jobs.Completed, second: jobs.Completed},
		{name: "deliveries of a job without a record", worked: true, command: "DEL {}j:#", second: jobs.Completed},
		{name: "deliveries of a job whose body cannot be read", worked: true, command: "HSET {}j:# body rubbish", second: jobs.Completed},
	}
}

// What is damaged costs what it is, once. What stands behind it goes on, other
// conversations of the shard do not notice, and no process ends.
func TestDamage(t *testing.T) {
	t.Parallel()

	for _, tt := range damages() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			testDamage(t, tt)
		})
	}
}

func testDamage(t *testing.T, tt damage) {
	t.Helper()
	server := redistest.Server(t)
	rdb := server.Client()
	hooks := newReceiver(t, healthy)
	settings := []string{"REDIS_URL=" + server.URL(), "JOB_BACKOFF_INITIAL=50ms", "JOB_MAX_ATTEMPTS=3", "WEBHOOK_BACKOFF_INITIAL=50ms"}
	c := newClient(startWorker(t, append(settings, "ROLES=api")...))
	first := c.append("", "First.", hooks.url)
	second := c.append(first.ConversationID, "Second.", hooks.url)
	if tt.worked {
		w := startWorker(t, append(settings, "ROLES=worker")...)
		c.finish(second.JobID)
		w.kill()
	}
	shard := spoil(t, rdb, tt.command, first)
	neighbour := inShard(t, c, shard, hooks.url)

	w := startWorker(t, append(settings, "ROLES=worker,dispatcher")...)
	if got := c.finish(neighbour.JobID).Status; got != jobs.Completed {
		t.Errorf("the job of another conversation is %s, want completed", got)
	}
	if tt.first != "" {
		checkBecomes(t, c, first, tt.first)
	}
	if tt.second != "" {
		checkBecomes(t, c, second, tt.second)
		hooks.checkLives(t, tt.second, second)
	}
	for _, index := range []string{"ready:append", "ready:deliver"} {
		await(t, index+" is empty", func() bool { return rdb.ZCard(t.Context(), fmt.Sprintf("tw:{%d}:%s", shard, index)).Val() == 0 })
	}
	if !tt.goes { // what comes later is worked
		c.finish(c.append(first.ConversationID, "Third.", hooks.url).JobID)
	}
	hooks.checkLives(t, jobs.Completed, neighbour)
	select {
	case <-w.done:
		t.Error("the worker has ended")
	default:
	}
	if errors := strings.Count(w.log.String(), "level=ERROR"); errors > 20 {
		t.Errorf("the worker said %d times that something is wrong, want it said once in a while", errors)
	}
}

// spoil carries the command out. It returns the shard of the job.
func spoil(t *testing.T, rdb redis.UniversalClient, command string, first receipt) (shard int) {
	t.Helper()
	_, shard, _ = jobs.ParseID(first.JobID)
	var args []any
	for part := range strings.SplitSeq(command, " ") {
		args = append(args, strings.NewReplacer("{}", fmt.Sprintf("tw:{%d}:", shard),
			"%", "default:"+first.ConversationID, "#", "default:"+first.JobID, "@", first.JobID, "_", " ", "^", "\n").Replace(part))
	}
	if err := rdb.Do(t.Context(), args...).Err(); err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return shard
}

// inShard makes a conversation in the shard, with one job.
func inShard(t *testing.T, c *client, shard int, hook string) receipt {
	t.Helper()
	for range 1000 {
		r := c.append("", "Neighbour.", hook)
		if _, of, _ := jobs.ParseID(r.JobID); of == shard {
			return r
		}
	}
	t.Fatalf("no conversation came into shard %d", shard)
	return receipt{}
}

func checkBecomes(t *testing.T, c *client, job receipt, want jobs.Status) {
	t.Helper()
	if got := c.finish(job.JobID); got.Status != want || want == jobs.Failed && got.Message == "" {
		t.Errorf("the job is %s, %q; want %s, and the reason if it failed", got.Status, got.Message, want)
	}
}

// The clock of Redis steps back by 45 s, as after a failover to a slower one.
// What was waiting is worked and told as if nothing had been.
func TestClockStepsBack(t *testing.T) {
	t.Parallel()

	const bound = 15 * time.Second
	server := redistest.ClockedServer(t)
	hooks := newReceiver(t, healthy)
	settings := []string{"REDIS_URL=" + server.URL(), "WEBHOOK_BACKOFF_INITIAL=100ms"}
	c := newClient(startWorker(t, append(settings, "ROLES=api")...))
	l := newLedger()
	conversations := l.begin(c, 30, hooks.url) // wait already when it steps
	server.Shift(-45 * time.Second)
	stepped := time.Now()
	startWorker(t, append(settings, "ROLES=worker,dispatcher")...)
	for _, conversation := range conversations {
		l.must(c, conversation, "And on.", hooks.url)
	}
	l.check(t, c, server.Client())
	for _, conversation := range conversations {
		hooks.checkLives(t, jobs.Completed, l.told(conversation)...)
	}
	if took := time.Since(stepped); took > bound {
		t.Errorf("it took %v after the step, want %v at most", took, bound)
	}
}

// A receiver is away for longer than jobs are kept. It is told all the same,
// and only then the time begins for which they are kept.
func TestDeliveryOutlastsRetention(t *testing.T) {
	t.Parallel()

	server := redistest.ClockedServer(t)
	refused := make(chan struct{}, 1000)
	away := make(chan struct{})
	hooks := newReceiver(t, func(int) int {
		select {
		case <-away:
			return http.StatusNoContent
		default:
			refused <- struct{}{}
			return http.StatusServiceUnavailable
		}
	})
	c := newClient(startWorker(t, "REDIS_URL="+server.URL(), "JOB_RETENTION=1m", "WEBHOOK_BACKOFF_INITIAL=200ms", "WEBHOOK_BACKOFF_MAX=400ms"))
	job := c.appendWithoutKey("", "Keep me.", hooks.url)
	c.finish(job.JobID)
	<-refused
	server.Shift(2 * time.Minute)
	for range 3 {
		<-refused // it goes on trying
	}
	close(away)
	hooks.checkLives(t, jobs.Completed, job)
	if got := c.job(job.JobID).Status; got != jobs.Completed {
		t.Errorf("the job is %s just after its last event, want completed", got)
	}
	server.Shift(4 * time.Minute)
	await(t, "the job is forgotten", func() bool {
		a, err := c.send(t.Context(), http.MethodGet, "/v1/job/"+job.JobID, "")
		return err == nil && a.status == http.StatusNotFound
	})
}

// After a rollback of Redis, jobs run and are told once more. No id is used
// for two different bodies even then.
func TestRollbackReusesNoID(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	rdb := server.Client()
	hooks := newReceiver(t, healthy)
	settings := []string{"REDIS_URL=" + server.URL(), "WEBHOOK_BACKOFF_INITIAL=100ms"}
	c := newClient(startWorker(t, append(settings, "ROLES=api,dispatcher")...))
	var all []receipt
	for range 10 {
		all = append(all, c.append("", "Twice.", hooks.url))
	}
	if err := rdb.Save(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	w := startWorker(t, append(settings, "ROLES=worker")...)
	hooks.checkLives(t, jobs.Completed, all...)
	time.Sleep(1100 * time.Millisecond) // the times in bodies may be of whole seconds
	w.kill()
	server.Restart() // with what was saved
	startWorker(t, append(settings, "ROLES=worker")...)
	for _, job := range all {
		await(t, "the job is worked again", func() bool {
			var j jobAnswer
			return c.read(t.Context(), "/v1/job/"+job.JobID, &j) == nil && j.Status == jobs.Completed
		})
	}
	again := func() (n int) {
		bodies := map[string]map[string]bool{}
		for _, d := range hooks.all() {
			if bodies[d.eventID] == nil {
				bodies[d.eventID] = map[string]bool{}
			}
			bodies[d.eventID][fmt.Sprintf("%+v", d.Payload)] = true
			if len(bodies[d.eventID]) == 2 {
				t.Errorf("id %s has two bodies: %v", d.eventID, bodies[d.eventID])
			}
			if d.Status == string(jobs.Completed) {
				n++
			}
		}
		return n
	}
	await(t, "the jobs are told again", func() bool { return len(hooks.all()) >= 50 })
	if n := again(); n <= len(all) {
		t.Errorf("%d webhooks told of a completion, so nothing was told again", n)
	}
}
