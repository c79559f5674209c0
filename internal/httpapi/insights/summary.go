package insights

import (
	"bytes"
	"context"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// summary serves GET /v1/conversations/{id}/summary, which exists once the
// conversation has no unfinished job.
func (h *handlers) summary(ctx context.Context, x *edge.Exchange) (any, error) {
	if _, err := input.Flags(x.Request.URL, "refresh"); err != nil {
		return nil, err
	}
	c, err := h.Conversations.Find(ctx, x)
	if err != nil {
		return nil, err
	}
	if c.Pending > 0 {
		return nil, edge.Refuse(http.StatusNotFound, "The summary is not there yet: the conversation has unfinished jobs. Ask again when they have finished.")
	}
	if _, byModel := h.Digests.UsesModels(); byModel {
		err = x.CheckMethod()
	} else {
		err = x.Revalidate(c.Version)
	}
	if err == nil {
		err = x.Admit(edge.Reading)
	}
	if err != nil {
		return nil, err
	}
	found, err := h.Digests.Summary(x.Long(), x.Account.ID, c)
	if err != nil {
		return nil, err
	}
	views := make([]summaryView, len(found.Lines))
	for i, l := range found.Lines {
		views[i] = summaryView{ID: l.ID, Text: l.Text, StartTime: edge.FormatTime(l.Start), EndTime: edge.FormatTime(l.End)}
		for _, id := range l.Messages {
			views[i].MessageRefs = append(views[i].MessageRefs, summaryRef{id})
		}
	}
	return struct {
		Summary []summaryView `json:"summary"`
	}{views}, nil
}

// A summaryView is a line of the summary: a message, or a text for several.
type summaryView struct {
	ID          string       `json:"id"`
	Text        string       `json:"text"`
	MessageRefs []summaryRef `json:"messageRefs"`
	StartTime   string       `json:"startTime"`
	EndTime     string       `json:"endTime"`
}

type summaryRef struct {
	ID string `json:"id"`
}

// refreshSummary serves POST /v1/conversations/{id}/summary, another way to ask
// for the summary. With a name in the body it asks for a web page, which is not
// offered.
func (h *handlers) refreshSummary(ctx context.Context, x *edge.Exchange) (any, error) {
	if len(bytes.TrimSpace(x.Body)) > 0 {
		body, err := input.Decode[struct {
			Name jsontext.Value `json:"name"`
		}](x.Body)
		if err != nil {
			return nil, err
		}
		if len(body.Name) > 0 && body.Name.Kind() != jsontext.KindNull {
			return nil, edge.Refuse(http.StatusNotFound, `Pages for a summary are not offered. Leave "name" out to get the summary itself.`)
		}
	}
	return h.summary(ctx, x)
}
