package webhooks

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
)

func usage(text string) error { return exit.Usagef("%w", errors.New(text)) }

// The documents of the API, as far as they are printed for people.
type (
	delivery struct {
		ID, JobID, Status, State, URL, Reason, NextAt, EndedAt string
		Halted, Replay                                         bool
		Attempts                                               []struct {
			Attempt                                       int
			At, Outcome, Error, Answer                    string
			Code                                          int
			DNSMs, ConnectMs, TLSMs, FirstByteMs, TotalMs float64
		}
	}
	deliveryPage struct {
		Deliveries []delivery
		NextCursor string
	}
	endpoint struct {
		ID, Origin, Breaker, OldestDueAt, PausedAt, HeldUntil, NextProbeAt string
		Waiting, InFlight, Dead                                            int64
		Rate                                                               float64
	}
	endpointList struct{ Endpoints []endpoint }
	resend       struct {
		ID, EndpointID, State, CreatedAt string
		Rate                             int
		Sent, Left                       int64
	}
	resendList struct{ Resends []resend }
	dropped    struct {
		Dropped int64
		More    bool
	}
	resendRequest struct {
		Endpoint string `json:"endpointId,omitempty"`
		Since    string `json:"since,omitempty"`
		Rate     int    `json:"rate,omitempty"`
	}
)

func printDeliveries(p output.Printer, page deliveryPage) error {
	if len(page.Deliveries) == 0 {
		return p.Linef("no deliveries")
	}
	rows := [][]string{{"ID", "STATUS", "STATE", "WHEN", "WHY"}}
	for _, d := range page.Deliveries {
		rows = append(rows, []string{d.ID, d.Status, d.words(), cmp.Or(d.NextAt, d.EndedAt, "-"), cmp.Or(output.Clean(d.Reason), "-")})
	}
	if err := p.Table(rows); err != nil || page.NextCursor == "" {
		return err
	}
	return p.Linef("more: --cursor %s", page.NextCursor)
}

// words says how a delivery stands.
func (d delivery) words() string {
	state := d.State
	if d.Halted {
		state += ", halted"
	}
	if d.Replay {
		state += ", sent again"
	}
	return state
}

func printDelivery(p output.Printer, d delivery) error {
	err := p.Table([][]string{
		{"delivery", d.ID},
		{"status", d.Status},
		{"state", d.words()},
		{"url", output.Clean(d.URL)},
		{"when", cmp.Or(d.NextAt, d.EndedAt, "-")},
	})
	if err != nil || len(d.Attempts) == 0 {
		return err
	}
	rows := [][]string{{"ATTEMPT", "AT", "OUTCOME", "CODE", "DNS", "CONNECT", "TLS", "FIRST BYTE", "TOTAL", "ERROR"}}
	for _, a := range d.Attempts {
		row := []string{strconv.Itoa(a.Attempt), a.At, a.Outcome, strconv.Itoa(a.Code)}
		for _, ms := range []float64{a.DNSMs, a.ConnectMs, a.TLSMs, a.FirstByteMs, a.TotalMs} {
			row = append(row, fmt.Sprintf("%.1f ms", ms))
		}
		rows = append(rows, append(row, cmp.Or(output.Clean(a.Error), "-")))
	}
	return p.Table(rows)
}

func printEndpoints(p output.Printer, list endpointList) error {
	if len(list.Endpoints) == 0 {
		return p.Linef("no endpoints")
	}
	rows := [][]string{{"ID", "ORIGIN", "STATE", "WAITING", "IN FLIGHT", "DEAD", "RATE", "OLDEST DUE"}}
	for _, e := range list.Endpoints {
		rows = append(rows, e.row())
	}
	return p.Table(rows)
}

func (e endpoint) row() []string {
	state := e.Breaker
	switch {
	case e.PausedAt != "":
		state = "paused"
	case e.HeldUntil != "":
		state = "held until " + e.HeldUntil
	case e.NextProbeAt != "":
		state += ", asked " + e.NextProbeAt
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	rate := "-"
	if e.Rate > 0 {
		rate = strconv.FormatFloat(e.Rate, 'g', -1, 64) + "/s"
	}
	return []string{e.ID, output.Clean(e.Origin), state, number(e.Waiting), number(e.InFlight), number(e.Dead), rate, cmp.Or(e.OldestDueAt, "-")}
}

func printEndpoint(p output.Printer, e endpoint) error {
	return printEndpoints(p, endpointList{[]endpoint{e}})
}

func printResends(p output.Printer, list resendList) error {
	if len(list.Resends) == 0 {
		return p.Linef("no resends")
	}
	rows := [][]string{{"ID", "STATE", "ENDPOINT", "RATE", "SENT", "SINCE WHEN"}}
	for _, r := range list.Resends {
		rows = append(rows, []string{r.ID, r.State, cmp.Or(r.EndpointID, "all"), strconv.Itoa(r.Rate), strconv.FormatInt(r.Sent, 10), r.CreatedAt})
	}
	return p.Table(rows)
}

func printResend(p output.Printer, r resend) error {
	return p.Linef("resend %s is %s: %d sent again, %d left, %d a second", r.ID, r.State, r.Sent, r.Left, r.Rate)
}

func printDropped(p output.Printer, d dropped) error {
	if d.More {
		return p.Linef("dropped %d, others are left: repeat the command", d.Dropped)
	}
	return p.Linef("dropped %d", d.Dropped)
}
