package query

import (
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// The grammar is that of RSQL with all of OR, which is read so that it can be
// refused by its name. Every text can be split into tokens: what is none of
// RSQL is a Stray.
type (
	expression struct {
		First operand  `parser:"@@"`
		Rest  []joined `parser:"@@*"`
	}

	joined struct {
		Or   *lexer.Token `parser:"( @( ',' | 'or':Word ) | ';' | 'and':Word )"`
		Next operand      `parser:"@@"`
	}

	operand struct {
		Comparison *comparison `parser:"  @@"`
		Group      *expression `parser:"| '(' @@ ')'"`
	}

	comparison struct {
		Selector  lexer.Token `parser:"@Word"`
		Operator  lexer.Token `parser:"@Operator"`
		Arguments []argument  `parser:"( @@ | '(' @@ ( ',' @@ )* ')' )"`
	}

	argument struct {
		Value lexer.Token `parser:"@( Word | Quoted )"`
	}
)

// grammar is compiled from the types above, as a regular expression is from
// its text: it never changes.
var grammar = participle.MustBuild[expression]( //nolint:gochecknoglobals // compiled once, read only
	participle.Lexer(lexer.MustSimple([]lexer.SimpleRule{
		{Name: "blank", Pattern: `\s+`}, // in lower case: left out
		{Name: "Operator", Pattern: `==|!=|<=|>=|<|>|=[A-Za-z]+=`},
		{Name: "Quoted", Pattern: `"(?:[^"\\]|\\(?s:.))*"|'(?:[^'\\]|\\(?s:.))*'`},
		{Name: "Word", Pattern: `[^"'();,=!~<>\s]+`},
		{Name: "Mark", Pattern: `[();,]`},
		{Name: "Stray", Pattern: `(?s:.)`},
	})),
	participle.CaseInsensitive("Word"), // "AND" and "or"; what is captured keeps its case
)

// operatorOf returns the comparison of a spelling, whose case does not matter.
func operatorOf(spelling string) (op Op, ok bool) {
	switch op = Op(strings.ToLower(spelling)); op {
	case "=lt=":
		return Less, true
	case "=le=":
		return LessEqual, true
	case "=gt=":
		return Greater, true
	case "=ge=":
		return GreaterEqual, true
	case Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, In, Out:
		return op, true
	default:
		return "", false
	}
}

// unquoted returns what an argument stands for: inside of quotation marks, a
// backslash makes the character after it an ordinary one.
func unquoted(text string) string {
	if text[0] != '"' && text[0] != '\'' {
		return text
	}
	var b strings.Builder
	escaped := false
	for _, c := range []byte(text[1 : len(text)-1]) {
		if c == '\\' && !escaped {
			escaped = true
			continue
		}
		b.WriteByte(c)
		escaped = false
	}
	return b.String()
}
