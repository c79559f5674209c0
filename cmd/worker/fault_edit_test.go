package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// Somebody edits a member more often than an analysis takes. The job ends all
// the same, and its text is analysed once.
func TestEditsDoNotStarveAJob(t *testing.T) {
	t.Parallel()

	const works = time.Second // the analyzer
	server := redistest.Server(t)
	service := newAnalyzer(t, func(ctx context.Context, _ call) (int, string) {
		select {
		case <-time.After(works):
		case <-ctx.Done():
		}
		return nothing()
	})
	c := newClient(startWorker(t, "REDIS_URL="+server.URL(), "ANALYZER_URL="+service.url))
	begin, member := c.beginWithMember()
	job := c.append(begin.ConversationID, "Let me finish.", "")
	path := "/v1/conversations/" + begin.ConversationID + "/members/" + member
	edits := 0
	stop := during(t, works*45/100, func() {
		edits++
		a, err := c.send(t.Context(), http.MethodPut, path, fmt.Sprintf(`{"id":%q,"name":"Ann the %dth"}`, member, edits))
		if err != nil || a.status != http.StatusOK {
			t.Errorf("edit %d: answered %d %s, %v", edits, a.status, a.body, err)
		}
	})
	accepted := time.Now()
	if got := c.finish(job.JobID).Status; got != jobs.Completed {
		t.Errorf("the job is %s, want completed", got)
	}
	took := time.Since(accepted)
	stop()
	if asked := len(service.attempts(job.JobID)); asked != 1 || took > 5*works {
		t.Errorf("the analyzer was asked %d times, the job took %v; want once, and little more than %v", asked, took, works)
	}
	var all struct{ Members []struct{ Name string } }
	c.get("/v1/conversations/"+begin.ConversationID+"/members", &all)
	if len(all.Members) != 1 || all.Members[0].Name != fmt.Sprintf("Ann the %dth", edits) {
		t.Errorf("members %+v, want the last edit, number %d", all.Members, edits)
	}
}

// One member is edited while others join. Nobody is refused.
func TestEditsWhileOthersJoin(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	c := newClient(startWorker(t, "REDIS_URL="+server.URL()))
	begin, member := c.beginWithMember()
	path := "/v1/conversations/" + begin.ConversationID + "/members/" + member
	const producers, joins, edits = 4, 60, 8
	var wg sync.WaitGroup
	for p := range producers {
		wg.Go(func() {
			for i := range joins {
				guest := fmt.Sprintf(`{"name":"Guest %d of %d","userId":"guest%d.%d@example.com"}`, i, p, i, p)
				a, err := c.submit(t.Context(), begin.ConversationID, `{"messages":[{"payload":{"content":"Hello."},"from":`+guest+`}]}`)
				if err != nil || a.status != http.StatusCreated {
					t.Errorf("append %d: answered %d %s, %v", i, a.status, a.body, err)
				}
			}
		})
	}
	for i := range edits {
		a, err := c.send(t.Context(), http.MethodPut, path, fmt.Sprintf(`{"id":%q,"name":"Ann the %dth"}`, member, i))
		if err != nil || a.status != http.StatusOK {
			t.Errorf("edit %d: answered %d %s, %v", i, a.status, a.body, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	wg.Wait()
	var all struct{ Members []struct{ Name string } }
	await(t, "all have joined", func() bool {
		c.get("/v1/conversations/"+begin.ConversationID+"/members", &all)
		return len(all.Members) == producers*joins+1
	})
}
