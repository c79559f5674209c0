package openapi

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"
)

// toJSON returns a YAML document as JSON. Its members keep their order, in
// which a page shows them.
func toJSON(document []byte) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	var out bytes.Buffer
	if err := write(jsontext.NewEncoder(&out), &root); err != nil {
		return nil, fmt.Errorf("write the document as JSON: %w", err)
	}
	return out.Bytes(), nil
}

func write(enc *jsontext.Encoder, n *yaml.Node) error {
	switch n.Kind {
	case yaml.DocumentNode:
		return write(enc, n.Content[0])
	case yaml.MappingNode:
		return writeObject(enc, n.Content)
	case yaml.SequenceNode:
		return writeArray(enc, n.Content)
	case yaml.ScalarNode:
		return writeScalar(enc, n)
	default: // an alias, which OpenAPI says nothing of
		return fmt.Errorf("line %d: there is no JSON for this", n.Line)
	}
}

// writeObject writes names and values, which take turns.
func writeObject(enc *jsontext.Encoder, members []*yaml.Node) error {
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for i := 0; i < len(members); i += 2 {
		if err := enc.WriteToken(jsontext.String(members[i].Value)); err != nil {
			return err
		}
		if err := write(enc, members[i+1]); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

func writeArray(enc *jsontext.Encoder, items []*yaml.Node) error {
	if err := enc.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for _, item := range items {
		if err := write(enc, item); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndArray)
}

// writeScalar writes a time as it stands there: JSON has no such thing.
func writeScalar(enc *jsontext.Encoder, n *yaml.Node) error {
	switch n.ShortTag() {
	case "!!str", "!!timestamp":
		return enc.WriteToken(jsontext.String(n.Value))
	}
	var value any
	if err := n.Decode(&value); err != nil {
		return err
	}
	return json.MarshalEncode(enc, value)
}
