package analysis

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/foreign"
	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// What of a job its language is told by: so many bytes of each of its first
// utterances.
const (
	mostTold      = 64
	longestSample = 600
)

// mostlyIn returns the language that most of a job is in. It may write to buffer.
func mostlyIn(in Input, buffer []words.Word) string {
	var all foreign.Count
	for _, u := range in.Utterances[:min(len(in.Utterances), mostTold)] {
		buffer = words.Split(buffer[:0], sample(u.Text))
		tongues().Add(&all, buffer)
	}
	mostly, _ := all.Language()
	if mostly == "" {
		mostly, _, _ = strings.Cut(strings.ToLower(in.Options.LanguageCode), "-")
	}
	if mostly == "" {
		mostly = foreign.English
	}
	return mostly
}

// tellUtterance tells the language of an utterance: its own if its words are sure,
// or have nothing of the language that most of the job is in.
func (j *job) tellUtterance(utterance int) {
	var own foreign.Count
	j.words = words.Split(j.words[:0], sample(j.in.Utterances[utterance].Text))
	j.foreignFinder.Add(&own, j.words)
	language, sure := own.Language()
	j.language = j.mostly
	if sure {
		j.language = language
	}
}

// sample returns the beginning of a text, up to the end of a character.
func sample(text string) string {
	if len(text) <= longestSample {
		return text
	}
	end := longestSample
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// momentWords returns the words of the sentence as the grammar of moments, which is
// English, reads them.
func (j *job) momentWords() []words.Word {
	if j.language == foreign.English {
		return j.words
	}
	j.translated = j.foreignFinder.InEnglish(j.translated[:0], j.language, j.words)
	return j.translated
}

// closeNames gives abbreviations of single letters the point that ends them: "D.C.".
func (j *job) closeNames() {
	for n := range j.names {
		at := j.names[n].End
		if at >= 3 && at < len(j.text) && j.text[at] == '.' && j.text[at-2] == '.' && isLetter(j.text[at-1]) && isLetter(j.text[at-3]) {
			j.names[n].End++
		}
	}
}

// keepNames drops what the tagger, which learned English, takes for names in other
// languages: persons that do not speak, have no title and are no names by their
// form, and all else in German, where nouns are written as names are.
func (j *job) keepNames() {
	if j.language == foreign.English {
		return
	}
	kept := j.names[:0]
	for _, n := range j.names {
		text := j.text[n.Start:n.End]
		if n.Type == names.Person && (j.isSpeaker(text) || endsInTitle(j.text[:n.Start])) ||
			j.language != "de" && n.Start > 0 && isCapitalized(text) {
			kept = append(kept, n)
		}
	}
	j.names = j.addTitled(kept)
}

// addTitled adds the persons that a title stands before, which are not among the names yet: "la
// Sra. García", "Frau Schmidt".
func (j *job) addTitled(known []names.Name) []names.Name {
	for n := 0; n+1 < len(j.words); n++ {
		if !isTitle(j.words[n].Text) {
			continue
		}
		from := n + 1
		if j.words[from].Text == "." {
			from++
		}
		to := from
		for to < len(j.words) && to < from+mostNamed && !j.words[to].IsMark() && isCapitalized(j.words[to].Text) {
			to++
		}
		if to == from {
			continue
		}
		found := names.Name{Type: names.Person, Start: j.words[n].Start, End: j.words[to-1].End, Score: titled}
		if !slices.ContainsFunc(known, func(o names.Name) bool { return o.Start < found.End && found.Start < o.End }) {
			known = append(known, found)
		}
		n = to - 1
	}
	return known
}

// Of a person behind a title: how many words of a name are read, and how sure it is one.
const (
	mostNamed = 3
	titled    = 0.8
)

// isSpeaker reports whether a name is of one who speaks.
func (j *job) isSpeaker(name string) bool {
	return len(j.membersWith(name)) > 0
}

func endsInTitle(text string) bool {
	fields := strings.Fields(text[max(0, len(text)-16):])
	return len(fields) > 0 && isTitle(strings.TrimSuffix(fields[len(fields)-1], "."))
}

// isCapitalized reports whether every word of a name begins with a capital.
func isCapitalized(name string) bool {
	for word := range strings.FieldsSeq(name) {
		if first, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(first) {
			return false
		}
	}
	return true
}
