package catalog

import "fmt"

// An InvalidError reports that an item, or a change of it, breaks a rule.
type InvalidError struct {
	Field   string // its path, such as vocabulary[1]
	Problem string // without the field: "is required"
}

func (e *InvalidError) Error() string { return e.Field + " " + e.Problem }

// A NotFoundError reports that the account has no such item.
type NotFoundError struct{ Kind Kind }

func (e *NotFoundError) Error() string { return string(e.Kind) + " not found" }

// A TakenError reports that another item has the same name or, of entities,
// the same type and subtype.
type TakenError struct{ Kind Kind }

func (e *TakenError) Error() string {
	return fmt.Sprintf("the account has another %s of that name", e.Kind)
}

// Limited is what there is too much of.
type Limited int

// What is limited, as in [Limits].
const (
	Items Limited = iota
	Bytes
	Values
)

// A LimitError reports that a collection would exceed one of its limits.
type LimitError struct {
	Kind   Kind
	Limits Limits
	Of     Limited
}

func (e *LimitError) Error() string {
	switch e.Of {
	case Bytes:
		return fmt.Sprintf("the items of kind %s would have more than %d bytes", e.Kind, e.Limits.Bytes)
	case Values:
		return fmt.Sprintf("the items of kind %s would have more than %d values", e.Kind, e.Limits.Values)
	default:
		return fmt.Sprintf("there would be more than %d items of kind %s", e.Limits.Items, e.Kind)
	}
}

// A BusyError reports that another request is creating or updating items of
// the kind.
type BusyError struct{ Kind Kind }

func (e *BusyError) Error() string {
	return fmt.Sprintf("another request changes items of kind %s", e.Kind)
}

// An ItemError is the error of one of several items.
type ItemError struct {
	Index int
	Err   error
}

func (e *ItemError) Error() string { return fmt.Sprintf("item %d: %v", e.Index, e.Err) }

func (e *ItemError) Unwrap() error { return e.Err }
