// Package analysis splits the messages of one job into sentences with times,
// and finds insights, entities and matches of trackers in them.
//
// The package does no I/O, reads no clock and has no state but caches. The
// result depends only on the [Input], so a job that runs twice has the same
// result twice. It takes time in proportion to the text, whatever the text is and
// whatever else is looked for in it. It does not resolve speakers to members of the conversation,
// see package conversation.
//
// # Sentences
//
// A sentence ends at a line break at the latest. No character of an utterance is
// changed or lost, except blanks between sentences. A job has at most 50,000
// sentences. Further ones are joined to the last sentence of their utterance.
//
// # Times
//
// An utterance lasts from its Start to its End. Where one of them is missing
// it follows from the other and from a pace of 15 characters a second, with a
// second at least. One with neither follows the one before it at that pace,
// whenever that was. The first begins at the StartTime of [Options]; else, such
// that it and those after it end where the first that has a time begins; else
// when the job was accepted. In any case it does not begin before the end of
// what the conversation held already.
//
// The sentences of an utterance share its time in proportion to their
// characters, without gap or overlap. All times are UTC, to the millisecond.
package analysis

import (
	"encoding/json"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
)

// Input is the part of a conversation that one job adds.
type Input struct {
	Account    string // whose job it is; its own part of the caches is used
	JobID      string
	AcceptedAt time.Time // when the job was accepted
	After      time.Time // the conversation's end before this job; zero if it has none
	Utterances []Utterance
	Options    Options
	Saved      Saved
}

// Saved is what the account of a job has saved, as far as the job asks for it. The
// zero value is nothing.
type Saved struct {
	Entities *Entities // beside those of the options; may be nil

	// Trackers may be nil. Their places are those that they have among the trackers of
	// the options, -1 if they do not belong to the job; without places the trackers of
	// the options are these.
	Trackers *Trackers
	Places   []int
}

// An Utterance is a message as it was submitted: any number of sentences by
// one speaker.
type Utterance struct {
	From  conversation.Speaker `json:"from,omitzero"`
	Text  string               `json:"text"`
	Start time.Time            `json:"start,omitzero"` // zero if the caller gave none
	End   time.Time            `json:"end,omitzero"`
}

// Options are what a caller may ask of the analysis, as documented for the
// body of POST and PUT /v1/process/text. All of it is stored with the job.
type Options struct {
	Name                string            `json:"name,omitempty"`
	ConfidenceThreshold *float64          `json:"confidenceThreshold,omitempty"` // 0 to 1; 0.5 if nil
	DetectPhrases       bool              `json:"detectPhrases,omitempty"`
	DetectEntities      bool              `json:"detectEntities,omitempty"`
	Entities            []CustomEntity    `json:"entities,omitempty"`
	Trackers            []Tracker         `json:"trackers,omitempty"`
	EnableAllTrackers   bool              `json:"enableAllTrackers,omitempty"`
	EnableSummary       bool              `json:"enableSummary,omitempty"`
	ConversationType    []string          `json:"conversationType,omitempty"`
	Features            json.RawMessage   `json:"features,omitempty"` // a JSON object, stored as sent
	Metadata            map[string]string `json:"metadata,omitempty"`
	StartTime           time.Time         `json:"startTime,omitzero"`
	TimezoneOffset      *float64          `json:"timezoneOffset,omitempty"` // minutes
	LanguageCode        string            `json:"languageCode,omitempty"`
}

// A CustomEntity is a text to look for and what to call it.
type CustomEntity struct {
	CustomType string `json:"customType"`
	Text       string `json:"text"`
	Value      string `json:"value"`
}

// A Tracker is either the id of a saved one, or a name and a vocabulary.
type Tracker struct {
	ID         string   `json:"id,omitempty"`
	Name       string   `json:"name,omitempty"`
	Vocabulary []string `json:"vocabulary,omitempty"`

	ExcludeVocabulary []string `json:"excludeVocabulary,omitempty"` // of a saved one: phrases that are no match
}

// A Result is the result of an analysis.
type Result struct {
	Sentences []Sentence
	Insights  []Insight
	Analyzers []string // who found it: "local" and, if configured, "embeddings", "external", "chat"
}

// A Sentence is a message of the conversation, whose Member is not known yet.
// The ID is that of [conversation.MessageID]. The text is exactly the bytes of
// the utterance, less blanks around.
type Sentence struct {
	conversation.Message

	Utterance int // index of the utterance it comes from
	Offset    int // of its first byte in that utterance's text
}

// An Insight is a question, an action item or a follow-up.
type Insight struct {
	ID         string   `json:"id"`
	Type       string   `json:"type"` // "question", "action_item" or "follow_up"
	Text       string   `json:"text"`
	Score      float64  `json:"score"` // confidence, 0 to 1
	MessageIDs []string `json:"messageIds"`

	// Of action items and follow-ups:
	Phrases    []string              `json:"phrases,omitempty"`   // that say what is to be done
	Entities   []conversation.Entity `json:"entities,omitempty"`  // in Text
	Definitive bool                  `json:"definitive,omitzero"` // somebody committed to it
	Own        bool                  `json:"own,omitzero"`        // the speaker is to do it
	Assignee   string                `json:"assignee,omitempty"`  // else who is, by the name that was said; may be empty
	DueBy      time.Time             `json:"dueBy,omitzero"`
}
