package insights

import (
	"context"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
)

type analyticsView struct {
	Metrics []metric   `json:"metrics"`
	Members []partView `json:"members"`
}

// A metric is a share of the conversation. That of a member is a [shareView],
// with another name for the percentage.
type metric struct {
	Type    string  `json:"type"`
	Percent float64 `json:"percent"`
	Seconds float64 `json:"seconds"`
}

type partView struct {
	speaker

	Pace struct {
		WPM int `json:"wpm"`
	} `json:"pace"`
	TalkTime   shareView `json:"talkTime"`
	ListenTime shareView `json:"listenTime"`
	Overlap    struct{}  `json:"overlap"` // with whom, which there is of sound alone
}

type shareView struct {
	Percentage float64 `json:"percentage"`
	Seconds    float64 `json:"seconds"`
}

// analytics serves GET /v1/conversations/{id}/analytics.
func (h *handlers) analytics(ctx context.Context, x *edge.Exchange) (any, error) {
	c, err := h.Conversations.Revalidated(ctx, x)
	if err != nil {
		return nil, err
	}
	return shared(h, x, c, "analytics", func(ctx context.Context) (analyticsView, int, error) {
		var failed error
		measured := conversation.Measure(c, func(yield func(conversation.Message) bool) {
			failed = h.eachMessage(ctx, x, c, yield)
		})
		return analyticsViewOf(measured), len(measured.Members) * perMember, failed
	})
}

// perMember is the size of a member's analytics, in bytes, about.
const perMember = 512

func analyticsViewOf(measured conversation.Analytics) analyticsView {
	view := analyticsView{
		Metrics: []metric{
			{"total_silence", measured.Silence.Percent, measured.Silence.Seconds},
			{"total_talk_time", measured.Talk.Percent, measured.Talk.Seconds},
			{"total_overlap", measured.Overlap.Percent, measured.Overlap.Seconds},
		},
		Members: make([]partView, len(measured.Members)),
	}
	for i, p := range measured.Members {
		view.Members[i] = partView{
			speaker:    speakerOf(p.Member),
			TalkTime:   shareView{p.Talk.Percent, p.Talk.Seconds},
			ListenTime: shareView{p.Listen.Percent, p.Listen.Seconds},
		}
		view.Members[i].Pace.WPM = p.WordsPerMinute
	}
	return view
}
