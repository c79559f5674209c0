package symbl

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// utterances checks the messages and returns them in the service's terms. The
// text is passed on unchanged.
func (s *submission) utterances() ([]analysis.Utterance, error) {
	if s.Messages == nil {
		return nil, input.Invalid("messages", input.ErrRequired)
	}
	if len(s.Messages) == 0 {
		return nil, input.Invalid("messages", input.ErrNoItems)
	}
	us := make([]analysis.Utterance, 0, len(s.Messages))
	for i := range s.Messages {
		m := &s.Messages[i]
		if bool(s.SkipEmpty) && input.Blank(valueOf(m.Payload.Content)) {
			continue
		}
		if field, err := m.check(); err != nil {
			return nil, input.Invalid(fmt.Sprintf("messages[%d].%s", i, field), err)
		}
		us = append(us, analysis.Utterance{
			From:  conversation.Speaker{ID: string(m.From.ID), UserID: cmp.Or(string(m.From.UserID), m.From.Email), Name: m.From.Name},
			Text:  *m.Payload.Content,
			Start: m.Duration.StartTime.Time,
			End:   m.Duration.EndTime.Time,
		})
	}
	if len(us) == 0 {
		return nil, input.Invalid("messages", input.ErrNoText)
	}
	return us, nil
}

func (m *message) check() (field string, err error) {
	content := m.Payload.Content
	switch {
	case content == nil:
		return "payload.content", input.ErrRequired
	case input.Blank(*content):
		return "payload.content", input.ErrEmptyText
	case len(*content) > input.MaxContent:
		return "payload.content", input.BadValue(fmt.Sprintf("must not be larger than %d bytes", input.MaxContent))
	}
	for _, f := range [...]struct{ name, value string }{
		{"from.id", string(m.From.ID)}, {"from.userId", string(m.From.UserID)}, {"from.email", m.From.Email}, {"from.name", m.From.Name},
	} {
		if err := input.CheckLength(f.value, input.MaxSpeaker); err != nil {
			return f.name, err
		}
	}
	start, end := m.Duration.StartTime, m.Duration.EndTime
	if !start.IsZero() && !end.IsZero() && end.Before(start.Time) {
		return "duration.endTime", input.BadValue("must not be earlier than startTime")
	}
	return "", nil
}

// options checks the options of the analysis and returns them.
func (s *submission) options() (analysis.Options, error) {
	o := analysis.Options{
		Name:                s.Name,
		ConfidenceThreshold: s.ConfidenceThreshold.Value,
		DetectPhrases:       bool(s.DetectPhrases),
		DetectEntities:      bool(s.DetectEntities),
		EnableAllTrackers:   bool(s.EnableAllTrackers || s.EnableAllTracker),
		EnableSummary:       valueOf(s.EnableSummary.Value),
		ConversationType:    s.conversationTypes(),
		StartTime:           s.StartTime.Time,
		TimezoneOffset:      s.TimezoneOffset.Value,
		LanguageCode:        s.LanguageCode,
	}
	if field, err := s.checkScalars(); err != nil {
		return o, input.Invalid(field, err)
	}
	if err := input.CheckLabels("metadata", s.Metadata); err != nil {
		return o, err
	}
	if input.Blank(o.Name) {
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

// conversationTypes returns the types. A single one that is empty is none.
func (s *submission) conversationTypes() []string {
	if types := s.ConversationType.List; len(types) != 1 || types[0] != "" {
		return types
	}
	return nil
}

func (s *submission) checkScalars() (field string, err error) {
	if err := input.CheckLength(s.Name, input.MaxName); err != nil {
		return "name", err
	}
	if err := input.CheckRange(s.ConfidenceThreshold.Value, 0, 1); err != nil {
		return "confidenceThreshold", err
	}
	if err := input.CheckRange(s.TimezoneOffset.Value, -maxOffset, maxOffset); err != nil {
		return "timezoneOffset", err
	}
	if err := input.CheckLength(s.LanguageCode, maxLanguage); err != nil {
		return "languageCode", err
	}
	for i, t := range s.conversationTypes() {
		if err := input.CheckTerm(t); err != nil {
			return fmt.Sprintf("conversationType[%d]", i), err
		}
	}
	switch {
	case len(s.Features) > maxFeatures:
		return "features", input.BadValue(fmt.Sprintf("must not be larger than %d bytes", maxFeatures))
	case len(s.Features) > 0 && s.Features.Kind() != jsontext.KindBeginObject && s.Features.Kind() != jsontext.KindNull:
		return "features", input.ErrObject
	}
	return "", nil
}
