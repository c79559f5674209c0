package httpapi

import (
	"context"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/transcript"
)

// A transcriptRequest is the body of POST /v1/conversations/{id}/transcript.
type transcriptRequest struct {
	ContentType      string  `json:"contentType"`
	CreateParagraphs boolean `json:"createParagraphs"`
	ShowSpeakers     boolean `json:"showSpeakerSeparation"`
	Phrases          struct {
		Insights boolean `json:"highlightOnlyInsightKeyPhrases"`
		All      boolean `json:"highlightAllKeyPhrases"`
	} `json:"phrases"`
}

type transcriptView struct {
	Payload     string `json:"payload"`
	ContentType string `json:"contentType"`
}

// The forms of a transcript.
const (
	markdown = "text/markdown"
	subRip   = "text/srt"
)

// transcript serves POST /v1/conversations/{id}/transcript.
func (a *API) transcript(ctx context.Context, x *exchange) (any, error) {
	wanted, err := decode[transcriptRequest](x.body)
	if err != nil {
		return nil, err
	}
	form := strings.ToLower(wanted.ContentType)
	switch form {
	case "":
		return nil, invalid("contentType", errRequired)
	case markdown, subRip:
	default:
		return nil, invalid("contentType", badValue("must be one of ["+markdown+", "+subRip+"]"))
	}
	c, err := a.find(ctx, x)
	if err != nil {
		return nil, err
	}
	stored, err := a.deps.Conversations.Messages(x.lasting, x.account.ID, c.ID)
	if err != nil {
		return nil, err
	}
	phrases, err := a.highlights(x, c.ID, wanted, stored)
	if err != nil {
		return nil, err
	}
	write := transcript.Markdown
	if form == subRip {
		write = transcript.SRT
	}
	payload := write(c, stored, transcript.Options{
		Speakers:   bool(wanted.ShowSpeakers),
		Paragraphs: bool(wanted.CreateParagraphs),
		Phrases:    phrases,
	})
	return struct {
		Transcript transcriptView `json:"transcript"`
	}{transcriptView{payload, form}}, nil
}

// highlights returns the phrases to mark, by message: those of action items and
// follow-ups, and if wanted the other ones too.
func (a *API) highlights(x *exchange, id string, wanted *transcriptRequest, stored []conversation.Message) (map[string][]string, error) {
	if !wanted.Phrases.All && !wanted.Phrases.Insights || len(stored) == 0 {
		return nil, nil
	}
	insights, err := a.deps.Conversations.Insights(x.lasting, x.account.ID, id)
	if err != nil {
		return nil, err
	}
	phrases := map[string][]string{}
	for _, in := range insights {
		for _, id := range in.MessageIDs {
			phrases[id] = append(phrases[id], in.Phrases...)
		}
	}
	if wanted.Phrases.All {
		for _, m := range stored {
			phrases[m.ID] = append(phrases[m.ID], m.Phrases...)
		}
	}
	return phrases, nil
}
