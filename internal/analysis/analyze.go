package analysis

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/words"
	"github.com/turnwise/turnwise/internal/conversation"
)

// MaxItems is how many sentences a job has at most, and how many insights,
// entities and matches of trackers. Further ones are left out. Text by people has
// far fewer in a megabyte. The bound is against text that is made to fill a
// store.
const MaxItems = 50_000

// MaxOfMessage is how many entities, and how many matches of trackers, one message
// has at most: it is stored and read in one piece. Further ones are left out.
const MaxOfMessage = 1000

// What the entities of a job, or its matches, and those of a message have in bytes of
// text at most: names and terms, which may be longer than what they are found in.
const (
	mostBytes          = 8 << 20
	mostBytesOfMessage = 64 << 10
)

// A room is how many entities or matches a job may still have, and with how many
// bytes.
type room struct{ items, bytes int }

// take takes room for the first so many of a message that fit, and returns how many
// these are.
func (r *room) take(count int, size func(n int) int) (taken int) {
	left := room{min(r.items, MaxOfMessage, count), min(r.bytes, mostBytesOfMessage)}
	for taken < left.items {
		bytes := size(taken)
		if bytes > left.bytes {
			break
		}
		left.bytes -= bytes
		r.bytes -= bytes
		taken++
	}
	r.items -= taken
	return taken
}

// Analyze splits the utterances of a job into sentences and gives each one its
// time. It never fails: other text is one sentence.
func Analyze(in Input) Result {
	bare := divider{words.NewNames(speakersOf(in.Utterances)), mostlyIn(in, nil)}
	r, _ := analyze(context.Background(), in, bare) // which is never done
	return r
}

// analyze does as [Analyze] does, unless ctx is done.
func analyze(ctx context.Context, in Input, bare divider) (r Result, err error) {
	clock, pace := newTimeline(in), paceOf(ctx)
	for i, u := range in.Utterances {
		if err := pace.keep(ctx); err != nil {
			return Result{}, err
		}
		spans := split(u.Text, max(1, MaxItems-len(r.Sentences)-len(in.Utterances[i+1:])), bare)
		lengths, total := countCharacters(u.Text, spans)
		from, to := clock.period(u, total)
		said := 0
		r.Sentences = slices.Grow(r.Sentences, len(spans))
		for j, s := range spans {
			start := instantAt(from, to, said, total)
			said += lengths[j]
			r.Sentences = append(r.Sentences, Sentence{
				Message: conversation.Message{
					ID:    conversation.MessageID(in.JobID, len(r.Sentences)),
					Text:  u.Text[s.start:s.end],
					Start: start,
					End:   instantAt(from, to, said, total),
				},
				Utterance: i,
				Offset:    s.start,
			})
		}
	}
	return r, nil
}

// countCharacters counts the characters of each span and of all of them.
func countCharacters(text string, spans []span) (lengths []int, total int) {
	lengths = make([]int, len(spans))
	for i, s := range spans {
		lengths[i] = utf8.RuneCountInString(text[s.start:s.end])
		total += lengths[i]
	}
	return lengths, total
}

// instantAt returns the instant, to the millisecond, at which said of total
// characters have been said.
func instantAt(from, to time.Time, said, total int) time.Time {
	span := float64(to.UnixMilli() - from.UnixMilli())
	passed := span * (float64(said) / float64(total))
	return time.UnixMilli(from.UnixMilli() + int64(passed)).UTC()
}
