package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jdkato/prose/v3/segment"
)

// A span is a stretch of an utterance's text, in bytes.
type span struct{ start, end int }

// split returns the sentences of text, in order and without the blanks around
// them. Every byte that is not blank is in exactly one of them.
func split(text string) []span {
	var spans []span
	for p := range passages(text) {
		if obviouslyOne(text[p.start:p.end]) {
			spans = append(spans, p)
			continue
		}
		spans = appendSentences(spans, text, p)
	}
	return spans
}

// obviouslyOne reports whether a passage has no full stop, question or
// exclamation mark but at its end, as most chat messages have. The segmenter
// would find out the same, at many times the cost.
func obviouslyOne(passage string) bool {
	inner := strings.TrimRight(passage, `.!?"')]`)
	return !strings.ContainsAny(inner, ".!?")
}

// appendSentences appends the sentences of one passage. Of the segmenter's
// answer only the places where sentences begin are used, so whatever it does,
// no character is lost or altered.
func appendSentences(spans []span, text string, p span) []span {
	passage := text[p.start:p.end]
	start := 0
	for _, cut := range cuts(passage) {
		if cut <= start || cut >= len(passage) || !breaks(passage[start:cut], passage[cut:]) {
			continue
		}
		spans = append(spans, trim(text, span{p.start + start, p.start + cut}))
		start = cut
	}
	return append(spans, trim(text, span{p.start + start, p.end}))
}

// cuts returns where the segmenter sees sentences begin.
func cuts(passage string) []int {
	segmenter, err := segment.New() // loads the model once, 15 ms; later calls share it
	if err != nil {
		panic(err) // the model is compiled in
	}
	if passage[len(passage)-1] >= utf8.RuneSelf {
		passage += " " // else the segmenter overlooks a last word that ends in such a character
	}
	found := segmenter.Segment(maskInnerDots(passage))
	starts := make([]int, len(found))
	for i, s := range found {
		starts[i] = s.Start
	}
	return starts
}

// trim narrows s past the blanks at its ends.
func trim(text string, s span) span {
	inner := strings.TrimLeftFunc(text[s.start:s.end], unicode.IsSpace)
	s.start = s.end - len(inner)
	s.end = s.start + len(strings.TrimRightFunc(inner, unicode.IsSpace))
	return s
}
