package symbl

import (
	"context"
	"io"
	"strings"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/transcript"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
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
	if err := x.Admit(edge.Reading); err != nil {
		return nil, err
	}
	return transcriptAnswer{
		form: form, x: x, conversation: c, from: h.Conversations.Store,
		highlight: form == markdown && bool(wanted.Phrases.All || wanted.Phrases.Insights),
		opts: transcript.Options{
			Speakers:   bool(wanted.ShowSpeakers),
			Paragraphs: bool(wanted.CreateParagraphs),
			AllPhrases: bool(wanted.Phrases.All),
		},
	}, nil
}

// highlights returns the phrases of action items and follow-ups to mark, by message.
// They are not stored with the messages, so all of them are held, and admitted as they
// grow beyond what every answer takes.
func (a transcriptAnswer) highlights() (map[string][]string, error) {
	phrases, room := map[string][]string{}, edge.Reading/2
	for in, err := range edge.InTurns(a.x, a.from.EachInsight(a.x.Reading(), a.x.Account.ID, a.conversation.ID, 0)) {
		if err != nil {
			return nil, err
		}
		for _, id := range in.MessageIDs {
			for _, p := range in.Phrases {
				phrases[id] = append(phrases[id], p)
				room -= perPhrase + len(p)
			}
		}
		if room < 0 {
			if err := a.x.Admit(edge.Reading); err != nil {
				return nil, err
			}
			room += edge.Reading
		}
	}
	return phrases, nil
}

// perPhrase is what a phrase takes, in bytes, beside its text, with its message.
const perPhrase = 96

// A transcriptAnswer is {"transcript":{"payload":…,"contentType":…}}, of which the
// payload is written while the messages are read.
type transcriptAnswer struct {
	form         string
	x            *edge.Exchange
	conversation conversation.Conversation
	from         conversations.Store
	highlight    bool // the phrases of insights
	opts         transcript.Options
}

// WriteJSON implements [edge.Written].
func (a transcriptAnswer) WriteJSON(w io.Writer) error {
	if _, err := io.WriteString(w, `{"transcript":{"payload":"`); err != nil {
		return err
	}
	if err := a.write(&edge.Text{To: w}); err != nil {
		return err
	}
	_, err := io.WriteString(w, `","contentType":"`+a.form+`"}}`)
	return err
}

func (a transcriptAnswer) write(w io.Writer) error {
	if a.form == subRip {
		return transcript.SRT(w, a.conversation, transcript.InOrder(a.messages, a.x.Admit), a.opts)
	}
	if a.highlight {
		var err error
		if a.opts.Phrases, err = a.highlights(); err != nil {
			return err
		}
	}
	return transcript.Markdown(w, a.conversation, a.messages(), a.opts)
}

func (a transcriptAnswer) messages() transcript.Messages {
	return edge.InTurns(a.x, a.from.EachMessage(a.x.Reading(), a.x.Account.ID, a.conversation.ID, 0))
}
