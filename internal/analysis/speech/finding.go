package speech

import "github.com/turnwise/turnwise/internal/analysis/words"

// Kind is what a sentence was found to be, in the words of the API.
type Kind string

// The kinds of findings. A follow-up is an action item too.
const (
	Question   Kind = "question"
	ActionItem Kind = "action_item"
	FollowUp   Kind = "follow_up"
)

// Assignee is the role of whoever is to do a task.
type Assignee uint8

// The roles of assignees.
const (
	Nobody    Assignee = iota // it is not said
	Speaker                   // who says it
	Addressee                 // who is spoken to: "could you", "please"
	Group                     // the speaker and others: "we"
	Third                     // someone who is spoken of: "Mark will handle it"
)

// A Span is a part of the sentence, in bytes.
type Span struct {
	Start, End int
}

// A Finding is a question, an action item or a follow-up.
type Finding struct {
	Kind  Kind
	Score float64 // confidence, from [MinScore] to 1

	// The rest is of action items and follow-ups.

	Phrases    []Span // what somebody is to do, in the order of the sentence; never none
	Definitive bool   // said as settled, with no doubt, wish or condition
	Assignee   Assignee
	Name       Span // of a Third or an Addressee, where the sentence names one; else zero
	Guessed    bool // by [Finder.Guess]: the phrase may be another clause of the sentence
	Quoted     bool // within quotation marks: what somebody else says
	Taken      bool // taken on without saying what: "I'll do that", "I'm on it"
}

// MinScore is the smallest score of a finding. What scores less is none.
const MinScore = 0.3

// People are those who take part, as far as they are known. They help to tell
// names from other words; none is needed.
type People struct {
	Speaker string       // name of who says it
	Members *words.Names // of all who take part; whether the speaker is among them is the same
}
