package query_test

import (
	"cmp"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
)

// TestMatchAsDefined compares Parse and Match with the definition of RSQL
// taken word by word, on random filters in random writing.
func TestMatchAsDefined(t *testing.T) {
	t.Parallel()

	matched, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		want := true
		terms := drawTerms(t)
		text := drawText(t, terms)
		c := drawConversation(t)
		for _, term := range terms {
			want = want && term.holds(c)
		}
		filter, err := query.Parse(text)
		if err != nil {
			t.Fatalf("Parse(%s): %v", text, err)
		}
		if got := filter.Match(c); got != want {
			t.Fatalf("(%s).Match(%+v) = %t, want %t", text, c, got, want)
		}
		if want {
			matched++
		} else {
			refused++
		}
	})
	if matched == 0 || refused == 0 {
		t.Errorf("%d matched, %d did not: the test shows nothing", matched, refused)
	}
}

// TestWindowHoldsAllThatMatch is what the store relies on.
func TestWindowHoldsAllThatMatch(t *testing.T) {
	t.Parallel()

	inside, outside := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		filter, err := query.Parse(drawText(t, drawTerms(t)))
		if err != nil {
			t.Fatal(err)
		}
		q := query.Query{Filter: filter}
		if rapid.Bool().Draw(t, "from") {
			q.From = drawTime(t)
		}
		if rapid.Bool().Draw(t, "to") {
			q.To = drawTime(t)
		}
		c := drawConversation(t)
		w := q.Window()
		within := (w.From.IsZero() || !c.Start.Before(w.From)) && (w.To.IsZero() || !c.Start.After(w.To)) &&
			(w.IDs == nil || strings.Contains(" "+strings.Join(w.IDs, " ")+" ", " "+c.ID+" "))
		if q.Match(c) && !within {
			t.Fatalf("Window = %+v leaves out %+v, which matches %+v", w, c, q)
		}
		if want := (q.From.IsZero() || !c.Start.Before(q.From)) && (q.To.IsZero() || !c.End.After(q.To)) && filter.Match(c); q.Match(c) != want {
			t.Fatalf("Match = %t, want %t: %+v, %+v", !want, want, q, c)
		}
		if within {
			inside++
		} else {
			outside++
		}
	})
	if inside == 0 || outside == 0 {
		t.Errorf("%d inside, %d outside: the test shows nothing", inside, outside)
	}
}

// A term is a comparison with its operator in the shortest spelling.
type term struct {
	selector string
	op       string
	values   []string
}

// holds is the definition, term by term: nothing is shared with the package.
func (m term) holds(c conversation.Conversation) bool {
	key, isMetadata := strings.CutPrefix(m.selector, "metadata.")
	var text string
	switch m.selector {
	case "id":
		text = c.ID
	case "type":
		text = c.Type
	case "name":
		text = c.Name
		if text == "" {
			text = c.ID
		}
	case "startTime", "startDate":
		return m.holdsTime(c.Start)
	case "endTime":
		return m.holdsTime(c.End)
	}
	if isMetadata {
		value, ok := c.Metadata[key]
		if !ok {
			return m.op == "!=" || m.op == "=out="
		}
		text = value
	}
	among := false
	for _, v := range m.values {
		among = among || v == text
	}
	sign := strings.Compare(text, m.values[0])
	a, isNumber := number(text)
	b, areNumbers := number(m.values[0])
	if isNumber && areNumbers {
		sign = a.Cmp(b)
	}
	return m.decide(among, sign)
}

func (m term) holdsTime(t time.Time) bool {
	among := false
	for _, v := range m.values {
		among = among || at(v).Equal(t)
	}
	return m.decide(among, t.Compare(at(m.values[0])))
}

func (m term) decide(among bool, sign int) bool {
	switch m.op {
	case "==", "=in=":
		return among
	case "!=", "=out=":
		return !among
	case "<":
		return sign < 0
	case "<=":
		return sign <= 0
	case ">":
		return sign > 0
	case ">=":
		return sign >= 0
	}
	panic(m.op)
}

func number(s string) (*big.Rat, bool) {
	if s == "" || strings.Trim(s, "-.0123456789") != "" || strings.HasPrefix(strings.TrimPrefix(s, "-"), ".") || strings.HasSuffix(s, ".") {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// drawTerms draws comparisons with one or two different selectors.
func drawTerms(t *rapid.T) []term {
	selectors := rapid.SampledFrom([][]string{
		{"id"},
		{"name"},
		{"metadata.a"},
		{"startTime", "startDate"},
		{"endTime"},
		{"id", "name"},
		{"name", "metadata.a"},
		{"metadata.a", "metadata.b"},
		{"startTime", "endTime"},
		{"startDate", "id"},
		{"type", "metadata.b"},
		{"startTime", "startDate", "metadata.a"},
	}).Draw(t, "selectors")
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) term {
		m := term{selector: rapid.SampledFrom(selectors).Draw(t, "selector")}
		m.op = rapid.SampledFrom([]string{"==", "!=", "<", "<=", ">", ">=", "=in=", "=out="}).Draw(t, "op")
		most := 1
		if m.op == "=in=" || m.op == "=out=" {
			most = 3
		}
		for range rapid.IntRange(1, most).Draw(t, "values") {
			m.values = append(m.values, drawValue(t, m.selector))
		}
		return m
	}), 1, 4).Draw(t, "terms")
}

func drawValue(t *rapid.T, selector string) string {
	switch selector {
	case "startTime", "startDate", "endTime":
		zone := time.FixedZone("", rapid.SampledFrom([]int{0, 7200, -34200}).Draw(t, "zone"))
		return drawTime(t).In(zone).Format(time.RFC3339Nano)
	case "id":
		return rapid.SampledFrom([]string{"1", "2", "10", "3x"}).Draw(t, "id")
	case "type":
		return rapid.SampledFrom([]string{"meeting", "call"}).Draw(t, "type")
	default:
		return drawWord(t)
	}
}

func drawWord(t *rapid.T) string {
	return rapid.SampledFrom([]string{
		"", "a", "b", "A", "and", "or", "9", "10", "10.0", "-1", "-0", "0", "1e1", "+1", ".5", "5.", "9007199254740992", "9007199254740993",
		"a b", "it's", `"x"`, `\`, "a;b", "(a,b)", "ä", "=", "~",
	}).Draw(t, "word")
}

func drawTime(t *rapid.T) time.Time {
	return at("2026-08-01T12:00:00Z").Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "ms")) * time.Millisecond)
}

func drawConversation(t *rapid.T) conversation.Conversation {
	c := conversation.Conversation{
		ID:       rapid.SampledFrom([]string{"1", "2", "10"}).Draw(t, "id"),
		Type:     "meeting",
		Name:     drawWord(t),
		Start:    drawTime(t),
		Metadata: rapid.MapOfN(rapid.SampledFrom([]string{"a", "b"}), rapid.Custom(drawWord), 0, 2).Draw(t, "metadata"),
	}
	c.End = c.Start.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "took")) * time.Millisecond)
	return c
}

// drawText draws a way to write the terms, in their order.
func drawText(t *rapid.T, terms []term) string {
	if len(terms) > 1 && rapid.Bool().Draw(t, "grouped") {
		n := rapid.IntRange(1, len(terms)-1).Draw(t, "left")
		left, right := "("+drawText(t, terms[:n])+")", "("+drawText(t, terms[n:])+")"
		return left + rapid.SampledFrom([]string{";", "and", " ;\n", " AND "}).Draw(t, "joint") + right
	}
	var b strings.Builder
	for i, m := range terms {
		if i > 0 {
			b.WriteString(rapid.SampledFrom([]string{";", " ; ", " and ", "\tAnd "}).Draw(t, "joint"))
		}
		b.WriteString(drawComparison(t, m))
	}
	return b.String()
}

func drawComparison(t *rapid.T, m term) string {
	longer := map[string]string{"<": "=lt=", "<=": "=le=", ">": "=gt=", ">=": "=GE="}
	op := m.op
	if longer[op] != "" && rapid.Bool().Draw(t, "longer") {
		op = longer[op]
	}
	blank := rapid.SampledFrom([]string{"", " "})
	values := make([]string, len(m.values))
	for i, v := range m.values {
		values[i] = blank.Draw(t, "blank") + drawQuoted(t, v)
	}
	list := strings.Join(values, ",")
	if len(values) > 1 || rapid.Bool().Draw(t, "list") {
		list = "(" + list + ")"
	}
	return rapid.SampledFrom([]string{"", "conversation."}).Draw(t, "prefix") + m.selector +
		blank.Draw(t, "before") + op + blank.Draw(t, "after") + list
}

func drawQuoted(t *rapid.T, value string) string {
	bare := value != "" && !strings.ContainsAny(value, "\"'();,=!~<> ")
	mark := rapid.SampledFrom([]string{"", `"`, "'"}).Draw(t, "mark")
	if mark == "" && bare {
		return value
	}
	mark = cmp.Or(mark, `"`)
	return mark + strings.NewReplacer(`\`, `\\`, mark, `\`+mark).Replace(value) + mark
}
