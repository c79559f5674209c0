package console

import (
	"cmp"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/console/chart"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// functions are what templates call.
func functions() template.FuncMap {
	return template.FuncMap{
		"when":        when,
		"clock":       clock,
		"span":        spanOf,
		"between":     between,
		"count":       count,
		"short":       short,
		"plural":      plural,
		"line":        chart.Line,
		"scale":       func(values []float64) string { return trim(chart.Scale(values)) },
		"decimal":     trim,
		"millis":      func(ms float64) string { return spanOf(time.Duration(ms * float64(time.Millisecond))) },
		"join":        strings.Join,
		"orDash":      func(s string) string { return cmp.Or(s, "–") },
		"bytesize":    size,
		"eventID":     deliveryID,
		"framed":      func(f frame, data any) frame { f.Data = data; return f },
		"statuses":    func() []string { return []string{query.Pending, query.Failed, query.Completed} },
		"jobStatuses": jobs.Statuses,
		"laneStates":  laneStates,
		"states": func() []webhook.DeliveryState {
			return []webhook.DeliveryState{webhook.StateDead, webhook.StatePending, webhook.StateRetrying, webhook.StateDelivered}
		},
		"words": func(s any) string { return strings.ReplaceAll(fmt.Sprint(s), "_", " ") },
	}
}

const (
	dateTime = "2006-01-02 15:04:05"
	machine  = "2006-01-02T15:04:05.000Z07:00"
)

// when shows an instant in UTC, which the page says below.
func when(t time.Time) template.HTML {
	if t.IsZero() {
		return "–"
	}
	t = t.UTC()
	return template.HTML(`<time datetime="` + t.Format(machine) + `">` + t.Format(dateTime) + `</time>`) //nolint:gosec // digits and signs
}

// clock shows the time of day alone.
func clock(t time.Time) template.HTML {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	return template.HTML(`<time datetime="` + t.Format(machine) + `">` + t.Format("15:04:05") + `</time>`) //nolint:gosec // digits and signs
}

// spanOf shows a duration with the two digits that matter.
func spanOf(d time.Duration) string {
	switch {
	case d < 0:
		return "–"
	case d < time.Microsecond:
		return "0 ms"
	case d < time.Millisecond:
		return trim(float64(d.Microseconds())/1000) + " ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < time.Minute:
		return trim(float64(d.Milliseconds()/100)/10) + " s"
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	default:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	}
}

// between shows how long it is from one instant to another, if both are known.
func between(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return "–"
	}
	return spanOf(max(to.Sub(from), 0))
}

// count shows a number with its thousands apart.
func count(n any) string {
	digits := fmt.Sprint(n)
	negative := strings.HasPrefix(digits, "-")
	digits = strings.TrimPrefix(digits, "-")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	if negative {
		return "−" + digits
	}
	return digits
}

// plural shows a number with what is counted.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return count(n) + " " + what + "s"
}

// short shows the beginning of an id.
func short(id string) string {
	if len(id) > 13 {
		return id[:8] + "…"
	}
	return id
}

// trim shows a number with two decimals at most.
func trim(f float64) string {
	text := strconv.FormatFloat(f, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// size shows a number of bytes.
func size(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<20:
		return trim(float64(n*10>>20)/10) + " MiB"
	default:
		return fmt.Sprintf("%d KiB", n>>10)
	}
}
