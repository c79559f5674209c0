//go:build unix

package console_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/console/live"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A hundred browsers on the overview of the operator, which has all there is, cost no
// more than one does: 50 commands a second, and a twentieth of a core at most, with what
// the browsers of the test take themselves.
func TestHundredBrowsers(t *testing.T) {
	if os.Getenv("TURNWISE_TEST_LONG") == "" {
		t.Skip("it takes 20 seconds; see CONTRIBUTING.md")
	}
	rdb := redistest.Server(t).Client()
	f := newFixtureOn(t, rdb, 16, live.Options{})
	for range 20 {
		f.append("ann", "", "Ann", "Hello there.")
	}
	f.giveUp()
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	t.Cleanup(f.Close)
	cookie := f.cookie(operatorToken)
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/console/a/ann/live", nil)
			if err != nil {
				t.Error(err)
				return
			}
			r.AddCookie(cookie)
			resp, err := srv.Client().Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			}
		})
	}
	commands := func() (n float64) {
		for line := range strings.Lines(rdb.Info(t.Context(), "stats").Val()) {
			if value, found := strings.CutPrefix(strings.TrimSpace(line), "total_commands_processed:"); found {
				n, _ = strconv.ParseFloat(value, 64)
			}
		}
		return n
	}
	time.Sleep(3 * time.Second) // all are there
	const span = 15 * time.Second
	asked, worked := commands(), processorTime()
	time.Sleep(span)
	asked, worked = commands()-asked, processorTime()-worked
	cancel()
	all.Wait()
	share := worked.Seconds() / span.Seconds()
	t.Logf("%.1f commands a second, %.2f %% of a core", asked/span.Seconds(), 100*share)
	if asked/span.Seconds() > 50 || share > 0.05 {
		t.Error("that is more than 50 commands a second and 5 % of a core")
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // it fails for a wrong argument alone
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
