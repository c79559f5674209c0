package topics_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/topics"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// BenchmarkAdd takes a message of 300 characters, splitting into words
// included.
func BenchmarkAdd(b *testing.B) {
	const text = "Who would be the best possible person to discuss internships and student recruitment at ABC Corp in New York? Would you mind pointing me toward the right person and the best way to reach them? Thanks in advance for your help, I really appreciate it! We could send the interns the contract by Friday."
	b.ReportAllocs()
	c := topics.Collect(dictionary(), topics.Options{})
	m := topics.Message{ID: "1"}
	for b.Loop() {
		m.Words = words.Split(m.Words[:0], text)
		c.Add(m)
	}
}

// BenchmarkLong takes a conversation of 100,000 messages of some 60 characters
// whose words follow the frequencies of English.
func BenchmarkLong(b *testing.B) {
	texts := chatter(100_000)
	b.ReportAllocs()
	for b.Loop() {
		c := topics.Collect(dictionary(), topics.Options{})
		m := topics.Message{ID: "1234567890123456"}
		for _, text := range texts {
			m.Words = words.Split(m.Words[:0], text)
			c.Add(m)
		}
		c.Topics()
	}
}

// chatter returns texts of some 60 characters; every other word is a stop word.
func chatter(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	frequent := rand.NewZipf(random, 1.1, 3, 200_000)
	stops := strings.Fields("the a of to and in we you is it that for on with this be have so but not are will can at what just I my they from")
	letters := func(r rune) rune { return r - '0' + 'e' }
	texts := make([]string, n)
	for i := range texts {
		var text []string
		for len(text) < 13 {
			if random.IntN(2) == 0 {
				text = append(text, stops[random.IntN(len(stops))])
			} else {
				text = append(text, "sw"+strings.Map(letters, strconv.FormatUint(frequent.Uint64(), 10)))
			}
		}
		texts[i] = strings.Join(text, " ")
	}
	return texts
}
