package phrases_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/phrases"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// found returns what stands where phrases are found, as "phrase@offset".
func found(table *phrases.Table, text string) (all []string) {
	for m := range table.All(words.Split(nil, text)) {
		for _, p := range m.Phrases {
			all = append(all, fmt.Sprintf("%d:%s@%d", p, text[m.Start:m.End], m.Start))
		}
	}
	return all
}

func TestFind(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		phrases []string
		text    string
		want    []string
	}{
		{name: "whatever the case", phrases: []string{"Price List"}, text: "our PRICE list", want: []string{"0:PRICE list@4"}},
		{name: "whole words only", phrases: []string{"price"}, text: "priceless prices"},
		{name: "every place", phrases: []string{"no"}, text: "no no", want: []string{"0:no@0", "0:no@3"}},
		{name: "phrases within phrases", phrases: []string{"price", "price list", "list"}, text: "price list", want: []string{"0:price@0", "1:price list@0", "2:list@6"}},
		{name: "the same words twice", phrases: []string{"Price", "price."}, text: "price", want: []string{"0:price@0", "1:price@0"}},
		{name: "blanks of any kind", phrases: []string{"price list"}, text: "price \n\u00a0list", want: []string{"0:price \n\u00a0list@0"}},
		{name: "not over a mark", phrases: []string{"price list"}, text: "price, list. price. List"},
		{name: "a start that fails", phrases: []string{"a a b"}, text: "a a a b", want: []string{"0:a a b@2"}},
		{name: "possessive", phrases: []string{"Acme Corp"}, text: "Acme Corp's and ACME CORP’S", want: []string{"0:Acme Corp@0", "0:ACME CORP@16"}},
		{name: "possessive in the phrase", phrases: []string{"men's wear"}, text: "men’s wear, men wear", want: []string{"0:men’s wear@0"}},
		{name: "apostrophes", phrases: []string{"don't", "O’Brien"}, text: "don’t O'Brien", want: []string{"0:don’t@0", "1:O'Brien@8"}},
		{name: "hyphens join", phrases: []string{"follow up", "real-time"}, text: "follow-up real time", want: []string{"0:follow-up@0", "1:real time@10"}},
		{name: "a dash does not", phrases: []string{"follow up"}, text: "follow - up"},
		{name: "dots", phrases: []string{"U.S.", "node.js"}, text: "in the U.S. and Node.js", want: []string{"0:U.S@7", "1:Node.js@16"}},
		{name: "marks count", phrases: []string{"C++", ".NET"}, text: "C and .net and c++ net", want: []string{"1:.net@6", "0:c++@15"}},
		{name: "marks alone", phrases: []string{"?!", "."}, text: "what?! yes.", want: []string{"0:?!@4", "1:.@10"}},
		{name: "Chinese", phrases: []string{"价格"}, text: "这个价格太高", want: []string{"0:价格@6"}},
		{name: "Arabic", phrases: []string{"السعر"}, text: "ما هو السعر؟", want: []string{"0:السعر@10"}},
		{name: "Greek", phrases: []string{"ΟΔΟΣ"}, text: "οδος οδός", want: []string{"0:οδος@0"}},
		{name: "Turkish", phrases: []string{"İstanbul"}, text: "bir İSTANBUL", want: []string{"0:İSTANBUL@4"}},
		{name: "accents as marks", phrases: []string{"José Lima"}, text: "for JOSE\u0301 Lima", want: []string{"0:JOSE\u0301 Lima@4"}},
		{name: "marks in the phrase", phrases: []string{"cafe\u0301"}, text: "au Café, cafe", want: []string{"0:Café@3"}},
		{name: "sharp s", phrases: []string{"Straße"}, text: "STRASSE straße", want: []string{"0:STRASSE@0", "0:straße@8"}},
		{name: "accents of Greek", phrases: []string{"Σίσυφος"}, text: "ο ΣΊΣΥΦΟΣ", want: []string{"0:ΣΊΣΥΦΟΣ@3"}},
		{name: "Hangul in parts", phrases: []string{"한국"}, text: "\u1112\u1161\u11ab\u1100\u116e\u11a8", want: []string{"0:\u1112\u1161\u11ab\u1100\u116e\u11a8@0"}},
		{name: "emoji", phrases: []string{"👍🏽 ok"}, text: "👍🏽 OK", want: []string{"0:👍🏽 OK@0"}},
		{name: "nothing to look for", phrases: []string{"", " "}, text: "a b"},
		{name: "too long", phrases: []string{strings.Repeat("a ", 33)}, text: strings.Repeat("a ", 40)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := found(phrases.New(tt.phrases), tt.text); !slices.Equal(got, tt.want) {
				t.Errorf("Find(%q) of %q = %q, want %q", tt.text, tt.phrases, got, tt.want)
			}
		})
	}
}

func TestKey(t *testing.T) {
	t.Parallel()

	for _, same := range [][2]string{{"Follow-Up!", "follow up"}, {"Acme’s", "ACME's"}} {
		if a, b := phrases.Key(same[0]), phrases.Key(same[1]); a != b {
			t.Errorf("Key(%q) = %q, Key(%q) = %q, want the same", same[0], a, same[1], b)
		}
	}
	for _, other := range [][2]string{{"ab c", "a bc"}, {"C", "C++"}, {"a's", "as"}} {
		if a, b := phrases.Key(other[0]), phrases.Key(other[1]); a == b {
			t.Errorf("Key(%q) = Key(%q) = %q, want two", other[0], other[1], a)
		}
	}
}

// TestLinear finds in texts that a slow search would not come to an end with.
func TestLinear(t *testing.T) {
	t.Parallel()

	long := strings.TrimSpace(strings.Repeat("a ", phrases.MaxWords))
	table := phrases.New([]string{long, "👍", "e\u0301"})
	for _, text := range []string{
		strings.Repeat("a ", 32<<10), strings.Repeat("a", 64<<10), strings.Repeat("👍", 10_000),
		"e" + strings.Repeat("\u0301", 32<<10), strings.Repeat("-", 64<<10), strings.Repeat("a'", 32<<10),
	} {
		for range table.All(words.Split(nil, text)) {
			continue
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("follow-up", "A follow up’s İ\xff")
	f.Add("a's", "a's-b")
	f.Fuzz(func(t *testing.T, phrase, text string) {
		table := phrases.New([]string{phrase})
		for m := range table.All(words.Split(nil, text)) {
			if m.Start < 0 || m.Start >= m.End || m.End > len(text) {
				t.Fatalf("Find(%q) of %q: from %d to %d", text, phrase, m.Start, m.End)
			}
		}
		own := words.Split(nil, phrase)
		if len(own) > 0 && len(own) <= phrases.MaxWords/2 && len(slices.Collect(table.All(own))) == 0 {
			t.Fatalf("%q is not found in itself", phrase)
		}
	})
}
