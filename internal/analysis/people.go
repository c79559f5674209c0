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
	if found := j.membersWith(name); len(found) == 1 {
		return found[0]
	}
	return name
}

// membersWith returns those who speak whose whole names have every word of a name but
// its title.
func (j *job) membersWith(name string) []string {
	var some []string
	for part := range strings.FieldsSeq(name) {
		if part = strings.TrimSuffix(part, "."); !isTitle(part) {
			some = append(some, part)
		}
	}
	return j.members.With(some...)
}

func isTitle(word string) bool {
	switch strings.ToLower(word) {
	case "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "herr", "frau",
		"señor", "señora", "señorita", "sr", "sra", "srta", "dra", "monsieur", "madame", "mademoiselle", "mme", "mlle", "senhor", "senhora":
		return true
	}
	return false
}
