package webhooks

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// Each row runs, small and for a moment, and nothing is lost. How fast it was, only a
// machine of its own can tell.
func TestRows(t *testing.T) {
	redistest.Binary(t)
	worker := filepath.Join(t.TempDir(), "worker")
	if out, err := exec.Command("go", "build", "-o", worker, "../../../cmd/worker").CombinedOutput(); err != nil {
		t.Fatalf("build the worker: %v\n%s", err, out)
	}
	reports := make([]Report, len(rows()))
	var each sync.WaitGroup
	for n, r := range rows() {
		each.Go(func() {
			var err error
			if reports[n], err = Run(t.Context(), Options{Worker: []string{worker}, Only: r.name, Scale: 0.01}); err != nil {
				t.Error(err)
			}
			var text strings.Builder
			if err := reports[n].Print(&text); err != nil || !strings.Contains(text.String(), "\n"+r.name+"\n") {
				t.Errorf("Print: %v\n%s", err, text.String())
			}
		})
	}
	each.Wait()
	var all []Figure
	for _, r := range reports {
		all = append(all, r.Figures...)
	}
	value := func(row, name string) float64 {
		n := slices.IndexFunc(all, func(f Figure) bool { return f.Row == row && f.Name == name })
		if n < 0 {
			t.Fatalf("%s has no figure %q", row, name)
		}
		return all[n].Value
	}
	for _, f := range all {
		if strings.Contains(f.Name, "lost") && f.Value != 0 {
			t.Errorf("%s, %s: %v", f.Row, f.Name, f.Value)
		}
	}
	if n := value("calm", "events, of 20 jobs a second"); n != 36 {
		t.Errorf("%v events of calm traffic came, want 36", n)
	}
	if n, least := value("retries", "events refused once, with Retry-After: 1"), value("retries", "from the refusal to the retry, least"); n != 3 || least < 999 {
		t.Errorf("%v events were tried again, one after %v ms; want 3, none before a second", n, least)
	}
	if n := value("rate", "events that waited for 16 receivers"); n != 600 {
		t.Errorf("%v events were delivered as fast as it goes, want 600", n)
	}
	if n := value("trouble", "events that the slow one took"); n != 6 {
		t.Errorf("the slow one took %v events, want 6", n)
	}
	if n := value("trouble", "events that wait for the dead one"); n < 900 {
		t.Errorf("%v events wait for the dead one, want a thousand", n)
	}
	dead, sent := value("resend", "dead events"), value("resend", "sent again by one that was cancelled")+value("resend", "sent again by a second resend")
	if dead < 900 || sent != dead {
		t.Errorf("%v of %v dead events were sent again, want all of a thousand", sent, dead)
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()

	if one, err := choose(rows(), "calm"); err != nil || len(one) != 1 || one[0].name != "calm" {
		t.Errorf("choose = %v, %v; want that one", one, err)
	}
	if _, err := choose(rows(), "none"); err == nil || !strings.Contains(err.Error(), "calm") {
		t.Errorf("choose of an unknown one = %v, want those there are", err)
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()

	ms := func(all ...int) (times []time.Duration) {
		for _, n := range all {
			times = append(times, time.Duration(n)*time.Millisecond)
		}
		return times
	}
	tests := []struct {
		name    string
		figure  Figure
		value   float64
		good    bool
		verdict string
	}{
		{"a count", count("n", 3), 3, true, ""},
		{"as much as it may be", count("n", 3).most(3), 3, true, "at most 3"},
		{"more", count("n", 4).most(3), 4, false, "at most 3: NOT SO"},
		{"less", count("n", 2).least(3), 2, false, "at least 3: NOT SO"},
		{"the median", millis("t", ms(1, 2, 3), 0.5), 2, true, ""},
		{"the last", millis("t", ms(1, 2, 3), 0.99), 3, true, ""},
		{"of none", millis("t", nil, 0.99), 0, true, ""},
		{"a ratio", ratio("r", ms(3), ms(2), 0.5).most(1.4), 1.5, false, "at most 1.4: NOT SO"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if f := tt.figure; f.Value != tt.value || f.good() != tt.good || f.verdict() != tt.verdict {
				t.Errorf("got %v, good %t, %q; want %v, %t, %q", f.Value, f.good(), f.verdict(), tt.value, tt.good, tt.verdict)
			}
			if r := (Report{Figures: []Figure{tt.figure}}); (r.Flaws() == 0) != tt.good {
				t.Errorf("%d flaws", r.Flaws())
			}
		})
	}
}

// A receiver tells apart what comes again because it was refused and what comes again,
// or late, though it was taken.
func TestWrong(t *testing.T) {
	t.Parallel()

	r, err := newReceiver(t.Context(), 0, taken)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	at := time.Now()
	come := func(job string, sequence int, replay bool, status int) {
		a := arrival{job: job, sequence: sequence, replay: replay, at: at}
		id := job + string(rune('0'+sequence))
		r.take(&a, id)
		r.note(id, status)
	}
	come("a", 1, false, 500)
	come("a", 1, false, 204)
	come("a", 2, false, 410)
	come("a", 3, false, 204)
	come("a", 2, true, 204) // sent again
	if came, wrong := r.seen(); len(came) != 5 || wrong != 0 || len(r.retries) != 1 {
		t.Errorf("%d came, %d wrong, %d retries; want 5, none, 1", len(came), wrong, len(r.retries))
	}
	come("a", 3, false, 204)
	come("a", 2, true, 204)
	come("b", 2, false, 204)
	come("b", 1, false, 204)
	if _, wrong := r.seen(); wrong != 3 {
		t.Errorf("%d wrong, want two that came twice and one out of order", wrong)
	}
}

func TestBusiest(t *testing.T) {
	t.Parallel()

	var came []arrival
	began := time.Now()
	for _, ms := range []int{0, 400, 900, 1000, 1300, 1390, 5000} {
		came = append(came, arrival{at: began.Add(time.Duration(ms) * time.Millisecond)})
	}
	if n := busiest(came); n != 5 { // from 400 on
		t.Errorf("busiest = %d, want 5", n)
	}
}
