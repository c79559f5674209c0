package importer

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// A discordMessage is one that DiscordChatExporter writes.
type discordMessage struct {
	ID        identity      `json:"id"`
	Type      identity      `json:"type"`
	Timestamp string        `json:"timestamp"`
	Content   string        `json:"content"`
	Author    discordUser   `json:"author"`
	Mentions  []discordUser `json:"mentions"`

	Attachments []struct {
		FileName string `json:"fileName"`
	} `json:"attachments"`
	Stickers []struct {
		Name string `json:"name"`
	} `json:"stickers"`
	Embeds []struct {
		Title string `json:"title"`
	} `json:"embeds"`
}

type discordUser struct {
	ID       identity `json:"id"`
	Name     string   `json:"name"`
	Nickname string   `json:"nickname"`
}

// discordSpeech are the types of messages that somebody has written, by name
// and by number.
var discordSpeech = []identity{"", "Default", "Reply", "ChatInputCommand", "ApplicationCommand", "ContextMenuCommand", "0", "19", "20", "23"} //nolint:gochecknoglobals // a table of words, which nothing changes

// readDiscord reads a channel, which may be in several files, or the messages of
// an account's own data.
func readDiscord(s *Source, _ Options, out Sink) error {
	begun := false
	for _, f := range s.files {
		if rows, err := f.isOwnRows(); err != nil {
			return err
		} else if rows {
			if err := readOwnRows(f, out); err != nil {
				return err
			}
			continue
		}
		d, err := f.json()
		if err != nil {
			return err
		}
		if d.PeekKind() == jsontext.KindBeginArray {
			err = readOwnDiscord(f, d, out)
		} else {
			err = discordPart(f, d, out, &begun)
		}
		_ = d.close.Close() // it was only read
		if err != nil {
			return err
		}
	}
	return nil
}

// discordPart reads one file of a channel.
func discordPart(f *file, d *document, out Sink, begun *bool) error {
	var guild, channel struct {
		ID       identity `json:"id"`
		Name     string   `json:"name"`
		Category string   `json:"category"`
	}
	const want = "a channel of Discord"
	messages := func() error {
		if !*begun {
			title := cmp.Or(channel.Name, f.base)
			if guild.Name != "" && guild.Name != "Direct Messages" {
				title = guild.Name + " #" + title
			}
			if err := out.Begin(Chat{Key: cmp.Or(string(channel.ID), title), Unique: channel.ID != "", Title: title}); err != nil {
				return err
			}
			*begun = true
		}
		return d.array("a list of Discord messages", func(line int) error {
			var m discordMessage
			if err := d.decode(&m, "a Discord message"); err != nil {
				return err
			}
			return m.add(line, f, out)
		})
	}
	err := d.object(want, func(name string) error {
		switch name {
		case "guild":
			return d.decode(&guild, "a server")
		case "channel":
			return d.decode(&channel, "a channel")
		case "messages":
			return messages()
		}
		return nil
	})
	return cmp.Or(err, d.end())
}

func (m *discordMessage) add(line int, f *file, out Sink) error {
	if !slices.Contains(discordSpeech, m.Type) {
		out.Skip(line, noticeReason)
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, m.Timestamp)
	if err != nil {
		return f.bad(line, "the time of the message is %q, want one such as 2024-01-01T10:00:00+00:00", m.Timestamp)
	}
	said := Message{
		Line: line, Start: at,
		Sender: Sender{ID: string(m.Author.ID), Name: cmp.Or(m.Author.Nickname, m.Author.Name, string(m.Author.ID))},
		Text:   strings.TrimSpace(m.plain()),
	}
	for _, a := range m.Attachments {
		said.Attachments = append(said.Attachments, cmp.Or(a.FileName, "file"))
	}
	for _, a := range m.Stickers {
		said.Attachments = append(said.Attachments, cmp.Or(a.Name, "sticker"))
	}
	for _, a := range m.Embeds {
		said.Attachments = append(said.Attachments, cmp.Or(a.Title, "embed"))
	}
	if said.Text == "" && len(said.Attachments) == 0 {
		out.Skip(line, "it is empty")
		return nil
	}
	return out.Add(said)
}

var discordMarkup = regexp.MustCompile(`<(@[!&]?|#|a?:\w+:|t:)(-?\d+)(:\w)?>`)

// plain returns the content with its markup made readable, if there is any.
func (m *discordMessage) plain() string {
	return discordMarkup.ReplaceAllStringFunc(m.Content, func(s string) string {
		part := discordMarkup.FindStringSubmatch(s)
		kind, id := part[1], part[2]
		switch {
		case kind == "t:":
			seconds, err := strconv.ParseInt(id, 10, 64)
			if err != nil || seconds < 0 || seconds > 1<<36 {
				return s
			}
			return time.Unix(seconds, 0).UTC().Format("2006-01-02 15:04 UTC")
		case strings.HasSuffix(kind, ":"):
			return strings.TrimPrefix(kind, "a")
		case kind == "#":
			return "#" + id
		}
		for _, u := range m.Mentions {
			if string(u.ID) == id {
				return "@" + cmp.Or(u.Nickname, u.Name, id)
			}
		}
		return "@" + id
	})
}
