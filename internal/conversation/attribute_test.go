package conversation_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/turnwise/turnwise/internal/conversation"
)

// TestSpeakerBy has spans and messages in seconds. What is wanted has a letter
// per message: who said it, "-" if the spans do not tell.
func TestSpeakerBy(t *testing.T) {
	t.Parallel()

	const open = -1 // to the end of a span that nobody saw
	type span struct {
		who      string
		from, to int
	}
	tests := []struct {
		name     string
		spans    []span
		messages [][2]int
		want     string
	}{
		{"no spans", nil, [][2]int{{0, 1}}, "-"},
		{"no messages", []span{{"A", 0, 9}}, nil, ""},
		{"one after the other", []span{{"A", 0, 5}, {"B", 5, 9}}, [][2]int{{0, 5}, {5, 9}, {9, 10}}, "AB-"},
		{"most of the time", []span{{"A", 0, 5}, {"B", 5, 9}}, [][2]int{{3, 8}, {2, 8}, {4, 7}}, "BAB"},
		{"most of it in parts", []span{{"A", 0, 2}, {"B", 2, 5}, {"A", 5, 7}}, [][2]int{{0, 7}}, "A"},
		{"any of it", []span{{"A", 0, 1}}, [][2]int{{0, 100}}, "A"},
		{"equally long: who began first", []span{{"B", 2, 4}, {"A", 0, 2}}, [][2]int{{0, 4}}, "A"},
		{"both at once: who began first", []span{{"B", 1, 9}, {"A", 0, 9}}, [][2]int{{2, 8}}, "A"},
		{"equally long: what came before does not count", []span{{"A", 0, 1}, {"B", 2, 4}, {"A", 4, 6}}, [][2]int{{2, 6}}, "B"},
		{"both at once from the start: who is first in the list", []span{{"B", 0, 9}, {"A", 0, 9}}, [][2]int{{2, 8}}, "B"},
		{"no time: who spoke then", []span{{"A", 0, 5}, {"B", 5, 9}}, [][2]int{{5, 5}, {4, 4}, {9, 9}, {6, 5}}, "BA-B"},
		{"a long span before short ones", []span{{"A", 0, 99}, {"B", 1, 2}, {"B", 3, 4}}, [][2]int{{50, 60}}, "A"},
		{"no end", []span{{"A", 0, 5}, {"B", 5, open}}, [][2]int{{4, 5}, {50, 60}}, "AB"},
		{"spans that end before they begin", []span{{"A", 5, 0}, {"B", 3, 3}}, [][2]int{{0, 9}, {3, 3}}, "--"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var spans []conversation.Span
			for _, s := range tt.spans {
				span := conversation.Span{Member: s.who, From: morning.Add(time.Duration(s.from) * time.Second)}
				if s.to != open {
					span.To = morning.Add(time.Duration(s.to) * time.Second)
				}
				spans = append(spans, span)
			}
			var messages []conversation.Message
			for _, m := range tt.messages {
				messages = append(messages, spoke("", "", time.Duration(m[0])*time.Second, time.Duration(m[1])*time.Second))
			}
			if got := attributed(messages, spans); got != tt.want {
				t.Errorf("SpeakerBy = %s, want %s", got, tt.want)
			}
		})
	}
}

func attributed(messages []conversation.Message, spans []conversation.Span) string {
	var b strings.Builder
	by := conversation.SpeakerBy(spans)
	for _, m := range messages {
		who := by(m)
		if who == "" {
			who = "-"
		}
		b.WriteString(who)
	}
	return b.String()
}

// TestSpeakerByInstantByInstant compares with a count of who speaks when.
func TestSpeakerByInstantByInstant(t *testing.T) {
	t.Parallel()

	members := []string{"A", "B", "C"}
	rapid.Check(t, func(t *rapid.T) {
		var spans []conversation.Span
		speaks := map[string][]bool{}
		for _, who := range members {
			speaks[who] = append(rapid.SliceOfN(rapid.Bool(), 12, 12).Draw(t, who), false)
			for at, yes := range speaks[who] {
				if from := time.Duration(at) * time.Millisecond; yes {
					spans = append(spans, conversation.Span{Member: who, From: morning.Add(from), To: morning.Add(from + time.Millisecond)})
				}
			}
		}
		from, to := rapid.IntRange(0, 12).Draw(t, "from"), rapid.IntRange(0, 12).Draw(t, "to")
		counts := map[string]int{}
		for _, who := range members {
			for at := from; at < max(to, from+1); at++ {
				if speaks[who][at] {
					counts[who]++
				}
			}
		}
		got := attributed([]conversation.Message{spoke("", "", time.Duration(from)*time.Millisecond, time.Duration(to)*time.Millisecond)}, spans)
		for who, n := range counts {
			if n > counts[got] {
				t.Fatalf("Attribute = %s, but %s spoke for %d of %v", got, who, n, counts)
			}
		}
		if got != "-" && counts[got] == 0 {
			t.Fatalf("Attribute = %s, who did not speak: %v", got, counts)
		}
	})
}
