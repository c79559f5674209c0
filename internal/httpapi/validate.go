package httpapi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

const (
	errRequired badValue = "is required"
	errBlank    badValue = "is not allowed to be empty"
	errObject   badValue = "must be of type object"
	errString   badValue = "must be a string"
	errNoItems  badValue = "must contain at least 1 items"
	errTwice    badValue = "is given more than once"
)

var errTooMany = badValue(fmt.Sprintf("must contain less than or equal to %d items", maxItems))

// utterances checks the messages and returns them in the service's terms. The
// text is passed on to the byte.
func (s *submission) utterances() ([]analysis.Utterance, error) {
	if s.Messages == nil {
		return nil, invalid("messages", errRequired)
	}
	if len(s.Messages) == 0 {
		return nil, invalid("messages", errNoItems)
	}
	us := make([]analysis.Utterance, len(s.Messages))
	for i := range s.Messages {
		m := &s.Messages[i]
		if field, err := m.check(); err != nil {
			return nil, invalid(fmt.Sprintf("messages[%d].%s", i, field), err)
		}
		us[i] = analysis.Utterance{
			From:  conversation.Speaker{ID: m.From.ID, UserID: cmp.Or(m.From.UserID, m.From.Email), Name: m.From.Name},
			Text:  *m.Payload.Content,
			Start: m.Duration.StartTime.Time,
			End:   m.Duration.EndTime.Time,
		}
	}
	return us, nil
}

func (m *message) check() (field string, err error) {
	content := m.Payload.Content
	switch {
	case content == nil:
		return "payload.content", errRequired
	case blank(*content):
		return "payload.content", errBlank
	case len(*content) > maxContent:
		return "payload.content", badValue(fmt.Sprintf("must not be larger than %d bytes", maxContent))
	}
	for _, f := range [...]struct{ name, value string }{
		{"from.id", m.From.ID}, {"from.userId", m.From.UserID}, {"from.email", m.From.Email}, {"from.name", m.From.Name},
	} {
		if err := within(f.value, maxSpeaker); err != nil {
			return f.name, err
		}
	}
	start, end := m.Duration.StartTime, m.Duration.EndTime
	if !start.IsZero() && !end.IsZero() && end.Before(start.Time) {
		return "duration.endTime", badValue("must not be earlier than startTime")
	}
	return "", nil
}

// options checks what is asked of the analysis and returns it.
func (s *submission) options() (analysis.Options, error) {
	o := analysis.Options{
		Name:                s.Name,
		ConfidenceThreshold: s.ConfidenceThreshold,
		DetectPhrases:       bool(s.DetectPhrases),
		DetectEntities:      bool(s.DetectEntities),
		EnableAllTrackers:   bool(s.EnableAllTrackers || s.EnableAllTracker),
		EnableSummary:       s.EnableSummary != nil && bool(*s.EnableSummary),
		ConversationType:    s.ConversationType.list,
		StartTime:           s.StartTime.Time,
		TimezoneOffset:      s.TimezoneOffset,
		LanguageCode:        s.LanguageCode,
	}
	if field, err := s.checkScalars(); err != nil {
		return o, invalid(field, err)
	}
	if err := checkLabels("metadata", s.Metadata); err != nil {
		return o, err
	}
	if blank(o.Name) {
		o.Name = "" // as good as none, which is named after its id
	}
	if s.Features.Kind() == jsontext.KindBeginObject {
		o.Features = json.RawMessage(s.Features)
	}
	if len(s.Metadata) > 0 {
		o.Metadata = s.Metadata
	}
	var err error
	if o.Entities, err = s.entities(); err != nil {
		return o, err
	}
	o.Trackers, err = s.trackers()
	return o, err
}

func (s *submission) checkScalars() (field string, err error) {
	if err := within(s.Name, maxName); err != nil {
		return "name", err
	}
	if err := between(s.ConfidenceThreshold, 0, 1); err != nil {
		return "confidenceThreshold", err
	}
	if err := between(s.TimezoneOffset, -maxOffset, maxOffset); err != nil {
		return "timezoneOffset", err
	}
	if err := within(s.LanguageCode, maxLanguage); err != nil {
		return "languageCode", err
	}
	for i, t := range s.ConversationType.list {
		if err := term(t); err != nil {
			return fmt.Sprintf("conversationType[%d]", i), err
		}
	}
	switch {
	case len(s.Features) > maxFeatures:
		return "features", badValue(fmt.Sprintf("must not be larger than %d bytes", maxFeatures))
	case len(s.Features) > 0 && s.Features.Kind() != jsontext.KindBeginObject && s.Features.Kind() != jsontext.KindNull:
		return "features", errObject
	}
	return "", nil
}

// checkLabels bounds the names and values of the labels in a field.
func checkLabels(field string, all labels) error {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		switch {
		case name == "":
			return invalid(field, badValue("must not have a member without a name"))
		case within(name, maxLabel) != nil:
			return invalid(field, badValue(fmt.Sprintf("must have names of at most %d characters", maxLabel)))
		}
		if err := within(all[name], maxLabel); err != nil {
			return invalid(field+"."+name, err)
		}
	}
	return nil
}

// term checks a text to look for, or the name of one.
func term(s string) error {
	if blank(s) {
		return errBlank
	}
	return within(s, maxTerm)
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// within checks that s has n characters at most.
func within(s string, n int) error {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return nil
	}
	return badValue(fmt.Sprintf("length must be less than or equal to %d characters long", n))
}

// between checks a number that may be missing.
func between(v *float64, least, most float64) error {
	switch {
	case v == nil:
		return nil
	case *v < least:
		return badValue(fmt.Sprintf("must be greater than or equal to %g", least))
	case *v > most:
		return badValue(fmt.Sprintf("must be less than or equal to %g", most))
	default:
		return nil
	}
}
