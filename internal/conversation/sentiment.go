package conversation

// SentimentLabel returns the label of a polarity from −1 to 1: "negative" below −0.3,
// "positive" above 0.3, else "neutral".
func SentimentLabel(polarity float64) string {
	switch {
	case polarity < -0.3:
		return "negative"
	case polarity > 0.3:
		return "positive"
	default:
		return "neutral"
	}
}
