package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
)

// retained is the first line of a job's body, which is stored until the job
// expires. It holds nothing of the messages, nor the name of the conversation.
type retained struct {
	URL       string        `json:"url,omitempty"`
	Told      []jobs.Status `json:"told,omitempty"` // of which its webhooks tell; all if empty
	Keyed     bool          `json:"keyed,omitzero"`
	Trace     string        `json:"trace,omitempty"`
	Analyzers []string      `json:"by,omitempty"` // of a completed job, unless they are the usual ones
}

// usualAnalyzers are those of nearly all jobs, and so of a completed one with which
// none are kept.
func usualAnalyzers() []string { return []string{"local"} }

// encodeBody returns the body of a job: four lines of JSON, which are what is
// kept, the options, the keys of the speakers and the messages. Lines, because a
// script can cut them without parsing; JSON has no raw line breaks.
func encodeBody(job jobs.Job) ([]byte, error) {
	first, err := encodeRetained(job)
	if err != nil {
		return nil, err
	}
	options, err := json.Marshal(job.Options, json.OmitZeroStructFields(true)) // most are not set
	if err != nil {
		return nil, fmt.Errorf("encode the options of job %s: %w", job.ID, err)
	}
	speakers, err := json.Marshal(speakerKeys(job.Utterances))
	if err != nil {
		return nil, fmt.Errorf("encode the speakers of job %s: %w", job.ID, err)
	}
	messages, err := json.Marshal(job.Utterances)
	if err != nil {
		return nil, fmt.Errorf("encode the messages of job %s: %w", job.ID, err)
	}
	return bytes.Join([][]byte{first, options, speakers, messages}, []byte("\n")), nil
}

// longBody is from how many bytes on the options and the messages of a body have a
// key of their own. To copy a long one in and out of a list takes Redis milliseconds.
const longBody = 64 << 10

// splitBody splits a body that is long into what stands in the lane, whose last line
// says how long the rest is, and the rest, which is the options and the messages.
func splitBody(body []byte) (short, long []byte) {
	if len(body) < longBody {
		return body, nil
	}
	lines := bytes.Split(body, []byte("\n"))
	long = bytes.Join([][]byte{lines[1], lines[3]}, []byte("\n"))
	return fmt.Appendf(nil, "%s\n\n%s\n@%d", lines[0], lines[2], len(long)), long
}

// takeLong waits until no other caller of this process writes much text of the account,
// and returns what ends the caller's turn. While Redis writes much, and syncs it to a
// disk, all its callers wait: so there is one such write of an account under way,
// however many long texts it sends at once. The error is [jobs.ErrUnavailable] if ctx
// ends before.
func (s *Store) takeLong(ctx context.Context, account string) (end func(), err error) {
	end, err = s.long.Take(ctx, account)
	if err != nil {
		return nil, fault("wait for other long texts of the account", err)
	}
	return end, nil
}

// joinBody undoes splitBody. It calls fetch for the rest if a body was split.
func joinBody(short string, fetch func() (string, error)) (string, error) {
	from := strings.LastIndexByte(short, '\n')
	if from < 0 || !strings.HasPrefix(short[from+1:], "@") {
		return short, nil
	}
	long, err := fetch()
	if err != nil {
		return "", err
	}
	head := strings.Split(short[:from], "\n")
	options, messages, _ := strings.Cut(long, "\n")
	return strings.Join([]string{head[0], options, head[len(head)-1], messages}, "\n"), nil
}

// encodeRetained returns nothing of a job of which nothing out of the ordinary is to
// be kept.
func encodeRetained(job jobs.Job) ([]byte, error) {
	k := retained{URL: job.WebhookURL, Told: job.WebhookEvents, Keyed: job.Keyed, Trace: job.Trace}
	if !slices.Equal(job.Analyzers, usualAnalyzers()) {
		k.Analyzers = job.Analyzers
	}
	if k.URL+k.Trace == "" && !k.Keyed && k.Analyzers == nil {
		return nil, nil
	}
	b, err := json.Marshal(k)
	if err != nil {
		return nil, fmt.Errorf("encode what is kept of job %s: %w", job.ID, err)
	}
	return b, nil
}

// decodeRetained fills in the first line of a body.
func decodeRetained(line string, job *jobs.Job) error {
	if line == "" {
		return nil
	}
	var k retained
	if err := json.Unmarshal([]byte(line), &k); err != nil {
		return fmt.Errorf("decode what is kept of job %s: %w", job.ID, err)
	}
	job.WebhookURL, job.WebhookEvents, job.Keyed, job.Trace, job.Analyzers = k.URL, k.Told, k.Keyed, k.Trace, k.Analyzers
	return nil
}

// decodeBody fills in what encodeBody wrote.
func decodeBody(body string, job *jobs.Job) error {
	lines := strings.Split(body, "\n")
	if len(lines) != 4 {
		return fmt.Errorf("decode job %s: its body has %d lines, want 4", job.ID, len(lines))
	}
	if err := decodeRetained(lines[0], job); err != nil {
		return err
	}
	if lines[1] == "cancelled" {
		return jobs.ErrCancelled
	}
	if err := json.Unmarshal([]byte(lines[1]), &job.Options); err != nil {
		return fmt.Errorf("decode the options of job %s: %w", job.ID, err)
	}
	var speakers []string // for the scripts, which pass over what they cannot read
	if err := json.Unmarshal([]byte(lines[2]), &speakers); err != nil {
		return fmt.Errorf("decode the speakers of job %s: %w", job.ID, err)
	}
	if err := json.Unmarshal([]byte(lines[3]), &job.Utterances); err != nil {
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
