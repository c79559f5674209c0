package digest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/conversation"
)

// A messageStore has the messages of one conversation and counts how often they
// are read.
type messageStore struct {
	messages []conversation.Message
	reads    atomic.Int32
	hold     chan struct{} // if not nil, a read waits for it
	err      error
	panics   bool
}

func (a *messageStore) EachMessage(ctx context.Context, _, _ string, from int) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) {
		a.reads.Add(1)
		err := a.err
		if a.hold != nil {
			select {
			case <-a.hold:
			case <-ctx.Done():
				err = ctx.Err()
			}
		}
		if a.panics {
			panic("a bug")
		}
		if err != nil {
			yield(conversation.Message{}, err)
			return
		}
		for _, m := range a.messages[from:] {
			if !yield(m, nil) {
				return
			}
		}
	}
}

func (a *messageStore) wantReads(t *testing.T, want int) {
	t.Helper()
	if got := int(a.reads.Load()); got != want {
		t.Errorf("the messages were read %d times, want %d", got, want)
	}
}

// said is a conversation of these sentences by Ann, once of Bea.
func said(texts ...string) *messageStore {
	a := &messageStore{}
	for i, text := range texts {
		a.messages = append(a.messages, conversation.Message{
			ID: fmt.Sprint(i + 1), Text: text, Member: []string{"ann", "bea"}[i%2], Polarity: new(0.5),
			Entities: []conversation.Entity{{Type: "person"}},
		})
	}
	return a
}

func launch() *messageStore {
	return said(
		"The navigation system of the car is late.", "The navigation system needs a new supplier.",
		"Which supplier could build the navigation system?", "The navigation system must ship before the budget review.",
		"The budget review is on Monday.", "Then let us call the supplier before the budget review.",
	)
}

var call = conversation.Conversation{ID: "7", Version: "1-0"}

// loadLexicon reads the lexicon once for all tests: it does not change, and reading it is
// most of what a small digest takes.
var loadLexicon = sync.OnceValues(lexicon.Load)

func newCache(tb testing.TB, a digest.Messages, opts digest.Options) *digest.Cache {
	tb.Helper()
	return digest.New(a, loadLexicon, opts)
}

func topics(t *testing.T, d *digest.Cache, c conversation.Conversation, vocabulary ...string) []digest.Topic {
	t.Helper()
	return allTopics(t, d, c, vocabulary...).All
}

func allTopics(t *testing.T, d *digest.Cache, c conversation.Conversation, vocabulary ...string) digest.Topics {
	t.Helper()
	found, err := d.Topics(t.Context(), "ann", c, vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func textsOf(found []digest.Topic) (texts []string) {
	for _, f := range found {
		texts = append(texts, f.Text)
	}
	return texts
}

func TestTopics(t *testing.T) {
	t.Parallel()

	found := topics(t, newCache(t, launch(), digest.Options{}), call)
	i := slices.IndexFunc(found, func(f digest.Topic) bool { return f.Text == "navigation system" })
	if i < 0 {
		t.Fatalf("topics = %v, want the navigation system among them", textsOf(found))
	}
	f := found[i]
	if !slices.Equal(f.Messages, []string{"1", "2", "3", "4"}) || !conversation.ValidID(f.ID) || f.Score <= 0 || f.Score > 1 || f.Sentiment != 0.5 {
		t.Errorf("topic %+v, want it in messages 1 to 4, with an id, a score and the sentiment 0.5", f)
	}
	more := launch()
	more.messages = append(more.messages, conversation.Message{ID: "9", Text: "The navigation system again."})
	for _, f := range topics(t, newCache(t, more, digest.Options{}), call) {
		if f.Text == "navigation system" && f.ID != found[i].ID {
			t.Errorf("the id is %s as the conversation grows, want %s as before", f.ID, found[i].ID)
		}
	}
}

func TestVocabulary(t *testing.T) {
	t.Parallel()

	a := launch()
	d := newCache(t, a, digest.Options{})
	if found := topics(t, d, call, "monday"); !slices.Contains(textsOf(found), "monday") {
		t.Errorf("topics = %v, want the word of the vocabulary", textsOf(found))
	}
	if found := topics(t, d, call); slices.Contains(textsOf(found), "monday") {
		t.Errorf("topics = %v, want none of another caller's vocabulary", textsOf(found))
	}
	topics(t, d, call, "monday")
	a.wantReads(t, 2)
}

// TestMembersAreNoTopics has a name that is said often.
func TestMembersAreNoTopics(t *testing.T) {
	t.Parallel()

	a := said("Ask Zoltan.", "Zoltan knows the budget.", "Does Zoltan know?")
	c := call
	c.Members = []conversation.Member{{ID: "ann", Name: "Zoltan"}}
	for _, f := range topics(t, newCache(t, a, digest.Options{}), c) {
		if strings.EqualFold(f.Text, "Zoltan") {
			t.Errorf("a member is the topic %+v", f)
		}
	}
}

// TestMergedMembersAreOne compares a conversation of two speakers with the same
// after they turned out to be one.
func TestMergedMembersAreOne(t *testing.T) {
	t.Parallel()

	merged, one := call, said()
	merged.Merged = map[string]string{"bea": "ann"}
	one.messages = slices.Clone(launch().messages)
	for i := range one.messages {
		one.messages[i].Member = "ann"
	}
	two := topics(t, newCache(t, launch(), digest.Options{}), call)
	got := topics(t, newCache(t, launch(), digest.Options{}), merged)
	want := topics(t, newCache(t, one, digest.Options{}), call)
	if got[0].Score != want[0].Score || got[0].Score == two[0].Score {
		t.Errorf("score %v of merged members, %v of one and %v of two; want the first two equal", got[0].Score, want[0].Score, two[0].Score)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()

	a := launch()
	d := newCache(t, a, digest.Options{})
	got, err := d.Summary(t.Context(), "ann", call)
	if err != nil || got.Interim || len(got.Lines) == 0 || len(got.Lines) >= len(a.messages) {
		t.Fatalf("Summary = %+v, %v, want some of %d messages", got, err, len(a.messages))
	}
	for i, l := range got.Lines {
		if i > 0 && l.ID <= got.Lines[i-1].ID {
			t.Errorf("message %s comes behind %s", l.ID, got.Lines[i-1].ID)
		}
		if l.Text == "" || !slices.Equal(l.Messages, []string{l.ID}) {
			t.Errorf("line %+v, want it to be one message", l)
		}
	}
	again, err := d.Summary(t.Context(), "ann", call)
	if err != nil || len(again.Lines) != len(got.Lines) {
		t.Errorf("asked again: %v, %v", again, err)
	}
	topics(t, d, call) // is kept beside it
	a.wantReads(t, 2)
}

func TestNothingWasSaid(t *testing.T) {
	t.Parallel()

	d := newCache(t, said(), digest.Options{})
	if found := topics(t, d, call); len(found) != 0 {
		t.Errorf("topics = %v, want none", found)
	}
	if got, err := d.Summary(t.Context(), "ann", call); err != nil || len(got.Lines) != 0 {
		t.Errorf("Summary = %v, %v, want nothing", got, err)
	}
}

// TestKeptByVersion asks for the same, and for what only looks like it.
func TestKeptByVersion(t *testing.T) {
	t.Parallel()

	a := launch()
	d := newCache(t, a, digest.Options{})
	for range 3 {
		topics(t, d, call)
	}
	a.wantReads(t, 1)
	edited, appended, other := call, call, call
	edited.Version, appended.Version, other.ID = "1-1", "2-0", "8"
	a.messages = append(a.messages, conversation.Message{ID: "9", Text: "Elephants! We need elephants, grey elephants."})
	if found := textsOf(topics(t, d, appended)); !slices.ContainsFunc(found, func(s string) bool { return strings.Contains(s, "elephant") }) {
		t.Errorf("topics after a change = %v, want the new ones", found)
	}
	topics(t, d, edited)
	topics(t, d, other)
	if _, err := d.Topics(t.Context(), "bob", call, nil); err != nil {
		t.Error(err)
	}
	a.wantReads(t, 5)
}

// TestOneComputation has many ask at once.
func TestOneComputation(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		a := launch()
		a.hold = make(chan struct{})
		d := newCache(t, a, digest.Options{})
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				if found, err := d.Topics(t.Context(), "ann", call, nil); err != nil || len(found.All) == 0 || found.Interim {
					t.Errorf("Topics = %v, %v", found, err)
				}
			})
		}
		synctest.Wait()
		close(a.hold)
		all.Wait()
		a.wantReads(t, 1)
	})
}

// TestFirstHangsUp has the one leave for whom the messages are read.
func TestFirstHangsUp(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		a := launch()
		a.hold = make(chan struct{})
		d := newCache(t, a, digest.Options{})
		first, hangUp := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() {
			_, err := d.Topics(first, "ann", call, nil)
			gone <- err
		}()
		synctest.Wait()
		var second sync.WaitGroup
		second.Go(func() { topics(t, d, call) })
		synctest.Wait()
		hangUp()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("who hung up got %v, want %v at once", err, context.Canceled)
		}
		close(a.hold)
		second.Wait()
		a.wantReads(t, 1)
	})
}

// TestReadThatHangs has nobody wait for ever, nor anything remain behind.
func TestReadThatHangs(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		a := launch()
		a.hold = make(chan struct{})
		_, err := newCache(t, a, digest.Options{}).Topics(t.Context(), "ann", call, nil)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("err = %v, want %v", err, context.Canceled)
		}
	})
}

// TestErrorsAreNotKept has a read fail, then a bug strike, then neither.
func TestErrorsAreNotKept(t *testing.T) {
	t.Parallel()

	a := launch()
	d := newCache(t, a, digest.Options{})
	a.err = errors.New("away")
	if _, err := d.Topics(t.Context(), "ann", call, nil); !errors.Is(err, a.err) {
		t.Errorf("err = %v, want %v", err, a.err)
	}
	a.err, a.panics = nil, true
	if _, err := d.Topics(t.Context(), "ann", call, nil); err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Errorf("err = %v, want the panic", err)
	}
	a.panics = false
	if found := topics(t, d, call); len(found) == 0 {
		t.Error("there are no topics after an error")
	}
	a.wantReads(t, 3)
}

func TestNoLexicon(t *testing.T) {
	t.Parallel()

	wrong := errors.New("no lexicon")
	d := digest.New(launch(), func() (*lexicon.Lexicon, error) { return nil, wrong }, digest.Options{})
	if _, err := d.Summary(t.Context(), "ann", call); !errors.Is(err, wrong) {
		t.Errorf("err = %v, want %v", err, wrong)
	}
}

// TestMemoryIsBounded keeps the latest digests, and no more than fit.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()

	a := launch()
	d := newCache(t, a, digest.Options{Memory: 10 << 10}) // each is some 2 KiB
	version := func(n int) conversation.Conversation {
		c := call
		c.Version = fmt.Sprintf("%d-0", n)
		return c
	}
	for n := range 20 {
		topics(t, d, version(n))
		topics(t, d, version(0)) // is asked for all the time
	}
	a.wantReads(t, 20)
	topics(t, d, version(19))
	a.wantReads(t, 20)
	topics(t, d, version(1))
	a.wantReads(t, 21)

	none := newCache(t, a, digest.Options{Memory: 1})
	topics(t, none, call)
	topics(t, none, call)
	a.wantReads(t, 23)
}

// long is a conversation of n messages of some twelve words, as they are said.
func long(n int) *messageStore {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("the the the we we to to a is it navigation system supplier budget review Monday customer contract price launch " +
		"battery screen design meeting manager market factory delivery report team marketing software hardware release test")
	a := &messageStore{}
	for i := range n {
		var b strings.Builder
		for range 12 {
			b.WriteString(words[r.IntN(len(words))] + " ")
		}
		a.messages = append(a.messages, conversation.Message{
			ID: fmt.Sprintf("%016d", i), Text: strings.TrimSpace(b.String()) + ".", Member: fmt.Sprint(i % 7), Polarity: new(0.1),
			Start: time.UnixMilli(int64(i)), End: time.UnixMilli(int64(i + 1)),
		})
	}
	return a
}

// TestWeight compares the estimate with the memory that a large digest takes.
func TestWeight(t *testing.T) {
	a := long(5_000)
	d := newCache(t, a, digest.Options{Memory: 1 << 30})
	topics(t, d, call) // with it, the dictionary
	before := heap()
	const versions = 4
	weight := 0
	for n := range versions {
		c := call
		c.Version = fmt.Sprintf("%d-1", n)
		for _, f := range topics(t, d, c) {
			weight += 256 + len(f.Text) + 32*len(f.Messages)
		}
	}
	took := int(heap()) - int(before)
	if took > 2*weight {
		t.Errorf("%d bytes are kept, estimated %d", took, weight)
	}
	runtime.KeepAlive(d)
	runtime.KeepAlive(a)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkTopics(b *testing.B) {
	a := long(100_000)
	d := newCache(b, a, digest.Options{})
	c := call
	for _, kind := range []string{"cold", "warm"} {
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if kind == "cold" {
					c.Version = fmt.Sprint(n, "-", b.N)
				}
				if _, err := d.Topics(b.Context(), "ann", c, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSummary(b *testing.B) {
	d := newCache(b, long(100_000), digest.Options{})
	c := call
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		c.Version = fmt.Sprint(n)
		if _, err := d.Summary(b.Context(), "ann", c); err != nil {
			b.Fatal(err)
		}
	}
}
