package query

import "strings"

const (
	prefix       = "conversation."
	metadataName = "metadata."

	selectors = "conversation.id, conversation.name, conversation.type, conversation.startTime, " +
		"conversation.endTime or conversation.metadata.<key>"
)

// selected returns the field that a selector names, and the name of the member
// if it is one of the metadata. The prefix may be left out.
func selected(selector string) (field Field, name string, ok bool) {
	selector = strings.TrimPrefix(selector, prefix)
	if name, ok = strings.CutPrefix(selector, metadataName); ok {
		return Metadata, name, name != ""
	}
	switch field = Field(selector); field {
	case ID, Name, Type, Start, End:
		return field, "", true
	case "startDate":
		return Start, "", true
	default:
		return "", "", false
	}
}

// selector is how a field is written.
func selector(field Field, name string) string {
	switch field {
	case Metadata, Label:
		return prefix + string(field) + "." + name
	default:
		return prefix + string(field)
	}
}
