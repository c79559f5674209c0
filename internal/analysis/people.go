package analysis

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/speech"
)

// assign says who is to do what was found.
func (j *job) assign(in *Insight, f speech.Finding) {
	speaker := j.in.Utterances[j.replies.utterance].From.Name
	in.Own = f.Assignee == speech.Speaker
	if f.Name.End > f.Name.Start {
		in.Assignee = j.member(j.text[f.Name.Start:f.Name.End])
		if in.Assignee == speaker {
			in.Own, in.Assignee = true, ""
		}
	}
	if f.Assignee == speech.Addressee && in.Assignee == "" && !in.Own {
		in.Assignee = j.other(speaker)
	}
}

// other returns who else speaks where two people do.
func (j *job) other(speaker string) string {
	if len(j.people) != 2 || speaker == "" {
		return ""
	}
	if j.people[0] == speaker {
		return j.people[1]
	}
	return j.people[0]
}

// member returns the whole name of the one person who speaks and has this name or
// a part of it, "Ben Cole" of "Mr. Cole"; the name itself if it is not one.
func (j *job) member(name string) string {
	found := ""
	for _, whole := range j.people {
		if !isPartOf(name, whole) {
			continue
		}
		if found != "" {
			return name
		}
		found = whole
	}
	if found == "" {
		return name
	}
	return found
}

// isPartOf reports whether every word of a name but its title is one of a whole name.
func isPartOf(name, whole string) bool {
	some := false
	for part := range strings.FieldsSeq(name) {
		part = strings.TrimSuffix(part, ".")
		if isTitle(part) {
			continue
		}
		if !hasWord(whole, part) {
			return false
		}
		some = true
	}
	return some
}

func hasWord(text, word string) bool {
	for part := range strings.FieldsSeq(text) {
		if strings.EqualFold(part, word) {
			return true
		}
	}
	return false
}

func isTitle(word string) bool {
	switch strings.ToLower(word) {
	case "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "herr", "frau", "señor", "señora", "monsieur", "madame", "senhor", "senhora":
		return true
	}
	return false
}
