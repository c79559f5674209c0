package store

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/turnwise/turnwise/internal/conversation"
)

// What is decoded is what was encoded, whether it could be packed or not.
func TestMessageRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := anyMessage(rt)
		b, err := encodeMessage(&m)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := decodeMessage(string(b))
		if err != nil {
			rt.Fatal(err)
		}
		if !got.Start.Equal(m.Start) || !got.End.Equal(m.End) || zone(got.Start) != zone(m.Start) {
			rt.Fatalf("from %v to %v, want %v to %v", got.Start, got.End, m.Start, m.End)
		}
		got.Start, got.End = m.Start, m.End
		if !reflect.DeepEqual(got, m) {
			rt.Fatalf("decoded %+v, want %+v", got, m)
		}
	})
}

func zone(t time.Time) int {
	_, offset := t.Zone()
	return offset
}

func anyMessage(rt *rapid.T) conversation.Message {
	start := time.UnixMilli(rapid.Int64Range(-62135596800000, 253402300799999).Draw(rt, "start")).UTC()
	m := conversation.Message{
		ID:     rapid.OneOf(rapid.StringMatching(`[0-9]{16}`), rapid.StringMatching(`[0-9a-z]{0,20}`)).Draw(rt, "id"),
		Text:   rapid.String().Draw(rt, "text"),
		Member: rapid.SampledFrom([]string{"", uuid.NewString(), strings.ToUpper(uuid.NewString()), "x"}).Draw(rt, "member"),
		Start:  start,
		End:    start.Add(time.Duration(rapid.Int64Range(-5, 1e10).Draw(rt, "took")) * time.Microsecond),
	}
	if m.End.Year() > 9999 {
		m.End = m.Start
	}
	if rapid.Bool().Draw(rt, "abroad") {
		m.Start = m.Start.In(time.FixedZone("", 3600))
		if y := m.Start.Year(); y < 1 || y > 9999 {
			m.Start = start
		}
	}
	if rapid.Bool().Draw(rt, "findings") {
		m.Polarity = new(rapid.Float64Range(-1, 1).Draw(rt, "polarity"))
		m.Phrases = []string{"send it"}
		m.Entities = []conversation.Entity{{Type: "person", Text: "Ann", Score: 0.5}}
		m.Matches = []conversation.Match{{Tracker: "1", Name: "n", Term: "t"}}
	}
	return m
}

// The usual message takes at most so much beside its text.
func TestMessageIsSmall(t *testing.T) {
	t.Parallel()
	m := conversation.Message{
		ID: "9999999999999999", Text: "Hi.", Member: uuid.NewString(),
		Start: time.UnixMilli(1793299200123).UTC(), End: time.UnixMilli(1793299210000).UTC(),
	}
	b, err := encodeMessage(&m)
	if most := 34 + len(m.Text); err != nil || len(b) > most {
		t.Errorf("%d bytes, %v; want at most %d", len(b), err, most)
	}
}

// What JSON cannot say is refused, because a caller could never read it.
func TestMessageIsRefused(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(0).UTC()
	for name, m := range map[string]conversation.Message{
		"a text that is no UTF-8":   {ID: "1000000000000000", Text: "\xff", Start: at, End: at},
		"a year of five digits":     {ID: "1000000000000000", Start: at, End: at.AddDate(9000, 0, 0)},
		"a phrase that is no UTF-8": {ID: "1000000000000000", Start: at, End: at, Phrases: []string{"\xff"}},
	} {
		if b, err := encodeMessage(&m); err == nil {
			t.Errorf("%s is encoded as %q", name, b)
		}
	}
}

// What is damaged in Redis is an error, at whatever byte it ends.
func FuzzDecodeMessage(f *testing.F) {
	at := time.UnixMilli(1793299200123).UTC()
	m := conversation.Message{ID: "1000000000000000", Text: "Hi.", Member: uuid.NewString(), Start: at, End: at, Phrases: []string{"a"}}
	b, err := encodeMessage(&m)
	if err != nil {
		f.Fatal(err)
	}
	for n := range b {
		f.Add(string(b[:n]))
		if _, err := decodeMessage(string(b[:n])); err == nil {
			f.Errorf("%q is a message", b[:n])
		}
	}
	f.Add(`{"id":"x"}`)
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := decodeMessage(s); err == nil && len(m.Text) > len(s) {
			t.Errorf("%q has the text %q", s, m.Text)
		}
	})
}
