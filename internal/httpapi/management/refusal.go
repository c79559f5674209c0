package management

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// refusalOf returns the refusal for an error of package catalog, or err itself
// if it is none.
func refusalOf(err error) error {
	at, of := "", "of the account"
	if e, ok := errors.AsType[*catalog.ItemError](err); ok {
		at, of = fmt.Sprintf("[%d].", e.Index), "of the account or of the request"
	}
	if e, ok := errors.AsType[*catalog.InvalidError](err); ok {
		return input.Invalid(at+e.Field, input.BadValue(e.Problem))
	}
	if e, ok := errors.AsType[*catalog.NotFoundError](err); ok {
		return &edge.Refusal{Status: http.StatusNotFound, Message: fmt.Sprintf("The %sId is either invalid or does not exist.", e.Kind)}
	}
	if e, ok := errors.AsType[*catalog.TakenError](err); ok {
		return &edge.Refusal{Status: http.StatusConflict, Message: taken(e.Kind, at, of)}
	}
	if e, ok := errors.AsType[*catalog.LimitError](err); ok {
		return &edge.Refusal{Status: http.StatusBadRequest, Message: tooMuch(e)}
	}
	if e, ok := errors.AsType[*catalog.BusyError](err); ok {
		return &edge.Refusal{
			Status: http.StatusTooManyRequests, RetryAfter: true,
			Message: fmt.Sprintf("Only one request of an account can create or update %s at a time. Send the request again when the other one is answered.", plural(e.Kind)),
		}
	}
	return err
}

func taken(kind catalog.Kind, at, of string) string {
	if kind == catalog.EntityKind {
		return fmt.Sprintf(`"%ssubType" must be unique: another entity %s has this type and subType`, at, of)
	}
	return fmt.Sprintf(`"%sname" must be unique: another %s %s has this name`, at, kind, of)
}

func tooMuch(e *catalog.LimitError) string {
	switch e.Of {
	case catalog.Bytes:
		return fmt.Sprintf("All %s of the account together must not be larger than %d bytes. Shorten some, or delete one first.", plural(e.Kind), e.Limits.Bytes)
	case catalog.Values:
		return fmt.Sprintf("All %s of the account together must not have more than %d %s. Shorten some, or delete one first.", plural(e.Kind), e.Limits.Values, values(e.Kind))
	default:
		return fmt.Sprintf("An account can have %d %s at most. Delete one first.", e.Limits.Items, plural(e.Kind))
	}
}

// values names what items of a kind are made of.
func values(kind catalog.Kind) string {
	if kind == catalog.TrackerKind {
		return `terms in "vocabulary" and "excludeVocabulary"`
	}
	return "values"
}

func plural(kind catalog.Kind) string {
	if kind == catalog.EntityKind {
		return "entities"
	}
	return string(kind) + "s"
}
