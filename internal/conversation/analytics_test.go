package conversation_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/turnwise/turnwise/internal/conversation"
)

func spoke(member, text string, from, to time.Duration) conversation.Message {
	return conversation.Message{Member: member, Text: text, Start: morning.Add(from), End: morning.Add(to)}
}

func TestMeasure(t *testing.T) {
	t.Parallel()

	type part = conversation.MemberAnalytics
	type share = conversation.Share
	ann, bob, cem := conversation.Member{ID: "a", Name: "Ann"}, conversation.Member{ID: "b"}, conversation.Member{ID: "c"}
	c := conversation.Conversation{Start: morning, Members: []conversation.Member{ann, bob, cem}, Merged: map[string]string{"x": "a"}}
	tests := []struct {
		name     string
		messages []conversation.Message
		want     conversation.Analytics
	}{
		{"nobody", nil, conversation.Analytics{Members: []part{{Member: ann}, {Member: bob}, {Member: cem}}}},
		{
			"a chat with a long pause",
			[]conversation.Message{
				spoke("a", "one two three", 0, 1500*time.Millisecond),
				spoke("x", " four\n five ", 2*time.Second, 3*time.Second),
				spoke("b", "six", 48*time.Hour, 48*time.Hour+5*time.Second),
			},
			conversation.Analytics{Talk: share{Seconds: 7.5, Percent: 100}, Members: []part{
				{Member: ann, WordsPerMinute: 120, Talk: share{Seconds: 2.5, Percent: 33.333}, Listen: share{Seconds: 5, Percent: 66.667}},
				{Member: bob, WordsPerMinute: 12, Talk: share{Seconds: 5, Percent: 66.667}, Listen: share{Seconds: 2.5, Percent: 33.333}},
				{Member: cem, Listen: share{Seconds: 7.5, Percent: 100}},
			}},
		},
		{
			"nobody known speaks too, and some at once",
			[]conversation.Message{
				spoke("", "one", 0, time.Second), spoke("a", "two", 0, time.Second), spoke("gone", "three", 0, 2*time.Second),
			},
			conversation.Analytics{Talk: share{Seconds: 4, Percent: 100}, Members: []part{
				{Member: ann, WordsPerMinute: 60, Talk: share{Seconds: 1, Percent: 25}, Listen: share{Seconds: 3, Percent: 75}},
				{Member: bob, Listen: share{Seconds: 4, Percent: 100}},
				{Member: cem, Listen: share{Seconds: 4, Percent: 100}},
			}},
		},
		{
			"no time and less",
			[]conversation.Message{spoke("a", "one", 0, 0), spoke("b", "two", time.Hour, 0)},
			conversation.Analytics{Members: []part{{Member: ann}, {Member: bob}, {Member: cem}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if diff := cmp.Diff(tt.want, conversation.Measure(c, slices.Values(tt.messages))); diff != "" {
				t.Errorf("Measure (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMeasureAddsUp holds for whatever times messages have.
func TestMeasureAddsUp(t *testing.T) {
	t.Parallel()

	members := []conversation.Member{{ID: "a"}, {ID: "b"}}
	message := rapid.Custom(func(t *rapid.T) conversation.Message {
		at := rapid.Map(rapid.Int64Range(-1<<41, 1<<41), time.UnixMilli)
		return conversation.Message{
			Member: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "member"),
			Text:   rapid.String().Draw(t, "text"),
			Start:  at.Draw(t, "start"),
			End:    at.Draw(t, "end"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a := conversation.Measure(conversation.Conversation{Members: members}, slices.Values(rapid.SliceOf(message).Draw(t, "messages")))
		seconds, percent := 0.0, 0.0
		for _, m := range a.Members {
			seconds += m.Talk.Seconds
			percent += m.Talk.Percent
			for _, n := range []float64{m.Talk.Seconds, m.Talk.Percent, m.Listen.Seconds, m.Listen.Percent, float64(m.WordsPerMinute)} {
				if math.IsNaN(n) || math.IsInf(n, 0) || n < 0 {
					t.Fatalf("Measure = %+v", a)
				}
			}
			if math.Abs(m.Talk.Percent+m.Listen.Percent-a.Talk.Percent) > 0.01 {
				t.Fatalf("talk and listening of %s are %+v and %+v", m.Member.ID, m.Talk, m.Listen)
			}
		}
		if math.Abs(seconds-a.Talk.Seconds) > 0.001*(1+seconds/1e9) || math.Abs(percent-a.Talk.Percent) > 0.01 {
			t.Fatalf("members talk %f s, %f %%, of %+v", seconds, percent, a.Talk)
		}
	})
}
