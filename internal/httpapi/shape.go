package httpapi

import "github.com/go-json-experiment/json/jsontext"

// A submission is the body of POST and PUT /v1/process/text as it may arrive.
// Members are matched without regard to case, unknown ones are ignored, and
// null is as good as leaving a member out.
type submission struct {
	Messages            list[message]     `json:"messages"`
	Name                string            `json:"name"`
	ConfidenceThreshold *float64          `json:"confidenceThreshold"`
	DetectPhrases       boolean           `json:"detectPhrases"`
	DetectEntities      boolean           `json:"detectEntities"`
	Entities            oneOrMore[entity] `json:"entities"`
	CustomEntities      oneOrMore[entity] `json:"customEntities"` // the older name
	Trackers            list[tracker]     `json:"trackers"`
	EnableAllTrackers   boolean           `json:"enableAllTrackers"`
	EnableAllTracker    boolean           `json:"enableAllTracker"` // the same, as some pages spell it
	EnableSummary       *boolean          `json:"enableSummary"`
	WebhookURL          string            `json:"webhookUrl"`
	ConversationType    oneOrMore[string] `json:"conversationType"`
	Features            jsontext.Value    `json:"features"`
	Metadata            labels            `json:"metadata"`
	StartTime           moment            `json:"startTime"`
	TimezoneOffset      *float64          `json:"timezoneOffset"`
	LanguageCode        string            `json:"languageCode"`
}

type message struct {
	Payload struct {
		Content *string `json:"content"`
	} `json:"payload"`
	From struct {
		ID     string `json:"id"`
		UserID string `json:"userId"`
		Email  string `json:"email"` // the same as userId
		Name   string `json:"name"`
	} `json:"from"`
	Duration struct {
		StartTime moment `json:"startTime"`
		EndTime   moment `json:"endTime"`
	} `json:"duration"`
}
