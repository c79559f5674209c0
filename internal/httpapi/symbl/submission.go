package symbl

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// What a submission may hold beside what every request may.
const (
	maxTerms    = 25_000   // of the trackers of a submission
	maxLanguage = 35       // characters of a language code, as BCP 47 allows for
	maxFeatures = 16 << 10 // bytes of the features object
	maxOffset   = 24 * 60  // minutes of a time zone's offset, either way
)

// A submission is the body of POST and PUT /v1/process/text. The case of names
// does not matter, unknown members are ignored, and null counts as a missing
// member, as does an empty string for a text, a number, a boolean or a time.
type submission struct {
	Messages            input.List[message]      `json:"messages"`
	Name                string                   `json:"name"`
	ConfidenceThreshold input.Number             `json:"confidenceThreshold"`
	DetectPhrases       input.Boolean            `json:"detectPhrases"`
	DetectEntities      input.Boolean            `json:"detectEntities"`
	Entities            input.OneOrMore[entity]  `json:"entities"`
	CustomEntities      input.OneOrMore[entity]  `json:"customEntities"` // the older name
	Trackers            input.List[tracker]      `json:"trackers"`
	EnableAllTrackers   input.Boolean            `json:"enableAllTrackers"`
	EnableAllTracker    input.Boolean            `json:"enableAllTracker"` // the same, as some pages spell it
	EnableSummary       input.Switch             `json:"enableSummary"`
	WebhookURL          string                   `json:"webhookUrl"`
	WebhookEvents       *input.OneOrMore[string] `json:"webhookEvents"` // nil leaves the choice to the account
	ConversationType    input.OneOrMore[string]  `json:"conversationType"`
	Features            jsontext.Value           `json:"features"`
	Metadata            input.Labels             `json:"metadata"`
	StartTime           input.Time               `json:"startTime"`
	TimezoneOffset      input.Number             `json:"timezoneOffset"`
	LanguageCode        string                   `json:"languageCode"`
	SkipEmpty           input.Boolean            `json:"skipEmpty"` // leaves out messages without a text
}

type message struct {
	Payload struct {
		Content *string `json:"content"`
	} `json:"payload"`
	From struct {
		ID     input.ID `json:"id"`
		UserID input.ID `json:"userId"`
		Email  string   `json:"email"` // the same as userId
		Name   string   `json:"name"`
	} `json:"from"`
	Duration struct {
		StartTime input.Time `json:"startTime"`
		EndTime   input.Time `json:"endTime"`
	} `json:"duration"`
}
