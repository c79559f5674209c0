package client

import (
	"context"
	"net/http"
)

// TranscriptFormat is the media type of a transcript.
type TranscriptFormat string

// The formats of transcripts.
const (
	Markdown TranscriptFormat = "text/markdown"
	SRT      TranscriptFormat = "text/srt" // subtitles
)

// TranscriptOptions says how a transcript is written. The zero value is
// Markdown, one sentence after the other.
type TranscriptOptions struct {
	Format     TranscriptFormat // Markdown if empty
	Speakers   bool             // with the names of the speakers
	Paragraphs bool             // one for consecutive messages of a speaker; Markdown only
	Highlight  Highlight        // Markdown only
}

// Highlight says which phrases of a transcript are marked.
type Highlight struct {
	InsightPhrases bool `json:"highlightOnlyInsightKeyPhrases,omitempty"`
	AllPhrases     bool `json:"highlightAllKeyPhrases,omitempty"`
}

// A Transcript is a conversation as one text.
type Transcript struct {
	Payload string           `json:"payload"`
	Format  TranscriptFormat `json:"contentType"`
}

// Transcript returns a conversation as one text.
func (c *Client) Transcript(ctx context.Context, conversationID string, opts TranscriptOptions) (Transcript, error) {
	answer, err := set[struct {
		Transcript Transcript `json:"transcript"`
	}](ctx, c, http.MethodPost, opts.body(), "v1", "conversations", conversationID, "transcript") // it changes nothing
	return answer.Transcript, err
}

// body returns the body of the request. Options that are off are left out. The
// API refuses an option of Markdown with another format.
func (o TranscriptOptions) body() any {
	if o.Format == "" {
		o.Format = Markdown
	}
	return struct {
		ContentType TranscriptFormat `json:"contentType"`
		Paragraphs  bool             `json:"createParagraphs,omitempty"`
		Speakers    bool             `json:"showSpeakerSeparation,omitempty"`
		Highlight   Highlight        `json:"phrases,omitzero"`
	}{o.Format, o.Paragraphs, o.Speakers, o.Highlight}
}
