package analyzer

// mostSentences is how many sentences a job may have for a model to be asked
// about them. With more it would keep the model busy for minutes, and others
// waiting.
const mostSentences = 2_000
