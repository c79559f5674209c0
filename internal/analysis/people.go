package analysis

import (
	"cmp"
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
	if f.Guessed && f.Assignee == speech.Nobody && in.Assignee == "" {
		in.Assignee = j.called(speaker)
	}
	if f.Assignee == speech.Addressee && in.Assignee == "" && !in.Own {
		in.Assignee = cmp.Or(j.called(speaker), j.replies.called, j.other(speaker))
	}
	if f.Assignee == speech.Addressee && in.Assignee != "" && in.Assignee != speaker {
		j.replies.called = in.Assignee // goes on being spoken to
	}
}

// called returns who is called by name in the sentence, between marks or at one of its ends: "the
// rep is here, Beatriz, sit in on that". It is empty where nobody is, or more than one.
func (j *job) called(speaker string) (who string) {
	for n, w := range j.words {
		if w.IsMark() || n > 0 && !isComma(j.words[n-1].Text) || n+1 < len(j.words) && !j.words[n+1].IsMark() || n == 0 && (n+1 == len(j.words) || !isComma(j.words[n+1].Text)) {
			continue
		}
		found := j.membersWith(w.Text)
		if j.isListed(n) {
			return "" // "call Greta, Anneke and Joss"
		}
		if len(found) != 1 || found[0] == speaker || found[0] == who {
			continue
		}
		if who != "" {
			return ""
		}
		who = found[0]
	}
	return who
}

// isListed reports whether the name at n is one of several between commas.
func (j *job) isListed(n int) bool {
	is := func(at int) bool { return at >= 0 && at < len(j.words) && j.isSpeaker(j.words[at].Text) }
	if !is(n) {
		return false
	}
	after := n + 2
	if after < len(j.words) && (j.words[after].Lower == "and" || j.words[after].Lower == "or") {
		after++
	}
	return is(n-2) || is(after)
}

func isComma(text string) bool { return text == "," || text == "–" || text == "-" || text == ";" }

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
