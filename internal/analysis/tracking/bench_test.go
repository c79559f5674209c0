package tracking_test

import (
	"fmt"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/tracking"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// sentences are a message of some 300 characters.
var sentences = []string{
	"Hi Mike, Natalia here.",
	"Hope you don’t mind me reaching out about the renewal of our contract.",
	"Who would be the best possible person to discuss the pricing and the discounts for students at ABC Corp in New York?",
	"Would you mind scheduling that meeting?",
	"Thanks in advance for your help, I really appreciate it!",
}

// phrases returns trackers of five terms each, n together.
func phrases(n int) []tracking.Tracker {
	frames := []string{
		"we need a better %s", "how much is the %s", "I want to cancel the %s", "could you send me the %s", "the %s is too expensive",
		"who is responsible for the %s", "we are not happy with the %s", "let me schedule the %s", "there is a problem with my %s", "can we talk about the %s next week",
	}
	things := []string{
		"price", "contract", "delivery", "invoice", "discount", "meeting", "support team", "license", "budget",
		"shipment", "subscription", "feature request", "data export", "password", "roadmap", "competitor offer",
		"refund", "bank account", "training session", "security review", "campaign", "hiring plan", "laptop", "travel cost", "timeline",
	}
	trackers := make([]tracking.Tracker, n/5)
	for i := range trackers {
		thing := things[i/2%len(things)]
		if other := i / 2 / len(things); other > 0 {
			thing += " of " + things[other%len(things)] + " " + things[other/len(things)]
		}
		for _, frame := range frames[i%2*5:][:5] {
			trackers[i].Vocabulary = append(trackers[i].Vocabulary, fmt.Sprintf(frame, thing))
		}
	}
	return trackers
}

func BenchmarkFind(b *testing.B) {
	model := newModel(b)
	var split [][]words.Word
	for _, s := range sentences {
		split = append(split, words.Split(nil, s))
	}
	for _, n := range []int{50, 750, 25_000} {
		b.Run(fmt.Sprintf("%d phrases", n), func(b *testing.B) {
			matcher := model.Compile(phrases(n))
			var found []tracking.Match
			b.ReportAllocs()
			for b.Loop() {
				r := matcher.Read(nil, tracking.Unlimited)
				found = found[:0]
				for _, s := range split {
					found = r.Find(found, s, 0.5)
				}
				r.Close()
			}
			b.ReportMetric(float64(len(found)), "matches")
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	model := newModel(b)
	for _, n := range []int{50, 750, 25_000} {
		b.Run(fmt.Sprintf("%d phrases", n), func(b *testing.B) {
			trackers := phrases(n)
			b.ReportAllocs()
			for b.Loop() {
				model.Compile(trackers)
			}
		})
	}
}
