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
// them. Every byte that is not blank is in exactly one of them. There are most
// at most, one or more: the last one has the rest then. Passages without marks are
// divided by bare.
func split(text string, most int, bare divider) []span {
	by, spans, marked := english(), make([]span, 0, 8), endsAnywhere(text)
	for p := range passages(text) {
		for p.start < p.end {
			if len(spans) >= most {
				return mergeRest(spans, text, most)
			}
			sure := trim(text, span{p.start, p.start + by.certainEnd(text[p.start:p.end])})
			switch passage := text[sure.start:sure.end]; {
			case !marked && isUnmarked(passage):
				spans = bare.split(spans, text, sure)
			case isSingleSentence(passage):
				spans = append(spans, sure)
			default:
				spans = segmented(spans, text, sure, by.Segmenter)
			}
			p.start = sure.end
		}
	}
	if len(spans) > most {
		return mergeRest(spans, text, most)
	}
	return spans
}

// segmented appends the sentences of a stretch that begins and ends with one,
// as the segmenter sees them. Of its answer only the places where sentences
// begin are used, so whatever it does, no character is lost or altered.
func segmented(spans []span, text string, p span, by *segment.Segmenter) []span {
	passage := text[p.start:p.end]
	start := 0
	for _, s := range by.Segment(prepare(passage)) {
		if cut := s.Start; cut > start && cut < len(passage) && english().isBoundary(passage[start:cut], passage[cut:]) {
			spans = append(spans, trim(text, span{p.start + start, p.start + cut}))
			start = cut
		}
	}
	return append(spans, trim(text, span{p.start + start, p.end}))
}

// mergeRest returns the first sentences as they are, and all others as one.
func mergeRest(spans []span, text string, most int) []span {
	rest := trim(text, span{spans[most-1].start, len(text)})
	return append(spans[:most-1], rest)
}

// prepare returns a passage as the segmenter reads it best, with every byte at
// its place.
func prepare(passage string) string {
	if passage[len(passage)-1] >= utf8.RuneSelf {
		passage += " " // else a last word that ends in such a character is overlooked
	}
	return maskInnerDots(passage)
}

// trim narrows s past the blanks at its ends.
func trim(text string, s span) span {
	inner := strings.TrimLeftFunc(text[s.start:s.end], unicode.IsSpace)
	s.start = s.end - len(inner)
	s.end = s.start + len(strings.TrimRightFunc(inner, unicode.IsSpace))
	return s
}
