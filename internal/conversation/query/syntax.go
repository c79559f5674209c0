package query

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// ErrOrder reports a direction that is none.
var ErrOrder = errors.New("must be asc or desc")

// A SyntaxError reports a filter or sort keys that cannot be read.
type SyntaxError struct {
	Position int    // of the character at fault; the first is 1
	Message  string // what is wrong with it and what to do, for the user
}

// Error is a sentence for the user, to be put after the name of the parameter.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("is wrong at character %d: %s", e.Position, e.Message)
}

// wrong returns the error about the character of text at the given byte.
func wrong(text string, offset int, format string, args ...any) *SyntaxError {
	return &SyntaxError{
		Position: utf8.RuneCountInString(text[:offset]) + 1,
		Message:  fmt.Sprintf(format, args...),
	}
}

// checkTokens refuses what the grammar would refuse in other words, or would
// take too long to.
func checkTokens(text string) error {
	if len(text) > maxLength {
		return &SyntaxError{utf8.RuneCountInString(text[:maxLength]) + 1, "it is too long; at most 4096 bytes are read"}
	}
	if !utf8.ValidString(text) {
		valid := strings.ToValidUTF8(text, "\xff")
		return wrong(valid, strings.IndexByte(valid, '\xff'), "this is not UTF-8")
	}
	tokens, err := grammar.Lex("", strings.NewReader(text))
	if err != nil {
		return unexpected(text, err)
	}
	others, depth := grammar.Lexer().Symbols()["Stray"], 0
	for _, t := range tokens {
		switch {
		case t.Type == others:
			return stray(text, t)
		case t.Value == "(": // what is quoted still has its marks
			depth++
		case t.Value == ")":
			depth--
		}
		if depth > maxNesting {
			return wrong(text, t.Pos.Offset, "too many parentheses are open; at most %d may be", maxNesting)
		}
	}
	return nil
}

func stray(text string, t lexer.Token) error {
	switch t.Value {
	case `"`, "'":
		return wrong(text, t.Pos.Offset, "the quotation mark %s is never closed", t.Value)
	case "=":
		return wrong(text, t.Pos.Offset, "= alone compares nothing; use ==")
	default:
		return wrong(text, t.Pos.Offset, "%q may stand between quotation marks only", t.Value)
	}
}

// unexpected says what the grammar did not expect.
func unexpected(text string, err error) error {
	found, ok := errors.AsType[participle.Error](err)
	if !ok {
		return wrong(text, 0, "it cannot be read: %v", err)
	}
	at := min(found.Position().Offset, len(text))
	token, ok := errors.AsType[*participle.UnexpectedTokenError](err)
	switch {
	case strings.TrimSpace(text) == "":
		return wrong(text, 0, "it is empty; write a comparison such as conversation.name==Standup")
	case ok && !token.Unexpected.EOF():
		return wrong(text, at, "%q is not expected here; write comparisons such as conversation.name==\"Weekly call\", "+
			"joined by ; or and, and put values with blanks between quotation marks", token.Unexpected.Value)
	default:
		return wrong(text, at, "it ends too early; a selector, a comparison, a value or a closing parenthesis is missing")
	}
}
