package query

import (
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/rfc3339"
)

// What a filter may have at most.
const (
	maxLength      = 4096 // bytes
	maxComparisons = 64
	maxNesting     = 32 // of parentheses
	maxSelectors   = 2  // different ones
)

// Parse reads a filter written in RSQL: comparisons that must hold all, joined
// by ";" or "and". It knows the selectors of conversations, at most two
// different ones of them in a filter; see the comment of the package. The error
// is a [*SyntaxError].
func Parse(rsql string) (Filter, error) {
	if err := checkTokens(rsql); err != nil {
		return nil, err
	}
	tree, err := grammar.ParseString("", rsql)
	if err != nil {
		return nil, unexpected(rsql, err)
	}
	p := parser{text: rsql}
	if err := p.expression(*tree); err != nil {
		return nil, err
	}
	return p.filter, nil
}

// A parser turns the tree of a text into a filter.
type parser struct {
	text   string
	filter Filter
}

func (p *parser) expression(e expression) error {
	if err := p.operand(e.First); err != nil {
		return err
	}
	for _, j := range e.Rest {
		if j.Or != nil {
			return p.wrong(*j.Or, "OR is not offered, all comparisons must hold; for several values of one selector use =in=(…)")
		}
		if err := p.operand(j.Next); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) operand(o operand) error {
	if o.Group != nil {
		return p.expression(*o.Group)
	}
	c, err := p.condition(*o.Comparison)
	if err != nil {
		return err
	}
	selector := o.Comparison.Selector
	if len(p.filter) == maxComparisons {
		return p.wrong(selector, "this comparison is one too many; at most %d are taken", maxComparisons)
	}
	p.filter = append(p.filter, c)
	if p.filter.selectors() > maxSelectors {
		return p.wrong(selector, "%s is one selector too many; at most two different ones may be compared, each as often as you like", selector)
	}
	return nil
}

func (p *parser) condition(from comparison) (c Condition, err error) {
	var ok bool
	if c.Field, c.Name, ok = selected(from.Selector.Value); !ok {
		return c, p.wrong(from.Selector, "%q is no selector; use %s", from.Selector, selectors)
	}
	if c.Op, ok = operatorOf(from.Operator.Value); !ok {
		return c, p.wrong(from.Operator, "%s is no comparison; use ==, !=, <, <=, >, >=, =in= or =out=", from.Operator)
	}
	if len(from.Arguments) > 1 && c.Op != In && c.Op != Out {
		return c, p.wrong(from.Arguments[1].Value, "%s takes one value; use =in= or =out= for several", from.Operator)
	}
	for _, a := range from.Arguments {
		if err := p.value(&c, a.Value); err != nil {
			return c, err
		}
	}
	return c, nil
}

// value adds an argument to the values of c.
func (p *parser) value(c *Condition, argument lexer.Token) error {
	value := unquoted(argument.Value)
	if id, ok := conversation.ParseID(value); ok && c.Field == ID {
		value = id // which may have been in its other form
	}
	c.Values = append(c.Values, value)
	if c.Field != Start && c.Field != End {
		return nil
	}
	at, err := rfc3339.Parse(value)
	if err != nil {
		return p.wrong(argument, "%q is not a time; write it as 2020-07-21T16:02:19.01Z", value)
	}
	c.Times = append(c.Times, at)
	return nil
}

// wrong returns the error about a token.
func (p *parser) wrong(t lexer.Token, format string, args ...any) error {
	return wrong(p.text, t.Pos.Offset, format, args...)
}

// selectors counts the different ones.
func (f Filter) selectors() int {
	seen := map[string]bool{}
	for _, c := range f {
		seen[selector(c.Field, c.Name)] = true
	}
	return len(seen)
}
