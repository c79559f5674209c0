package symbl

import (
	"context"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/transcript"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// A transcriptRequest is the body of POST /v1/conversations/{id}/transcript.
type transcriptRequest struct {
	ContentType      string        `json:"contentType"`
	CreateParagraphs input.Boolean `json:"createParagraphs"`
	ShowSpeakers     input.Boolean `json:"showSpeakerSeparation"`
	Phrases          struct {
		Insights input.Boolean `json:"highlightOnlyInsightKeyPhrases"`
		All      input.Boolean `json:"highlightAllKeyPhrases"`
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
func (h *handlers) transcript(ctx context.Context, x *edge.Exchange) (any, error) {
	wanted, err := input.Decode[transcriptRequest](x.Body)
	if err != nil {
		return nil, err
	}
	form := strings.ToLower(wanted.ContentType)
	switch form {
	case "":
		return nil, input.Invalid("contentType", input.ErrRequired)
	case markdown, subRip:
	default:
		return nil, input.Invalid("contentType", input.BadValue("must be one of ["+markdown+", "+subRip+"]"))
	}
	c, err := h.Conversations.Find(ctx, x)
	if err != nil {
		return nil, err
	}
	stored, err := h.Conversations.Messages(x, c)
	if err != nil {
		return nil, err
	}
	phrases, err := h.highlights(x, c.ID, wanted, stored)
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
// follow-ups, and on request all others.
func (h *handlers) highlights(x *edge.Exchange, id string, wanted *transcriptRequest, stored []conversation.Message) (map[string][]string, error) {
	if !wanted.Phrases.All && !wanted.Phrases.Insights || len(stored) == 0 {
		return nil, nil
	}
	phrases := map[string][]string{}
	for in, err := range h.Conversations.Store.EachInsight(x.Long(), x.Account.ID, id, 0) {
		if err != nil {
			return nil, err
		}
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
