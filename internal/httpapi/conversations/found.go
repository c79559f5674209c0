package conversations

import (
	"math"

	"github.com/turnwise/turnwise/internal/conversation"
)

// A Phrase is part of a sentence that says what is to be done.
type Phrase struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// PhrasesOf returns the phrases as they are answered.
func PhrasesOf(phrases []string) []Phrase {
	views := make([]Phrase, len(phrases))
	for i, p := range phrases {
		views[i] = Phrase{"action_phrase", p}
	}
	return views
}

// A Sentiment is the sentiment of a text as it is answered.
type Sentiment struct {
	Polarity struct {
		Score float64 `json:"score"`
	} `json:"polarity"`
	Suggested string `json:"suggested"`
}

// SentimentOf returns the sentiment for a polarity.
func SentimentOf(polarity float64) *Sentiment {
	shown := Round(polarity)
	v := &Sentiment{Suggested: conversation.SentimentLabel(shown)}
	v.Polarity.Score = shown
	return v
}

// Round rounds a score for answers: to three decimals, without a negative zero.
func Round(score float64) float64 {
	if shown := math.Round(score*1000) / 1000; shown != 0 {
		return shown
	}
	return 0
}
