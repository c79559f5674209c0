package digest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/conversation"
)

// A writer makes the same points of everything, after some time.
type writer struct {
	takes  time.Duration
	points []digest.Point
	err    error
	panics bool

	calls   atomic.Int32
	remarks []digest.Remark // of the last call
	most    int
}

func (w *writer) Write(ctx context.Context, remarks []digest.Remark, most int) ([]digest.Point, error) {
	w.calls.Add(1)
	w.remarks, w.most = remarks, most
	select {
	case <-time.After(w.takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if w.panics {
		panic("a bug")
	}
	return w.points, w.err
}

func (w *writer) wantCalls(t *testing.T, want int) {
	t.Helper()
	if got := int(w.calls.Load()); got != want {
		t.Errorf("the writer was called %d times, want %d", got, want)
	}
}

// written are points about launch.
func written() *writer {
	return &writer{points: []digest.Point{{Text: " A supplier  is wanted.", Remarks: []int{2, 0, 2}}, {Text: "The budget is reviewed on Monday.", Remarks: []int{4}}}}
}

func summarise(t *testing.T, d *digest.Cache, c conversation.Conversation) digest.Summary {
	t.Helper()
	s, err := d.Summary(t.Context(), "ann", c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWritten has a summary written and looks at all of it.
func TestWritten(t *testing.T) {
	t.Parallel()

	a, w := launch(), written()
	start := time.Date(2026, 8, 1, 8, 0, 0, 0, time.UTC)
	for i := range a.messages {
		a.messages[i].Start = start.Add(time.Duration(i) * time.Minute)
		a.messages[i].End = a.messages[i].Start.Add(time.Second)
	}
	a.messages[2].Start = start.Add(-time.Hour) // nothing keeps callers from that
	c := call
	c.Members = []conversation.Member{{ID: "ann", Name: "Ann Lee"}, {ID: "carl", Name: "Carl"}}
	c.Merged = map[string]string{"bea": "carl"}
	d := newCache(t, a, digest.Options{Writer: w})
	got := summarise(t, d, c)
	want := digest.Summary{Lines: []digest.Line{
		{Text: "A supplier is wanted.", Messages: []string{"1", "3"}, Start: a.messages[2].Start, End: a.messages[2].End},
		{Text: "The budget is reviewed on Monday.", Messages: []string{"5"}, Start: a.messages[4].Start, End: a.messages[4].End},
	}}
	for i, l := range got.Lines {
		if !conversation.ValidID(l.ID) || i > 0 && l.ID == got.Lines[0].ID {
			t.Errorf("line %d has no id of its own, but %s", i, l.ID)
		}
		if i < len(want.Lines) {
			want.Lines[i].ID = l.ID
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if len(w.remarks) != 6 || w.most != 3 {
		t.Fatalf("the writer got %d messages for %d points, want all 6 for 3", len(w.remarks), w.most)
	}
	if w.remarks[0] != (digest.Remark{Speaker: "Ann Lee", Text: a.messages[0].Text}) || w.remarks[1].Speaker != "Carl" {
		t.Errorf("the writer got %+v, want names and texts", w.remarks[:2])
	}
	if diff := cmp.Diff(got, summarise(t, d, c)); diff != "" {
		t.Errorf("asked again (-first +second):\n%s", diff)
	}
	w.wantCalls(t, 1)
	c.Version = "2-0"
	if summarise(t, d, c).Lines[0].ID == got.Lines[0].ID {
		t.Error("a line of another version has the same id")
	}
	w.wantCalls(t, 2)
}

// TestPoints has writers say what cannot be used, and what can.
func TestPoints(t *testing.T) {
	t.Parallel()

	all := func(n int) (points []digest.Point) {
		for i := range n {
			points = append(points, digest.Point{Text: fmt.Sprint("Point ", i, "."), Remarks: []int{i}})
		}
		return points
	}
	tests := []struct {
		name   string
		points []digest.Point
		want   []string // texts; none if the messages stand
	}{
		{"as many as may be", all(3), []string{"Point 0.", "Point 1.", "Point 2."}},
		{"more than may be", all(5), []string{"Point 0.", "Point 1.", "Point 2."}},
		{"none", nil, nil},
		{"blank", []digest.Point{{Text: " \n", Remarks: []int{0}}}, nil},
		{"about nothing", []digest.Point{{Text: "Hm.", Remarks: nil}}, nil},
		{"about what was not said", []digest.Point{{Text: "Hm.", Remarks: []int{6}}}, nil},
		{"about what was not said, and more", []digest.Point{{Text: "Hm.", Remarks: []int{0, 1 << 62}}, {Text: "Yes.", Remarks: []int{5}}}, []string{"Yes."}},
		{"about what came before", []digest.Point{{Text: "Hm.", Remarks: []int{-1, 0}}, {Text: "Yes.", Remarks: []int{0}}}, []string{"Yes."}},
		{"a novel", []digest.Point{{Text: strings.Repeat("é", 601), Remarks: []int{0}}, {Text: "No.", Remarks: []int{0}}}, []string{"No."}},
		{"as long as may be", []digest.Point{{Text: strings.Repeat("é", 600), Remarks: []int{0}}}, []string{strings.Repeat("é", 600)}},
		{"blanks and breaks", []digest.Point{{Text: "\tOne\n line.", Remarks: []int{0}}}, []string{"One line."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var logged bytes.Buffer
			got := summarise(t, newCache(t, launch(), digest.Options{
				Writer: &writer{points: tt.points}, Log: slog.New(slog.NewTextHandler(&logged, nil)),
			}), call)
			if got.Interim != (tt.want == nil) || (logged.Len() > 0) != (tt.want == nil) {
				t.Errorf("interim %t, logged %q; want %t", got.Interim, &logged, tt.want == nil)
			}
			if tt.want == nil {
				wantMessages(t, got)
				return
			}
			var texts []string
			for _, l := range got.Lines {
				texts = append(texts, l.Text)
			}
			if !slices.Equal(texts, tt.want) {
				t.Errorf("lines %q, want %q", texts, tt.want)
			}
		})
	}
}

// extracted is the summary of launch that is made of its messages.
var extracted = sync.OnceValues(func() (digest.Summary, error) {
	return digest.New(launch(), loadLexicon, digest.Options{}).Summary(context.Background(), "ann", call)
})

// wantMessages checks that a summary of launch is made of its messages.
func wantMessages(t *testing.T, s digest.Summary) {
	t.Helper()
	want, err := extracted()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Lines, s.Lines); diff != "" {
		t.Errorf("lines (-local +got):\n%s", diff)
	}
	if !s.Interim {
		t.Error("the summary is not told as an interim one")
	}
}

// TestSlowWriter has readers wait for five seconds and no longer, while one
// call goes on for all of them.
func TestSlowWriter(t *testing.T) {
	t.Parallel()

	if _, err := extracted(); err != nil { // outside of the bubble, as others wait for it
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := written()
		w.takes = 20 * time.Second
		d := newCache(t, launch(), digest.Options{Writer: w})
		began := time.Now()
		var readers sync.WaitGroup
		for i := range 32 {
			readers.Go(func() {
				time.Sleep(time.Duration(i) * 100 * time.Millisecond)
				asked := time.Now()
				wantMessages(t, summarise(t, d, call))
				if waited := time.Since(asked); waited != 5*time.Second {
					t.Errorf("a reader waited for %v, want 5s", waited)
				}
			})
		}
		readers.Wait()
		time.Sleep(time.Until(began.Add(18 * time.Second)))
		if got := summarise(t, d, call); got.Interim || time.Since(began) != 20*time.Second {
			t.Errorf("a reader shortly before the end got an interim summary (%t) after %v; want the written one when it is there", got.Interim, time.Since(began))
		}
		if got := summarise(t, d, call); got.Interim || time.Since(began) != 20*time.Second {
			t.Errorf("a reader behind the end got an interim summary (%t) after %v, want the written one at once", got.Interim, time.Since(began))
		}
		w.wantCalls(t, 1)
	})
}

// TestReaderHangsUp has the only one leave; what was begun is kept all the same.
func TestReaderHangsUp(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		w := written()
		w.takes = 3 * time.Second
		d := newCache(t, launch(), digest.Options{Writer: w})
		ctx, hangUp := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, hangUp)
		if _, err := d.Summary(ctx, "ann", call); !errors.Is(err, context.Canceled) {
			t.Errorf("who hung up got %v, want %v", err, context.Canceled)
		}
		time.Sleep(time.Minute)
		if summarise(t, d, call).Interim {
			t.Error("the summary was not kept")
		}
		w.wantCalls(t, 1)
	})
}

// TestWriterFails has a writer fail, which is not asked again for half a
// minute, and then come back.
func TestWriterFails(t *testing.T) {
	t.Parallel()

	if _, err := extracted(); err != nil {
		t.Fatal(err)
	}
	for _, panics := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var logged bytes.Buffer
			w := written()
			w.err, w.panics = errors.New("away"), panics
			d := newCache(t, launch(), digest.Options{Writer: w, Log: slog.New(slog.NewTextHandler(&logged, nil))})
			wantMessages(t, summarise(t, d, call))
			time.Sleep(29 * time.Second)
			wantMessages(t, summarise(t, d, call))
			w.wantCalls(t, 1)
			if n := strings.Count(logged.String(), "level=WARN"); n != 1 {
				t.Errorf("%d warnings, want 1: %s", n, &logged)
			}
			w.err, w.panics = nil, false
			time.Sleep(time.Second)
			if summarise(t, d, call).Interim {
				t.Error("the writer was not asked again after 30 s")
			}
			w.wantCalls(t, 2)
		})
	}
}

// TestMaterial has long conversations and long messages: a writer gets those
// that say most, in their order, and the beginnings of them.
func TestMaterial(t *testing.T) {
	t.Parallel()

	// Of n messages of that many bytes the writer gets so many.
	for _, tt := range []struct{ n, bytes, want int }{{200, 100, 200}, {201, 100, 200}, {5000, 50, 200}, {200, 5000, 24}, {1000, 400, 61}} {
		t.Run(fmt.Sprintf("%d of %d bytes", tt.n, tt.bytes), func(t *testing.T) {
			t.Parallel()

			a, place := &messageStore{}, map[string]int{}
			for i := range tt.n {
				text := fmt.Sprintf("%d supplier é", i)
				text += strings.Repeat("é", (tt.bytes-len(text))/2)
				a.messages = append(a.messages, conversation.Message{ID: fmt.Sprint(i), Text: text})
				place[strings.Fields(text)[0]] = i
			}
			w := written()
			summarise(t, newCache(t, a, digest.Options{Writer: w}), call)
			if len(w.remarks) != tt.want {
				t.Errorf("the writer got %d messages, want %d", len(w.remarks), tt.want)
			}
			last, bytes := -1, 0
			for _, r := range w.remarks {
				number := place[strings.Fields(r.Text)[0]]
				if number <= last || len(r.Text) > 1<<10 || strings.Contains(r.Text, "\ufffd") {
					t.Errorf("message %d of %d bytes comes behind message %d", number, len(r.Text), last)
				}
				last, bytes = number, bytes+len(r.Text)
			}
			if bytes > 24<<10 {
				t.Errorf("the writer got %d bytes, want %d at most", bytes, 24<<10)
			}
		})
	}
}
