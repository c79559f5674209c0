package query_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func TestParse(t *testing.T) {
	t.Parallel()

	const noon, three = "2026-08-01T12:00:00Z", "2026-08-01T15:00:00.25+02:00"
	agent := func(op query.Op, values ...string) query.Condition {
		return query.Condition{Field: query.Metadata, Name: "agentId", Op: op, Values: values}
	}
	name := func(op query.Op, values ...string) query.Condition {
		return query.Condition{Field: query.Name, Op: op, Values: values}
	}
	tests := []struct {
		text string
		want query.Filter
	}{
		{"conversation.metadata.agentId==johndoe", query.Filter{agent("==", "johndoe")}},
		{"metadata.agentId==johndoe", query.Filter{agent("==", "johndoe")}},
		{"conversation.metadata.agentId==a and conversation.name==b", query.Filter{agent("==", "a"), name("==", "b")}},
		{"name==a;name!=b", query.Filter{name("==", "a"), name("!=", "b")}},
		{"name<a;name=lt=a;name<=a;name=le=a", query.Filter{name("<", "a"), name("<", "a"), name("<=", "a"), name("<=", "a")}},
		{"name>a;name=gt=a;name>=a;name=ge=a", query.Filter{name(">", "a"), name(">", "a"), name(">=", "a"), name(">=", "a")}},
		{"name=in=(a,b);name=out=( a , b )", query.Filter{name("=in=", "a", "b"), name("=out=", "a", "b")}},
		{"name=in=a;name==(a)", query.Filter{name("=in=", "a"), name("==", "a")}},
		{"name=GE=a AND name=In=(b)", query.Filter{name(">=", "a"), name("=in=", "b")}},
		{" \t(name == a and\n((name!=b);name < c)) ", query.Filter{name("==", "a"), name("!=", "b"), name("<", "c")}},
		{"(name==a)and(name==b)", query.Filter{name("==", "a"), name("==", "b")}},
		{"name==and and name==or", query.Filter{name("==", "and"), name("==", "or")}},
		{`name=="Weekly call; with 'us'"`, query.Filter{name("==", "Weekly call; with 'us'")}},
		{`name=='it\'s';name=="\"a\" \\ \b"`, query.Filter{name("==", "it's"), name("==", `"a" \ b`)}},
		{`name=="";name=in=('')`, query.Filter{name("==", ""), name("=in=", "")}},
		{`name==a\b`, query.Filter{name("==", `a\b`)}},
		{"name==Grüße", query.Filter{name("==", "Grüße")}},
		{"metadata.a.b-c/d==1", query.Filter{{Field: query.Metadata, Name: "a.b-c/d", Op: "==", Values: []string{"1"}}}},
		{"type==meeting", query.Filter{{Field: query.Type, Op: "==", Values: []string{"meeting"}}}},
		{"id=in=(5815170693595136," + conversation.UUID("5815170693595136") + ",no)", query.Filter{
			{Field: query.ID, Op: "=in=", Values: []string{"5815170693595136", "5815170693595136", "no"}},
		}},
		{"name==" + conversation.UUID("5815170693595136"), query.Filter{name("==", conversation.UUID("5815170693595136"))}},
		{"conversation.startDate <= " + noon, query.Filter{
			{Field: query.Start, Op: "<=", Values: []string{noon}, Times: []time.Time{at(noon)}},
		}},
		{"startTime>" + noon + ";startDate<" + noon + ";endTime=in=(" + noon + "," + three + ")", query.Filter{
			{Field: query.Start, Op: ">", Values: []string{noon}, Times: []time.Time{at(noon)}},
			{Field: query.Start, Op: "<", Values: []string{noon}, Times: []time.Time{at(noon)}},
			{Field: query.End, Op: "=in=", Values: []string{noon, three}, Times: []time.Time{at(noon), at("2026-08-01T13:00:00.25Z")}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()

			got, err := query.Parse(tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Errorf("Parse: error %v, filter (-want +got):\n%s", err, diff)
			}
			again, err := query.Parse(got.String())
			if diff := cmp.Diff(got, again); diff != "" || err != nil {
				t.Errorf("Parse(%s): error %v, filter (-want +got):\n%s", got, err, diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()

	tests := []struct {
		text     string
		position int
		message  string // a part of it
	}{
		{"", 1, "it is empty"},
		{" \n", 1, "it is empty"},
		{"name", 5, "it ends too early"},
		{"name==", 7, "it ends too early"},
		{"name==a;", 9, "it ends too early"},
		{"name==a and ", 13, "it ends too early"},
		{"(name==a", 9, "it ends too early"},
		{"name=in=(a", 11, "it ends too early"},
		{"(name==a))", 10, `")" is not expected here`},
		{"()", 2, `")" is not expected here`},
		{"name=in=()", 10, `")" is not expected here`},
		{"name=in=(a;b)", 11, `";" is not expected here`},
		{"name==Weekly call", 14, "values with blanks between quotation marks"},
		{"name==a name==b", 9, `"name" is not expected here`},
		{`"name"==a`, 1, "is not expected here"},
		{"==a", 1, `"==" is not expected here`},
		{";name==a", 1, `";" is not expected here`},
		{"name== ==", 8, `"==" is not expected here`},
		{"name==a,name==b", 8, "OR is not offered"},
		{"name==a or name==b", 9, "OR is not offered"},
		{"name==a;(name==b OR name==c)", 18, "OR is not offered"},
		{"name=Weekly", 5, "use =="},
		{"name~a", 5, `"~" may stand between quotation marks only`},
		{"name==a!", 8, `"!" may stand`},
		{"name=='Weekly", 7, "the quotation mark ' is never closed"},
		{`name=="Weekly\"`, 7, `the quotation mark " is never closed`},
		{"name=like=a", 5, "=like= is no comparison"},
		{"name==(a,b)", 10, "use =in="},
		{"name==Grüße;foo==1", 13, `"foo" is no selector; use conversation.id`},
		{"conversation.metadata.==1", 1, "is no selector"},
		{"conversation.conversation.name==1", 1, "is no selector"},
		{"Name==1", 1, "is no selector"},
		{"email==a@example.com", 1, "is no selector"},
		{"name==\xff\xfe", 7, "not UTF-8"},
		{"startTime>yesterday", 11, `"yesterday" is not a time`},
		{"startTime>2026-08-01", 11, "write it as 2020-07-21T16:02:19.01Z"},
		{"endTime=in=(2026-08-01T12:00:00Z,1)", 34, `"1" is not a time`},
		{"name==a;name!=b;id==1;metadata.x==1", 23, "metadata.x is one selector too many"},
		{"metadata.x==1;metadata.y==1;metadata.z==1", 29, "at most two different ones"},
		{strings.Repeat("(", 33) + "name==a" + strings.Repeat(")", 33), 33, "too many parentheses"},
		{strings.Repeat("name==a;", 64) + "name==a", 513, "one too many; at most 64"},
		{"name==" + strings.Repeat("é", 2046), 2052, "too long"},
		{strings.Repeat("(", 4096), 33, "too many parentheses"},
	}
	for _, tt := range tests {
		t.Run(tt.text[:min(len(tt.text), 40)], func(t *testing.T) {
			t.Parallel()

			f, err := query.Parse(tt.text)
			wrong, ok := errors.AsType[*query.SyntaxError](err)
			if !ok {
				t.Fatalf("Parse = %v, %v; want a *SyntaxError", f, err)
			}
			if wrong.Position != tt.position || !strings.Contains(wrong.Message, tt.message) {
				t.Errorf("Parse: position %d, %q; want position %d, …%s…", wrong.Position, wrong.Message, tt.position, tt.message)
			}
		})
	}
}

// TestParseTakesTheMost makes sure that the bounds themselves are taken, and
// that what is quoted counts for no parenthesis.
func TestParseTakesTheMost(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		strings.Repeat("(", 32) + "name==a" + strings.Repeat(")", 32),
		strings.Repeat("(name==a);", 40) + "name==a",
		"name=='" + strings.Repeat("(", 100) + "'",
		strings.Repeat("name==a;", 63) + "name==a",
		"name==" + strings.Repeat("a", 4090),
		"startTime>2026-08-01T12:00:00Z;startDate<2026-08-02T12:00:00Z;name==a;conversation.name!=b",
	} {
		if _, err := query.Parse(text); err != nil {
			t.Errorf("Parse(%.60s…): %v", text, err)
		}
	}
}

func TestSyntaxErrorSaysWhere(t *testing.T) {
	t.Parallel()

	_, err := query.Parse("name=a")
	if got, want := err.Error(), "is wrong at character 5: = alone compares nothing; use =="; got != want {
		t.Errorf("Error = %q, want %q", got, want)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"conversation.metadata.agentId==johndoe and conversation.name=in=(a,'b c')", "name==a,name==b", "((startTime>2026-08-01T12:00:00Z))",
		`name=="a\"b\\";name!='\''`, "id=out=(1,2);id=le=3", "name=like=a", "name==\xff", "name==\v\f\u00a0\u2028", "name==a\x00", "name=='",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := query.Parse(text)
		if err != nil {
			wrong, ok := errors.AsType[*query.SyntaxError](err)
			if !ok || wrong.Position < 1 || wrong.Position > len(text)+1 {
				t.Fatalf("Parse(%q): %#v", text, err)
			}
			return
		}
		printed := filter.String()
		if len(printed) > 4096 {
			return // with prefixes and escapes that the text did without
		}
		again, err := query.Parse(printed)
		if diff := cmp.Diff(filter, again); diff != "" || err != nil {
			t.Errorf("Parse(%q).String() = %s: error %v, filter (-first +again):\n%s", text, printed, err, diff)
		}
		filter.Match(conversation.Conversation{})
	})
}
