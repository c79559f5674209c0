package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// crowds begins so many conversations of 2,000 members.
func crowds(t *testing.T, s *httpapitest.Service, count int) {
	t.Helper()
	for n := range count {
		id := s.Begin(`{"messages":[{"payload":{"content":"Hi."}}]}`)
		key := fmt.Sprintf("tw:{%d}:p:ann:%s", lane.ShardOf(id, s.Store.Shards()), id)
		pipe := s.Redis.Pipeline()
		for i := range 2000 {
			m := conversation.Member{ID: fmt.Sprintf("%08d-%04d-4000-8000-000000000000", i, n), Name: fmt.Sprint("Speaker ", i), UserID: fmt.Sprintf("speaker-%d-%d@example.com", i, n), Index: i}
			text, _ := json.Marshal(m) // strings and numbers can be encoded
			pipe.HSet(t.Context(), key, "m:"+m.ID, text, "u:"+m.UserID, m.ID, "n:"+m.Name, m.ID)
		}
		if _, err := pipe.Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// A reader receives an answer and counts in it.
type reader struct {
	*httptest.ResponseRecorder

	each        string
	size, count int
}

func (r *reader) Write(p []byte) (int, error) {
	r.size += len(p)
	r.count += strings.Count(string(p), r.each)
	return len(p), nil
}

// weigh returns the most memory that is in use while f runs, beyond what was before, with
// what f makes while it is weighed.
func weigh(f func()) (bytes int64) {
	before, done := inUse(), make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	for {
		select {
		case <-done:
			return bytes
		default:
			bytes = max(bytes, inUse()-before)
			time.Sleep(10 * time.Millisecond) // to look takes time as well
		}
	}
}

func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestPagesOfCrowds reads pages of conversations that have many members. What is in use
// meanwhile does not grow with their number.
func TestPagesOfCrowds(t *testing.T) {
	count := 20
	if os.Getenv("TURNWISE_TEST_LONG") != "" {
		count = 100
	}
	s := httpapitest.NewServiceOn(t, redistest.Real(t), jobs.Local{})
	crowds(t, s, count)
	for _, page := range []struct {
		path, each string
		times      int // that each member stands in the answer
		found      int
	}{
		{"/v1/conversations?limit=100", `"email":`, 1, count},
		{"/v1/conversations?limit=100&cursor=", `"email":`, 1, count},
		{"/v1/conversations?limit=100&sort=name", `"email":`, 1, count},
		{"/v2/conversations?page[size]=100", `"accepted"`, 2, count}, // participants and attendees
		{"/v2/conversations?page[size]=100&filter[participants.email]=Speaker-7-0@example.com", `"accepted"`, 2, 1},
	} {
		r := &reader{ResponseRecorder: httptest.NewRecorder(), each: page.each}
		grown := weigh(func() {
			path := strings.NewReplacer("[", "%5B", "]", "%5D", `"`, "%22").Replace(page.path)
			s.ServeHTTP(r, httpapitest.Request("GET", path, "", "Accept-Encoding", "identity"))
		}) >> 10
		want := 2000 * page.found * page.times
		if r.Code != http.StatusOK || r.count > want || r.count < want-1-r.size/(60<<10) { // some are cut in two
			t.Errorf("%s: status %d, %d times a member, want %d", page.path, r.Code, r.count, want)
		}
		t.Logf("%s: %d conversations, %d kB, %d kB more in use", page.path, count, r.size>>10, grown)
		if grown > 12<<10 {
			t.Errorf("%s: %d kB more in use for %d conversations of 2,000 members, want 12 MB at most", page.path, grown, count)
		}
	}
}
