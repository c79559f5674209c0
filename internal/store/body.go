package store

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
)

// kept is the first line of a job's body.
type kept struct {
	URL       string           `json:"url,omitempty"`
	Options   analysis.Options `json:"options,omitzero"`
	Analyzers []string         `json:"analyzers,omitempty"` // of a completed job
}

// encodeBody returns the body of a job: three lines of JSON. Lines, because a
// script can cut them without parsing; JSON has no raw line breaks.
func encodeBody(job jobs.Job) ([]byte, error) {
	first, err := encodeKept(job)
	if err != nil {
		return nil, err
	}
	speakers, err := json.Marshal(speakerKeys(job.Utterances))
	if err != nil {
		return nil, fmt.Errorf("encode the speakers of job %s: %w", job.ID, err)
	}
	messages, err := json.Marshal(job.Utterances)
	if err != nil {
		return nil, fmt.Errorf("encode the messages of job %s: %w", job.ID, err)
	}
	return bytes.Join([][]byte{first, speakers, messages}, []byte("\n")), nil
}

func encodeKept(job jobs.Job) ([]byte, error) {
	b, err := json.Marshal(kept{URL: job.WebhookURL, Options: job.Options, Analyzers: job.Analyzers})
	if err != nil {
		return nil, fmt.Errorf("encode the options of job %s: %w", job.ID, err)
	}
	return b, nil
}

// decodeBody fills in what encodeBody wrote, or what is left of it.
func decodeBody(body string, job *jobs.Job) error {
	first, rest, _ := strings.Cut(body, "\n")
	var k kept
	if err := json.Unmarshal([]byte(first), &k); err != nil {
		return fmt.Errorf("decode the options of job %s: %w", job.ID, err)
	}
	job.WebhookURL, job.Options, job.Analyzers = k.URL, k.Options, k.Analyzers
	_, messages, ok := strings.Cut(rest, "\n")
	if !ok {
		return nil
	}
	if err := json.Unmarshal([]byte(messages), &job.Utterances); err != nil {
		return fmt.Errorf("decode the messages of job %s: %w", job.ID, err)
	}
	return nil
}

// speakerKeys returns the keys of all speakers, each once.
func speakerKeys(utterances []analysis.Utterance) []string {
	keys := []string{}
	seen := map[string]bool{}
	for _, u := range utterances {
		for _, k := range u.From.Keys() {
			if !seen[k] {
				seen[k] = true
				keys = append(keys, k)
			}
		}
	}
	return keys
}
