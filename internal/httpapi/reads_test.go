package httpapi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// newLongTalk returns a service on a redis-server with a conversation of n messages,
// in every twentieth of which something was found.
func newLongTalk(t *testing.T, n int) (s *httpapitest.Service, id string) {
	t.Helper()
	s = httpapitest.NewServiceOn(t, redistest.Real(t), jobs.Local{})
	id = s.Begin(`{"messages":[{"payload":{"content":"Hi."},"from":{"name":"Ana","userId":"ana@example.com"}}]}`)
	c, err := s.Store.Conversation(t.Context(), "ann", id)
	if err != nil {
		t.Fatal(err)
	}
	prefix := fmt.Sprintf("tw:{%d}:", lane.ShardOf(id, s.Store.Shards()))
	pipe := s.Redis.Pipeline()
	for i := range n - 1 {
		m := conversation.Message{
			ID: fmt.Sprintf("%016d", i), Member: c.Members[0].ID, Polarity: new(0.2),
			Text:  fmt.Sprintf("We will send supplier %d the budget review of the navigation system on Monday.", i),
			Start: c.Start.Add(time.Duration(i) * time.Second), End: c.Start.Add(time.Duration(i+1) * time.Second),
		}
		if i%20 == 0 {
			m.Entities = []conversation.Entity{{Type: "date", Text: "Monday", Value: "2026-11-30"}}
			m.Matches = []conversation.Match{{Tracker: "1", Name: "Money", Term: "budget", Offset: 20}}
			in, _ := json.Marshal(analysis.Insight{ID: m.ID, Type: []string{"question", "action_item", "follow_up"}[i/20%3], Text: m.Text, MessageIDs: []string{m.ID}})
			pipe.RPush(t.Context(), prefix+"i:ann:"+id, in)
		}
		text, _ := json.Marshal(m)
		pipe.RPush(t.Context(), prefix+"m:ann:"+id, text)
		if pipe.Len() > 1000 || i == n-2 {
			if _, err := pipe.Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	state := strings.Split(s.Redis.Get(t.Context(), prefix+"l:ann:"+id).Val(), "\x1f")
	for place, list := range map[int]string{9: "m:ann:", 10: "i:ann:"} { // how many messages and insights there are
		state[place] = strconv.FormatInt(s.Redis.LLen(t.Context(), prefix+list+id).Val(), 10)
	}
	s.Redis.Set(t.Context(), prefix+"l:ann:"+id, strings.Join(state, "\x1f"), 0)
	s.Redis.ConfigSet(t.Context(), "slowlog-log-slower-than", "5000")
	s.Redis.Do(t.Context(), "SLOWLOG", "RESET")
	return s, id
}

// sizes are those of conversations to measure: with TURNWISE_TEST_LONG, those of
// docs/performance.md.
func sizes() []int {
	if os.Getenv("TURNWISE_TEST_LONG") != "" {
		return []int{1_000, 10_000, 100_000}
	}
	return []int{2_000}
}

// TestManyReaders has fifty callers read one long conversation at once: all get all
// of it, soon, and it takes the process little memory.
func TestManyReaders(t *testing.T) {
	n := sizes()[len(sizes())-1]
	s, id := newLongTalk(t, n)
	manyRead(t, s, n, func(server string) time.Duration {
		return readAll(t, server, "GET", id, "messages", "", `"conversationId":`, n)
	})
}

// TestManyReadersOfTranscripts does it with transcripts, in each form of a long one.
func TestManyReadersOfTranscripts(t *testing.T) {
	n := sizes()[len(sizes())-1]
	s, id := newLongTalk(t, n)
	bodies := []string{`{"contentType":"text/markdown","showSpeakerSeparation":true,"phrases":{"highlightAllKeyPhrases":true}}`}
	if os.Getenv("TURNWISE_TEST_LONG") != "" { // of so few messages as else, subtitles are sorted in memory
		bodies = append(bodies, `{"contentType":"text/srt","showSpeakerSeparation":true}`)
	}
	for _, body := range bodies {
		manyRead(t, s, n, func(server string) time.Duration {
			return readAll(t, server, "POST", id, "transcript", body, `Ana: `, n)
		})
	}
}

// TestManyReadersOfEntities does it with entities, of which those of a long conversation
// are not held.
func TestManyReadersOfEntities(t *testing.T) {
	n := sizes()[len(sizes())-1]
	s, id := newLongTalk(t, n)
	manyRead(t, s, n, func(server string) time.Duration {
		return readAll(t, server, "GET", id, "entities", "", `"startTime":`, 2*((n-2)/20+1)) // each stands there twice
	})
}

// manyRead has fifty callers read at once.
func manyRead(t *testing.T, s *httpapitest.Service, n int, read func(server string) (first time.Duration)) {
	t.Helper()
	server := httptest.NewServer(s.API)
	t.Cleanup(server.Close)
	debug.FreeOSMemory()
	before, most := resident(), 0
	stop, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				most = max(most, resident())
			}
		}
	}()
	var readers sync.WaitGroup
	firsts, began := make([]time.Duration, 50), time.Now()
	for i := range firsts {
		readers.Go(func() { firsts[i] = read(server.URL) })
	}
	readers.Wait()
	took := time.Since(began)
	close(stop)
	<-watched
	var latest time.Duration
	for _, first := range firsts {
		latest = max(latest, first)
	}
	grown := (most - before) >> 20
	slow := s.Redis.SlowLogGet(t.Context(), 100).Val()
	if len(slow) > 0 {
		t.Logf("the longest may be those of a machine that is busy with others: %v %.60v", slow[0].Duration, slow[0].Args)
	}
	t.Logf("%d messages, 50 readers: all in %v, the latest first byte after %v, %d MB more, %d commands above 5 ms", n, took.Round(time.Millisecond), latest, grown, len(slow))
	if os.Getenv("TURNWISE_TEST_LONG") != "" && grown > 100 { // else other tests grow beside it, in a build that looks for races
		t.Errorf("the process has grown by %d MB, want 100 at most", grown)
	}
}

// readAll reads an answer in which each of n messages has that text once, and returns
// after how long the first byte came.
func readAll(t *testing.T, server, method, id, what, body, each string, n int) (first time.Duration) {
	r := httpapitest.Request(method, server+"/v1/conversations/"+id+"/"+what, body, "Accept-Encoding", "identity")
	r.RequestURI = ""
	began := time.Now()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer resp.Body.Close()
	first = time.Since(began)
	count, buf, tail := 0, make([]byte, 32<<10), ""
	for err == nil {
		var got int
		got, err = resp.Body.Read(buf)
		text := tail + string(buf[:got])
		count += strings.Count(text, each)
		tail = text[max(len(text)-len(each)+1, 0):]
	}
	if resp.StatusCode != http.StatusOK || !errors.Is(err, io.EOF) || count != n {
		t.Errorf("status %d, %d messages, %v; want all %d", resp.StatusCode, count, err, n)
	}
	return first
}

// resident returns the memory of the process, in bytes.
func resident() int {
	text, _ := os.ReadFile("/proc/self/statm")
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.Atoi(fields[1])
	return pages * os.Getpagesize()
}

// TestCostOfReads prints what each route that reads a conversation costs, the first
// time and again.
func TestCostOfReads(t *testing.T) {
	for _, n := range sizes() {
		s, id := newLongTalk(t, n)
		for _, route := range []string{
			"", "/members", "/messages", "/messages?limit=100", "/insights", "/questions", "/action-items", "/comprehensive/action-items", "/follow-ups",
			"/entities", "/trackers", "/analytics", "/topics", "/summary",
		} {
			busy, cpu, began := redisBusy(t, s), processCPU(), time.Now()
			got := s.Do("GET", "/v1/conversations/"+id+route, "")
			httpapitest.WantStatus(t, got, 200)
			took, cpu, busy := time.Since(began), processCPU()-cpu, redisBusy(t, s)-busy
			again := processCPU()
			s.Do("GET", "/v1/conversations/"+id+route, "")
			again = processCPU() - again
			t.Logf("| %d | `%s` | %d | %.1f | %.1f | %.1f | %.1f |", n, route, got.Body.Len()>>10, ms(took), ms(cpu), ms(busy), ms(again))
		}
		slow := s.Redis.SlowLogGet(t.Context(), 100).Val()
		for _, one := range slow {
			t.Logf("above 5 ms: %v %.60v", one.Duration, one.Args)
		}
	}
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

// processCPU returns the time that this process was at work, with the tests.
func processCPU() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// redisBusy returns how long the thread of Redis that executes commands was at work.
func redisBusy(t *testing.T, s *httpapitest.Service) time.Duration {
	t.Helper()
	var sum time.Duration
	for line := range strings.Lines(s.Redis.Info(t.Context(), "cpu").Val()) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), ":"); strings.HasSuffix(name, "_main_thread") {
			seconds, _ := strconv.ParseFloat(value, 64)
			sum += time.Duration(seconds * float64(time.Second))
		}
	}
	return sum
}
