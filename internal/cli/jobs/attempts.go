package jobs

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// attempt is one try to deliver a webhook event.
type attempt struct {
	EventID string    `json:"eventId"`
	Status  string    `json:"status"`
	Number  int       `json:"attempt"`
	At      time.Time `json:"at"`
	Outcome string    `json:"outcome"`
	Code    int       `json:"code"`
	Error   string    `json:"error"`
	TotalMs float64   `json:"totalMs"`
	NextAt  time.Time `json:"nextAt"`
}

// attemptList is the attempts of a job: the API's JSON, for programs, and
// parsed, for people.
type attemptList struct {
	raw    json.RawMessage
	parsed []attempt
}

// readAttempts reads the attempts of a job from the API.
func readAttempts(ctx context.Context, s *session.Session, jobID string) (attemptList, error) {
	var answer struct {
		Attempts json.RawMessage `json:"attempts"`
	}
	if err := s.Decode(ctx, &answer, "v1", "job", jobID, "attempts"); err != nil {
		return attemptList{}, err
	}
	list := attemptList{raw: answer.Attempts}
	if err := json.Unmarshal(list.raw, &list.parsed); err != nil {
		return attemptList{}, fmt.Errorf("read the attempts of job %s: %w", jobID, err)
	}
	return list, nil
}

// printAttempts writes a table of the attempts, or one document.
func printAttempts(p output.Printer, list attemptList) error {
	if p.JSON {
		return p.Document(map[string]any{"attempts": list.raw})
	}
	if len(list.parsed) == 0 {
		return p.Linef("no webhook attempts")
	}
	rows := [][]string{{"AT", "STATUS", "TRY", "OUTCOME", "CODE", "TOOK", "NEXT", "ERROR"}}
	for _, a := range list.parsed {
		code, next := "-", "-"
		if a.Code != 0 {
			code = strconv.Itoa(a.Code)
		}
		if !a.NextAt.IsZero() {
			next = output.Time(a.NextAt)
		}
		took := time.Duration(a.TotalMs * float64(time.Millisecond)).Round(100 * time.Microsecond)
		rows = append(rows, []string{output.Time(a.At), a.Status, strconv.Itoa(a.Number), a.Outcome, code, took.String(), next, cmp.Or(a.Error, "-")})
	}
	return p.Table(rows)
}
