package importer

import (
	"cmp"
	"html"
	"regexp"
	"strings"
)

// A slackBlock is a part of a message, of any depth.
type slackBlock struct {
	Type     string `json:"type"`
	Elements blocks `json:"elements"`
	Style    any    `json:"style"`

	Text     any    `json:"text"` // a string, or an object in what is no rich text
	Name     string `json:"name"` // of an emoji
	UserID   string `json:"user_id"`
	Channel  string `json:"channel_id"`
	Group    string `json:"usergroup_id"`
	URL      string `json:"url"`
	Range    string `json:"range"`
	Fallback string `json:"fallback"`
}

type blocks []slackBlock

// textOf returns what a message says: its text, that of its blocks if they say
// more, or that of its attachments if there is nothing else.
func (w *slack) textOf(m slackMessage) string {
	text := w.plain(m.typed())
	var rich []string
	for _, b := range m.Blocks {
		if b.Type == "rich_text" {
			rich = append(rich, w.rich(b))
		}
	}
	if all := strings.TrimSpace(strings.Join(rich, "\n")); len(all) > len(text) {
		text = all
	}
	if text == "" && len(m.Files) == 0 {
		var parts []string
		for _, a := range m.Attachments {
			before := len(parts)
			for _, part := range [...]string{a.Pretext, a.Title, a.Text} {
				if part != "" {
					parts = append(parts, w.plain(part))
				}
			}
			if len(parts) == before && a.Fallback != "" {
				parts = append(parts, w.plain(a.Fallback))
			}
		}
		text = strings.TrimSpace(strings.Join(parts, "\n"))
	}
	if m.Subtype == "me_message" && text != "" {
		text = "_" + strings.Trim(text, "_") + "_"
	}
	return text
}

// uploaded is what Slack itself wrote into the text of a file, when files were
// messages of their own.
var uploaded = regexp.MustCompile(`(?s)^<@[^<>]+> (?:uploaded|shared) a file(?:: <[^<>]+>)?(?: and commented: (.*))?$`)

// typed returns the part of the text that a person wrote.
func (m slackMessage) typed() string {
	switch m.Subtype {
	case "file_share":
		if said := uploaded.FindStringSubmatch(m.Text); said != nil {
			return said[1]
		}
	case "file_comment":
		return cmp.Or(m.Comment.Comment, m.Text)
	}
	return m.Text
}

// rich returns the text of a block.
func (w *slack) rich(b slackBlock) string {
	switch b.Type {
	case "text":
		text, _ := b.Text.(string)
		return text
	case "emoji":
		return ":" + b.Name + ":"
	case "user":
		return "@" + cmp.Or(w.users[b.UserID].Name, b.UserID)
	case "channel":
		return "#" + b.Channel
	case "usergroup":
		return "@" + b.Group
	case "broadcast":
		return "@" + b.Range
	case "link":
		text, _ := b.Text.(string)
		return cmp.Or(text, b.URL)
	case "date":
		return b.Fallback
	}
	separator := ""
	if b.Type == "rich_text" || b.Type == "rich_text_list" {
		separator = "\n"
	}
	parts := make([]string, len(b.Elements))
	for i, e := range b.Elements {
		parts[i] = w.rich(e)
		if separator != "" {
			parts[i] = strings.TrimRight(parts[i], "\n")
		}
	}
	return strings.Join(parts, separator)
}

var (
	slackMarkup = regexp.MustCompile(`<([^<>\s][^<>]*)>`)
	skinTone    = regexp.MustCompile(`:skin-tone-\d:`)
)

// plain returns a text with its markup made readable.
func (w *slack) plain(text string) string {
	text = slackMarkup.ReplaceAllStringFunc(text, func(m string) string {
		target, label, _ := strings.Cut(m[1:len(m)-1], "|")
		switch target[0] {
		case '@':
			return "@" + cmp.Or(w.users[target[1:]].Name, label, target[1:])
		case '#':
			return "#" + cmp.Or(label, target[1:])
		case '!':
			return slackCommand(target[1:], label)
		}
		return cmp.Or(label, strings.TrimPrefix(target, "mailto:"))
	})
	text = skinTone.ReplaceAllString(text, "")
	return strings.TrimSpace(html.UnescapeString(text))
}

// slackCommand returns what a command such as <!here> shows.
func slackCommand(command, label string) string {
	name, _, _ := strings.Cut(command, "^")
	switch name {
	case "date", "subteam":
		return cmp.Or(label, command)
	default:
		return "@" + cmp.Or(strings.TrimPrefix(label, "@"), name)
	}
}
