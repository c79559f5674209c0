package moments_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

var (
	data = flag.String("moments.data", "", "folder with datetime_en.json to measure on")
	show = flag.Bool("moments.show", false, "print what is wrong in the half that the grammar was made with")
)

// An example is an input of the English specification of Recognizers-Text.
type example struct {
	Input string `json:"input"`
	Ref   string `json:"ref"`
	Res   []gold `json:"res"`
}

type gold struct {
	Text  string `json:"text"`
	Type  string `json:"type"`
	Start *int   `json:"start"` // in UTF-16 units
	End   *int   `json:"end"`   // of the last one
	Vals  []struct {
		Value string `json:"value"`
		Start string `json:"start"`
		End   string `json:"end"`
	} `json:"vals"`
}

// A count is what was measured of a type, or of all.
type count struct{ given, hit, found, right, valued, correct, typed int }

// TestEval measures moments on examples with spans and values:
//
//	go test ./internal/analysis/moments -run Eval -v -moments.data DIR
//
// Numbered from 1, the odd inputs were read to make the grammar, the even ones
// were not. A moment is right if it overlaps a given one; each counts once. A
// value is correct if it is one of those given.
func TestEval(t *testing.T) {
	if *data == "" {
		t.Skip("no data to measure on: name a folder with -moments.data")
	}
	raw, err := os.ReadFile(filepath.Join(*data, "datetime_en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	var halves [2][]example
	for n, e := range all {
		halves[n%2] = append(halves[n%2], e)
	}
	measure(t, "odd inputs (read)", halves[0], *show)
	measure(t, "even inputs (held out)", halves[1], false)
	if recall, precision := measure(t, "all", all, false); recall < 0.78 || precision < 0.80 {
		t.Errorf("recall %.3f at precision %.3f, want 0.78 at 0.80", recall, precision)
	}
}

func measure(t *testing.T, name string, all []example, show bool) (recall, precision float64) {
	t.Helper()
	finder := moments.New()
	counts := map[string]*count{"": {}}
	falsely, negatives := 0, 0
	for _, e := range all {
		ref, err := time.Parse("2006-01-02T15:04:05", e.Ref)
		if err != nil {
			ref = time.Date(2016, 11, 7, 0, 0, 0, 0, time.UTC)
		}
		found := finder.Find(nil, e.Input, words.Split(nil, e.Input), ref, 0)
		if len(e.Res) == 0 {
			negatives++
			if len(found) > 0 {
				falsely++
			}
		}
		wrong := score(e, found, counts)
		if show && wrong != "" {
			t.Logf("%s%s %q: %+v", wrong, e.Ref, e.Input, found)
		}
	}
	total := counts[""]
	recall = float64(total.hit) / float64(total.given)
	precision = float64(total.right) / float64(total.found)
	t.Logf("%-24s recall %.3f precision %.3f, of the hits %.3f of the right type, %.3f of the values correct (%d), false in %d of %d without any",
		name, recall, precision, float64(total.typed)/float64(total.hit), float64(total.correct)/float64(total.valued), total.valued, falsely, negatives)
	for _, kind := range []string{"date", "datetime", "daterange", "datetimerange", "time", "timerange", "duration", "set"} {
		if c := counts[kind]; c != nil {
			t.Logf("    %-15s recall %.3f (%d), values %.3f (%d)", kind, float64(c.hit)/float64(c.given), c.given, float64(c.correct)/float64(max(1, c.valued)), c.valued)
		}
	}
	return recall, precision
}

// score counts one example and says what is wrong in it.
func score(e example, found []moments.Moment, counts map[string]*count) (wrong string) {
	total := counts[""]
	total.found += len(found)
	used := make([]bool, len(found))
	for _, g := range e.Res {
		c := counts[g.Type]
		if c == nil {
			c = new(count)
			counts[g.Type] = c
		}
		c.given++
		total.given++
		start, end := span(e.Input, g)
		n := slices.IndexFunc(found, func(m moments.Moment) bool { return m.Start < end && start < m.End })
		if n < 0 || used[n] {
			wrong += "missed " + g.Text + "; "
			continue
		}
		used[n] = true
		c.hit++
		total.hit++
		total.right++
		if string(found[n].Type) == g.Type || g.Type == "set" && found[n].Type == moments.Recurrence {
			total.typed++
		}
		known, correct := valued(g, found[n])
		if known {
			c.valued++
			total.valued++
		}
		if correct {
			c.correct++
			total.correct++
		} else if known {
			wrong += "value of " + g.Text + " not " + g.Vals[0].Value + g.Vals[0].Start + "~" + g.Vals[0].End + "; "
		}
	}
	for n := range found {
		if !used[n] {
			wrong += "false " + e.Input[found[n].Start:found[n].End] + "; "
		}
	}
	return wrong
}

// span returns where a moment was marked, in bytes.
func span(text string, g gold) (start, end int) {
	if g.Start == nil || g.End == nil {
		start = strings.Index(strings.ToLower(text), g.Text)
		return start, start + len(g.Text)
	}
	units := utf16.Encode([]rune(text))
	at := func(n int) int { return len(string(utf16.Decode(units[:min(n, len(units))]))) }
	return at(*g.Start), at(*g.End + 1)
}

func valued(g gold, m moments.Moment) (known, correct bool) {
	for _, v := range g.Vals {
		if v.Value == "not resolved" {
			continue
		}
		known = true
		if v.Value == m.Value && v.Start == m.From && v.End == m.To {
			return true, true
		}
	}
	return known, false
}
