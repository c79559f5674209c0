package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A telegramMessage is one of result.json.
type telegramMessage struct {
	ID        identity     `json:"id"`
	Type      string       `json:"type"`
	Date      string       `json:"date"`
	Unix      identity     `json:"date_unixtime"`
	From      string       `json:"from"`
	FromID    identity     `json:"from_id"`
	Text      telegramText `json:"text"`
	File      string       `json:"file"`
	FileName  string       `json:"file_name"`
	Photo     string       `json:"photo"`
	MediaType string       `json:"media_type"`
	Poll      struct {
		Question telegramText `json:"question"`
	} `json:"poll"`
	Contact  *struct{} `json:"contact_information"`
	Location *struct{} `json:"location_information"`
}

// A telegramText is a string, or a list of strings and of parts with a text.
type telegramText string

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (t *telegramText) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case jsontext.KindString:
		return json.UnmarshalDecode(dec, (*string)(t))
	case jsontext.KindBeginArray:
		var parts []telegramText
		if err := json.UnmarshalDecode(dec, &parts); err != nil {
			return err
		}
		var all strings.Builder
		for _, part := range parts {
			all.WriteString(string(part))
		}
		*t = telegramText(all.String())
		return nil
	case jsontext.KindBeginObject:
		var part struct {
			Text telegramText `json:"text"`
		}
		err := json.UnmarshalDecode(dec, &part)
		*t = part.Text
		return err
	default:
		return dec.SkipValue()
	}
}

// readTelegram reads one chat, or all chats of an account.
func readTelegram(s *Source, o Options, out Sink) error {
	for _, f := range s.files {
		d, err := f.json()
		if err != nil {
			return err
		}
		r := telegram{file: f, d: d, out: out, options: o}
		err = cmp.Or(r.chat(), d.end())
		_ = d.close.Close() // it was only read
		if err != nil {
			return err
		}
	}
	return nil
}

type telegram struct {
	file    *file
	d       *document
	out     Sink
	options Options
	floats  bool // a time without a zone was met
}

// chat reads a chat, or an account with its chats.
func (r *telegram) chat() error {
	var id identity
	var name, kind string
	return r.d.object("a Telegram chat", func(member string) error {
		switch member {
		case "name":
			return r.d.decode(&name, "the name of the chat")
		case "type":
			return r.d.decode(&kind, "the type of the chat")
		case "id":
			return r.d.decode(&id, "the id of the chat")
		case "messages":
			title := cmp.Or(name, strings.ReplaceAll(kind, "_", " "), r.file.base)
			if err := r.out.Begin(Chat{Key: cmp.Or(string(id), title), Unique: id != "", Title: title}); err != nil {
				return err
			}
			return r.d.array("a list of Telegram messages", r.message)
		case "chats", "left_chats":
			return r.d.object("chats of Telegram", func(member string) error {
				if member != "list" {
					return nil
				}
				return r.d.array("a list of Telegram chats", func(int) error { return r.chat() })
			})
		}
		return nil
	})
}

func (r *telegram) message(line int) error {
	var m telegramMessage
	if err := r.d.decode(&m, "a Telegram message"); err != nil {
		return err
	}
	if m.Type != "message" && m.Type != "" {
		r.out.Skip(line, noticeReason)
		return nil
	}
	at, err := r.time(m, line)
	if err != nil {
		return err
	}
	said := Message{
		Line: line, Start: at,
		Sender: Sender{ID: string(m.FromID), Name: m.From},
		Text:   strings.TrimSpace(cmp.Or(string(m.Text), string(m.Poll.Question))),
	}
	if m.File+m.Photo+m.MediaType+m.FileName != "" || m.Contact != nil {
		said.Attachments = []string{m.attachment()}
	}
	if said.Text == "" && len(said.Attachments) == 0 {
		reason := "it is empty"
		if m.Location != nil {
			reason = "a place on a map"
		}
		r.out.Skip(line, reason)
		return nil
	}
	return r.out.Add(said)
}

// attachment names what was sent with the message. What was not exported has a
// sentence in place of its file.
func (m telegramMessage) attachment() string {
	path := cmp.Or(m.File, m.Photo)
	if strings.HasPrefix(path, "(") {
		path = ""
	}
	path = path[strings.LastIndexByte(path, '/')+1:]
	return cmp.Or(m.FileName, path, strings.ReplaceAll(m.MediaType, "_", " "), "file")
}

// time returns when the message was sent: exactly, or by the clock of the phone
// that exported it.
func (r *telegram) time(m telegramMessage, line int) (time.Time, error) {
	if seconds, err := strconv.ParseInt(string(m.Unix), 10, 64); err == nil && seconds > 0 && seconds < 1<<36 {
		return time.Unix(seconds, 0).UTC(), nil
	}
	at, err := time.ParseInLocation("2006-01-02T15:04:05", m.Date, r.options.zone())
	if err != nil {
		return at, r.file.bad(line, "the date of the message is %q, want one such as 2024-01-01T10:00:00, or a date_unixtime", m.Date)
	}
	if !r.floats {
		r.floats = true
		noteZone(r.options, r.out)
	}
	return at, nil
}

// readMessenger reads a conversation of Messenger or Instagram. Its files have
// the newest messages first, and the first file has the newest.
func readMessenger(s *Source, _ Options, out Sink) error {
	begun := false
	for _, f := range slices.Backward(s.files) {
		var doc struct {
			Title        mojibake `json:"title"`
			ThreadPath   string   `json:"thread_path"`
			Participants []struct {
				Name mojibake `json:"name"`
			} `json:"participants"`
			Messages []messengerMessage `json:"messages"`
		}
		if err := f.decode(&doc, "a conversation of Messenger"); err != nil {
			return err
		}
		if !begun {
			var names []string
			for _, p := range doc.Participants {
				names = append(names, string(p.Name))
			}
			title := cmp.Or(string(doc.Title), strings.Join(names, ", "), f.base)
			if err := out.Begin(Chat{Key: cmp.Or(doc.ThreadPath, title), Unique: doc.ThreadPath != "", Title: title}); err != nil {
				return err
			}
			begun = true
		}
		sortByTime(doc.Messages, messengerMessage.at)
		for at, m := range doc.Messages {
			if err := m.add(at+1, out); err != nil {
				return err
			}
		}
	}
	return nil
}

type messengerMessage struct {
	Sender    mojibake   `json:"sender_name"`
	Timestamp number     `json:"timestamp_ms"`
	Content   mojibake   `json:"content"`
	Unsent    bool       `json:"is_unsent"`
	Photos    []struct{} `json:"photos"`
	Videos    []struct{} `json:"videos"`
	Audio     []struct{} `json:"audio_files"`
	Files     []struct {
		URI string `json:"uri"`
	} `json:"files"`
	Gifs    []struct{} `json:"gifs"`
	Sticker *struct{}  `json:"sticker"`
	Share   *struct {
		Link string `json:"link"`
	} `json:"share"`
	CallSeconds *number `json:"call_duration"`
}

func (m messengerMessage) at() time.Time { return time.UnixMilli(int64(m.Timestamp)).UTC() }

func (m messengerMessage) add(line int, out Sink) error {
	said := Message{Line: line, Start: m.at(), Sender: Sender{Name: string(m.Sender)}, Text: strings.TrimSpace(string(m.Content))}
	for _, kind := range [...]struct {
		name  string
		count int
	}{{"photo", len(m.Photos)}, {"video", len(m.Videos)}, {"audio", len(m.Audio)}, {"gif", len(m.Gifs)}} {
		for range kind.count {
			said.Attachments = append(said.Attachments, kind.name)
		}
	}
	for _, f := range m.Files {
		said.Attachments = append(said.Attachments, f.URI[strings.LastIndexByte(f.URI, '/')+1:])
	}
	if m.Sticker != nil {
		said.Attachments = append(said.Attachments, "sticker")
	}
	if m.Share != nil {
		said.Attachments = append(said.Attachments, cmp.Or(m.Share.Link, "share"))
	}
	switch {
	case m.CallSeconds != nil:
		out.Skip(line, "a call")
	case m.Unsent:
		out.Skip(line, "the message was deleted")
	case said.Text == "" && len(said.Attachments) == 0:
		out.Skip(line, "it is empty")
	default:
		return out.Add(said)
	}
	return nil
}

// mojibake is text whose bytes in UTF-8 were written as if they were characters,
// which is how Messenger exports.
type mojibake string

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (t *mojibake) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var text string
	if err := json.UnmarshalDecode(dec, &text); err != nil {
		return fmt.Errorf("a text: %w", err)
	}
	*t = mojibake(repair(text))
	return nil
}
