package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"
)

// bare is a scalar of a file that is not a text by itself: a number, a boolean or
// a date, as it is written. So 010 is the same in the file and in a variable, and
// a token of digits is not taken for a number.
type bare string

// errDocuments refuses what would be passed over otherwise.
var errDocuments = errors.New("it has more than one document; put all settings into one, and take the --- between them out")

// document reads a file of settings. It is a parser of koanf.
type document struct{}

// Unmarshal returns the members of the document.
func (document) Unmarshal(data []byte) (map[string]any, error) {
	// What this decodes is dropped: it finds members that are given twice, and
	// references that expand to very much.
	var checked map[string]any
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&checked); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errDocuments
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, err
	}
	members, _ := valueOf(&root).(map[string]any)
	return members, nil
}

// Marshal is there for koanf, which does not call it.
func (document) Marshal(map[string]any) ([]byte, error) { return nil, errors.ErrUnsupported }

// valueOf returns what a node holds: nil, a string, a bare, a list or a map.
func valueOf(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return valueOf(n.Content[0])
	case yaml.AliasNode:
		return valueOf(n.Alias)
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = valueOf(item)
		}
		return list
	case yaml.MappingNode:
		return membersOf(n)
	case yaml.ScalarNode:
		switch n.ShortTag() {
		case "!!null":
			return nil
		case "!!str":
			return n.Value
		}
		return bare(n.Value)
	default: // an empty file
		return nil
	}
}

// membersOf returns the members of a map, those that << takes over too.
func membersOf(n *yaml.Node) map[string]any {
	members := map[string]any{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], valueOf(n.Content[i+1])
		if name.ShortTag() != "!!merge" {
			members[name.Value] = value
			continue
		}
		taken, _ := value.(map[string]any)
		for name, value := range taken {
			if _, own := members[name]; !own {
				members[name] = value
			}
		}
	}
	return members
}

// quoted reports whether a value of the file, or each of a list, is a text.
func quoted(v any) error {
	switch v := v.(type) {
	case bare:
		return fmt.Errorf("is %s, which is no text; put it into quotes", v)
	case []any:
		for _, item := range v {
			if err := quoted(item); err != nil {
				return err
			}
		}
	}
	return nil
}
