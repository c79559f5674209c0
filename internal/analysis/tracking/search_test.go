package tracking

import (
	"fmt"
	"slices"
	"testing"
)

func TestNear(t *testing.T) {
	t.Parallel()

	v := newVocabulary()
	for _, text := range []string{"cancel", "subscription", "ok", "sku42", "цена", "runs", "running"} {
		v.add(text)
	}
	v.build()
	tests := []struct {
		name, text string
		want       []string
	}{
		{name: "itself", text: "ok", want: []string{"ok 1.0"}},
		{name: "itself and another form", text: "runs", want: []string{"runs 1.0", "running 1.0"}},
		{name: "another form", text: "cancelled", want: []string{"cancel 1.0"}},
		{name: "misspelled", text: "subscripton", want: []string{"subscription 0.7"}},
		{name: "other letters", text: "weather"},
		{name: "a code is only itself", text: "sku42", want: []string{"sku42 1.0"}},
		{name: "another code", text: "sku43"},
		{name: "letters of more than a byte", text: "цены", want: []string{"цена 0.4"}},
		{name: "bytes in common, no letters", text: "щелк"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var got []string
			s := v.newSearch()
			for range 2 { // the search is as good as new
				got = nil
				for _, n := range near(&v, tt.text, &s) {
					got = append(got, fmt.Sprintf("%s %.1f", v.texts[n.word], n.alike))
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("near(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

// near returns the words that are like one.
func near(v *vocabulary, text string, s *search) []neighbor {
	if number, ok := v.numbers[text]; ok {
		return v.neighbors(number, s)
	}
	return v.search(text, "", none, s)
}

// TestNearBounded has more words that are alike than anybody can want.
func TestNearBounded(t *testing.T) {
	t.Parallel()

	v := newVocabulary()
	for _, text := range codes(500) {
		v.add(text)
	}
	v.build()
	s := v.newSearch()
	if n := len(near(&v, "similar", &s)); n != maxNeighbors {
		t.Errorf("%d words are near, want %d", n, maxNeighbors)
	}
	if n := len(near(&v, v.texts[7], &s)); n != 1+maxNeighbors {
		t.Errorf("%d words are near a known one, want itself and %d", n, maxNeighbors)
	}
}

// TestCrowd has grams that are in as many words as may be, and in one more.
func TestCrowd(t *testing.T) {
	t.Parallel()

	for _, extra := range []int{0, 1} {
		v := newVocabulary()
		for _, text := range codes(maxGramWords + extra) {
			v.add(text)
		}
		v.build()
		s := v.newSearch()
		v.share("similar", &s)
		if got, want := len(s.touched), maxGramWords*(1-extra); got != want {
			t.Errorf("of %d words %d share letters that count, want %d", maxGramWords+extra, got, want)
		}
	}
}

// codes returns words that begin in the same way, all of different stems.
func codes(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("similar%c%c%cx", 'a'+i%26, 'a'+i/26%26, 'a'+i/676))
	}
	return all
}
