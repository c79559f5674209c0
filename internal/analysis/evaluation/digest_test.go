package evaluation_test

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/kljensen/snowball/english"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/words"
	"github.com/turnwise/turnwise/internal/conversation"
)

// spoken are the messages of a conversation, as a store has them.
type spoken []conversation.Message

func (s spoken) EachMessage(_ context.Context, _, _ string, from int) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) {
		for _, m := range s[from:] {
			if !yield(m, nil) {
				return
			}
		}
	}
}

// digestOf returns the topics and the summary of a conversation as a reader of the
// API has them, and its sentences.
func digestOf(tb testing.TB, e *analysis.Engine, d dialogue) (topics, lines, sentences []string) {
	tb.Helper()
	in, _ := d.input(func(s string) string { return s })
	r, err := e.Analyze(context.Background(), in)
	if err != nil {
		tb.Fatal(err)
	}
	c := conversation.Conversation{ID: "1", Version: "1"}
	ids := map[string]string{}
	for _, t := range d.turns {
		if ids[t.speaker] == "" {
			ids[t.speaker] = fmt.Sprint(len(ids) + 1)
			c.Members = append(c.Members, conversation.Member{ID: ids[t.speaker], Name: t.speaker})
		}
	}
	var all spoken
	for _, s := range r.Sentences {
		m := s.Message
		m.Member = ids[d.turns[s.Utterance].speaker]
		all = append(all, m)
		sentences = append(sentences, m.Text)
	}
	cache := digest.New(all, loadLexicon, digest.Options{})
	found, err := cache.Topics(context.Background(), "a", c, nil)
	if err != nil {
		tb.Fatal(err)
	}
	for _, t := range found.All {
		topics = append(topics, t.Text)
	}
	summary, err := cache.Summary(context.Background(), "a", c)
	if err != nil {
		tb.Fatal(err)
	}
	for _, l := range summary.Lines {
		lines = append(lines, l.Text)
	}
	return topics, lines, sentences
}

// TestDigest prints how many of the first ten topics are key phrases, and how much
// summaries have in common with those that a person wrote (ROUGE-L), beside plain
// counting of chunks, the first three sentences, and TextRank.
func TestDigest(t *testing.T) {
	e, lex := newEngine(t), newDictionary(t)
	for _, part := range []string{"dev", "more", "held"} {
		var f digestFigures
		for _, d := range readDialogues(t, part) {
			if d.language != "en" {
				continue
			}
			f.add(t, e, lex, part, d)
		}
		t.Logf("%s\n%s", part, f)
		if f.topics < 1.15*f.chunks || f.summary < 1.15*max(f.textRank, f.lead) {
			t.Errorf("%s: topics or summaries are less than 1.15 times the plain ways", part)
		}
		if least := map[string]float64{"dev": 0.42, "more": 0.32, "held": 0.37}[part]; f.topics < least*f.conversations {
			t.Errorf("%s: topics have the F1 %.3f, want %.2f", part, f.topics/f.conversations, least)
		}
	}
}

func newDictionary(tb testing.TB) *terms.Dictionary {
	tb.Helper()
	lex, err := loadLexicon()
	if err != nil {
		tb.Fatal(err)
	}
	return terms.New(lex)
}

// digestFigures are means over conversations.
type digestFigures struct {
	topics, chunks           float64
	summary, textRank, lead  float64
	conversations, summaries float64
}

func (f *digestFigures) add(tb testing.TB, e *analysis.Engine, dictionary *terms.Dictionary, part string, d dialogue) {
	topics, lines, sentences := digestOf(tb, e, d)
	if len(d.keys) > 0 {
		f.conversations++
		f.topics += agreement(topics, d.keys)
		f.chunks += agreement(chunks(dictionary, sentences), d.keys)
	}
	if *showMisses && part != "held" {
		tb.Logf("%s\n keys   %s\n topics %s\n chunks %s\n wrote  %s\n summary\n   %s", d.id, strings.Join(d.keys, "; "), strings.Join(topics, "; "),
			strings.Join(chunks(dictionary, sentences)[:10], "; "), d.summary, strings.Join(lines, "\n   "))
	}
	if d.summary == "" {
		return
	}
	f.summaries++
	f.summary += rougeL(strings.Join(lines, " "), d.summary)
	f.textRank += rougeL(strings.Join(textRank(dictionary, sentences, len(lines)), " "), d.summary)
	f.lead += rougeL(strings.Join(sentences[:3], " "), d.summary)
}

func (f digestFigures) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "topics of %.0f conversations: F1 of 10 %.3f, plain counting of chunks %.3f\n", f.conversations, f.topics/f.conversations, f.chunks/f.conversations)
	if f.summaries == 0 {
		return b.String()
	}
	fmt.Fprintf(&b, "%.0f summaries: ROUGE-L %.3f, TextRank %.3f, first three sentences %.3f", f.summaries, f.summary/f.summaries, f.textRank/f.summaries, f.lead/f.summaries)
	return b.String()
}

// agreement returns the F1 of the first ten phrases, by stems.
func agreement(found, keys []string) float64 {
	given := map[string]bool{}
	for _, k := range keys {
		given[strings.Join(stems(k), " ")] = true
	}
	found = found[:min(10, len(found))]
	right := 0
	for _, text := range found {
		if key := strings.Join(stems(text), " "); given[key] {
			right++
			delete(given, key)
		}
	}
	return 2 * float64(right) / float64(len(found)+len(keys))
}

func stems(text string) (all []string) {
	for _, w := range words.Split(nil, text) {
		if !w.IsMark() {
			all = append(all, english.Stem(strings.TrimSuffix(w.Lower, "'s"), true))
		}
	}
	return all
}

// chunks returns the rows of words between stop words and marks, by how often they
// are said.
func chunks(dictionary *terms.Dictionary, sentences []string) []string {
	table := dictionary.Table()
	counts, first, form := map[string]int{}, map[string]int{}, map[string]string{}
	place := 0
	for _, s := range sentences {
		var row []string
		end := func() {
			if text := strings.Join(row, " "); len(row) > 0 && len(row) <= 4 {
				key := strings.Join(stems(text), " ")
				if counts[key]++; counts[key] == 1 {
					first[key], form[key] = place, text
				}
			}
			row = nil
			place++
		}
		for _, number := range table.Append(nil, words.Split(nil, s)) {
			if term := table.Term(number); term.Kind.Tells() {
				row = append(row, term.Text)
			} else {
				end()
			}
		}
		end()
	}
	all := make([]string, 0, len(counts))
	for key := range counts {
		all = append(all, key)
	}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(first[a], first[b]))
	})
	for n, key := range all {
		all[n] = form[key]
	}
	return all
}

// textRank returns so many sentences, in their order, by TextRank (Mihalcea and
// Tarau, 2004).
func textRank(dictionary *terms.Dictionary, sentences []string, size int) []string {
	table, rows := dictionary.Table(), make([]map[int32]bool, len(sentences))
	lengths := make([]float64, len(sentences))
	for n, s := range sentences {
		rows[n] = map[int32]bool{}
		for _, number := range table.Append(nil, words.Split(nil, s)) {
			lengths[n]++
			if term := table.Term(number); term.Kind.Tells() {
				rows[n][term.Stem] = true
			}
		}
	}
	alike := func(a, b int) float64 {
		common := 0.0
		for stem := range rows[a] {
			if rows[b][stem] {
				common++
			}
		}
		return common / max(math.Log(lengths[a])+math.Log(lengths[b]), 1)
	}
	ranks, totals := make([]float64, len(sentences)), make([]float64, len(sentences))
	for a := range sentences {
		ranks[a] = 1
		for b := range sentences {
			if a != b {
				totals[a] += alike(a, b)
			}
		}
	}
	for range 30 {
		next := make([]float64, len(sentences))
		for a := range sentences {
			next[a] = 0.15
			for b := range sentences {
				if a != b && totals[b] > 0 {
					next[a] += 0.85 * ranks[b] * alike(a, b) / totals[b]
				}
			}
		}
		ranks = next
	}
	order := make([]int, len(sentences))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ranks[b], ranks[a]) })
	order = order[:min(size, len(order))]
	slices.Sort(order)
	var picked []string
	for _, n := range order {
		picked = append(picked, sentences[n])
	}
	return picked
}

// rougeL returns the F1 of the longest row of stems that two texts have in common.
func rougeL(a, b string) float64 {
	left, right := stems(a), stems(b)
	lengths := make([][]int, len(left)+1)
	for i := range lengths {
		lengths[i] = make([]int, len(right)+1)
	}
	for i, l := range left {
		for k, r := range right {
			lengths[i+1][k+1] = max(lengths[i][k+1], lengths[i+1][k])
			if l == r {
				lengths[i+1][k+1] = max(lengths[i+1][k+1], lengths[i][k]+1)
			}
		}
	}
	return 2 * float64(lengths[len(left)][len(right)]) / float64(max(1, len(left)+len(right)))
}
