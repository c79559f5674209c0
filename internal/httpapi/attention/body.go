package attention

import (
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

// A document is a body in the form of JSON:API, in which clients send what they have
// to say in data.attributes.
type document[T any] struct {
	Data *struct {
		Attributes *T `json:"attributes"`
	} `json:"data"`
}

// decode decodes a body, or its data.attributes if it has data.
func decode[T any](body []byte) (*T, error) {
	d, err := input.Decode[document[T]](body)
	switch {
	case err != nil:
		return nil, err
	case d.Data == nil:
		return input.Decode[T](body)
	case d.Data.Attributes == nil:
		return nil, input.Invalid("data.attributes", input.ErrRequired)
	default:
		return d.Data.Attributes, nil
	}
}
