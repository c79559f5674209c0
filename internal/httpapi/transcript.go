package httpapi

import (
	"context"
	"strings"

	"github.com/turnwise/turnwise/internal/transcript"
)

// A transcriptRequest is the body of POST /v1/conversations/{id}/transcript.
type transcriptRequest struct {
	ContentType      string  `json:"contentType"`
	CreateParagraphs boolean `json:"createParagraphs"`
	ShowSpeakers     boolean `json:"showSpeakerSeparation"`
	Phrases          struct {
		Insights boolean `json:"highlightOnlyInsightKeyPhrases"`
		All      boolean `json:"highlightAllKeyPhrases"`
	} `json:"phrases"` // checked only: the analysis yields no phrases to highlight
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
	c, stored, err := a.read(ctx, x)
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
	})
	return struct {
		Transcript transcriptView `json:"transcript"`
	}{transcriptView{payload, form}}, nil
}
