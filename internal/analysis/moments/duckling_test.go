package moments_test

import (
	"flag"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

var duckling = flag.String("moments.duckling", "", "Duckling/Time/EN/Corpus.hs of the Duckling project, to measure on")

// A plainPhrase is one of Duckling's corpus: a phrase that is nothing but a moment.
type plainPhrase struct {
	text     string
	from, to time.Time // to is zero where the corpus has an instant with a grain
	grain    string
}

// TestDuckling measures values on the plain phrases of another parser's corpus, those without
// holidays, as they are meant on the 12th of February 2013 at half past four:
//
//	go test ./internal/analysis/moments -run Duckling -v -moments.duckling Corpus.hs
//
// Numbered from 1, the odd ones were read to make the grammar, the even ones were not.
func TestDuckling(t *testing.T) {
	if *duckling == "" {
		t.Skip("no corpus to measure on: name its file with -moments.duckling")
	}
	raw, err := os.ReadFile(*duckling)
	if err != nil {
		t.Fatal(err)
	}
	finder := moments.New()
	now := duckNow()
	right, all := [2]int{}, [2]int{}
	for n, p := range readDuckling(string(raw)) {
		all[n%2]++
		found := finder.Find(nil, p.text, words.Split(nil, p.text), now.Add(2*time.Hour), -120)
		if p.isSaidBy(found) {
			right[n%2]++
		} else if *show && n%2 == 0 {
			t.Logf("%q is %s to %s by %s: %+v", p.text, p.from.Format(time.DateTime), p.to.Format(time.DateTime), p.grain, found)
		}
	}
	share := func(right, all int) float64 { return float64(right) / float64(max(all, 1)) }
	t.Logf("values right: odd phrases (read) %.3f of %d, even phrases (held out) %.3f of %d, all %.3f of %d",
		share(right[0], all[0]), all[0], share(right[1], all[1]), all[1], share(right[0]+right[1], all[0]+all[1]), all[0]+all[1])
	if got := share(right[0]+right[1], all[0]+all[1]); got < 0.85 {
		t.Errorf("values right: %.3f, want 0.85", got)
	}
}

// readDuckling returns the phrases of the corpus that holds for every country.
func readDuckling(source string) (all []plainPhrase) {
	_, source, _ = strings.Cut(source, "\nallExamples = concat")
	block := regexp.MustCompile(`(?s)examples\s*\((datetime\w*)\s*(\(.*?)\)\s*\[(.*?)\n?\s*\]\s*\n`)
	instant := regexp.MustCompile(`\(?(-?\d+), (\d+), (\d+), (\d+), (\d+), (\d+)\)`)
	quoted := regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	for _, b := range block.FindAllStringSubmatch(source, -1) {
		if strings.HasSuffix(b[1], "Holiday") || strings.Contains(b[1], "Open") {
			continue
		}
		var at []time.Time
		for _, m := range instant.FindAllStringSubmatch(b[2], -1) {
			var n [6]int
			for i := range n {
				n[i], _ = strconv.Atoi(m[i+1]) // digits by the expression
			}
			at = append(at, time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC))
		}
		fields := strings.Fields(b[2])
		p := plainPhrase{from: at[0], grain: fields[len(fields)-1]}
		if len(at) > 1 {
			p.to = at[1]
		}
		for _, q := range quoted.FindAllStringSubmatch(b[3], -1) {
			if p.text, _ = strconv.Unquote(`"` + q[1] + `"`); p.text != "" && !p.has("upcoming two", "upcoming 2", "two upcoming", "2 upcoming") {
				all = append(all, p)
			}
		}
	}
	return all
}

// isSaidBy reports whether the only moment that was found says what a phrase means. What is a
// matter of taste is left out of it: whether the last day or the one behind it ends a range, at which hour an evening begins and at
// which day the end of a month, and whether the next three weeks begin now or on Monday.
func (p plainPhrase) isSaidBy(found []moments.Moment) bool {
	if len(found) != 1 {
		return false
	}
	m := found[0]
	m.Due = m.Due.Add(-2 * time.Hour)
	if p.has(" gmt", " pst", " cet", " cst", " (bst)") { // in the zone of the message
		return m.Due.Equal(p.from) || m.Due.Equal(p.before()) && !p.to.IsZero()
	}
	if from, ok := instant(m); ok {
		return p.to.IsZero() && (from.Equal(p.from) || p.isRounded() && m.Type == moments.Date && sameIn(p.grain, from, p.from))
	}
	if m.Type == moments.Duration || m.Type == moments.Recurrence {
		return false
	}
	from, to := bound(m.From, p.from), bound(m.To, p.end())
	begins := from.Equal(p.from) || p.from.Equal(duckNow()) && (from.IsZero() || sameIn("Day", from, p.from))
	ends := to.Equal(p.end()) || to.Equal(p.before()) || to.Add(time.Second).Equal(p.end())
	switch {
	case p.has("morning", "afternoon", "evening", "night", "tonite", "lunch"):
		return sameIn("Day", from, p.from)
	case p.has("end of", "late", "eom", "eoy", "weekend", "week-end", "wkend"):
		return ends
	case p.has("beginning of", "early", "bom", "boy"):
		return begins
	case p.has("summer", "winter", "season"):
		return sameIn("Month", from, p.from)
	case p.has("next", "last", "past", "previous") && !p.to.IsZero():
		return from.Sub(to)-p.from.Sub(p.to) <= 72*time.Hour && p.from.Sub(p.to)-from.Sub(to) <= 72*time.Hour &&
			(from.Sub(duckNow()).Abs() <= 48*time.Hour || to.Sub(duckNow()).Abs() <= 48*time.Hour)
	}
	return begins && ends
}

func duckNow() time.Time { return time.Date(2013, 2, 12, 4, 30, 0, 0, time.UTC) }

// instant returns when a moment is that is no range, on the day of a clock's next time.
func instant(m moments.Moment) (time.Time, bool) {
	switch m.Type { //nolint:exhaustive // ranges are no instants
	case moments.Date, moments.DateTime:
		return bound(m.Value, time.Time{}), true
	case moments.Time:
		return m.Due, true
	}
	return time.Time{}, false
}

// bound reads one end of a range; a clock is on the day of what is wanted.
func bound(text string, day time.Time) time.Time {
	for _, layout := range []string{time.DateOnly, time.DateTime} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	t, err := time.Parse(time.TimeOnly, text)
	if err != nil {
		return time.Time{}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// sameIn reports whether two instants are in the same day or the same of a longer grain.
func sameIn(grain string, a, b time.Time) bool {
	switch grain {
	case "Month":
		return a.Format("2006-01") == b.Format("2006-01")
	case "Year":
		return a.Year() == b.Year()
	}
	return a.Format(time.DateOnly) == b.Format(time.DateOnly)
}

// isRounded reports whether the corpus gives an amount of days or months from now with another
// grain than that of its unit.
func (p plainPhrase) isRounded() bool {
	return p.grain == "Hour" && p.has("day", "fortnight") || p.grain == "Month" && p.has("year")
}

// has reports whether a phrase has one of some words.
func (p plainPhrase) has(some ...string) bool {
	for _, w := range some {
		if strings.Contains(strings.ToLower(p.text), w) {
			return true
		}
	}
	return false
}

// end returns where a phrase ends, that of an instant by its grain.
func (p plainPhrase) end() time.Time {
	if !p.to.IsZero() {
		return p.to
	}
	return p.shifted(p.from, 1)
}

// before returns the end of a range that is said, not the one behind it.
func (p plainPhrase) before() time.Time {
	if p.to.IsZero() {
		return time.Time{}
	}
	return p.shifted(p.to, -1)
}

func (p plainPhrase) shifted(t time.Time, by int) time.Time {
	switch p.grain {
	case "Second":
		return t.Add(time.Duration(by) * time.Second)
	case "Minute":
		return t.Add(time.Duration(by) * time.Minute)
	case "Hour":
		return t.Add(time.Duration(by) * time.Hour)
	case "Week":
		return t.AddDate(0, 0, 7*by)
	case "Month":
		return t.AddDate(0, by, 0)
	case "Quarter":
		return t.AddDate(0, 3*by, 0)
	case "Year":
		return t.AddDate(by, 0, 0)
	}
	return t.AddDate(0, 0, by)
}
