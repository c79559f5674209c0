package importer

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// A slackMessage is one of an export, or of an answer of Slack's API. Its ts is
// text, because its last digits are what tells messages apart.
type slackMessage struct {
	Type        string            `json:"type"`
	Subtype     string            `json:"subtype"`
	TS          string            `json:"ts"`
	User        string            `json:"user"`
	BotID       string            `json:"bot_id"`
	Username    string            `json:"username"`
	Text        string            `json:"text"`
	Hidden      bool              `json:"hidden"`
	UserProfile slackProfile      `json:"user_profile"`
	BotProfile  slackProfile      `json:"bot_profile"`
	Blocks      []slackBlock      `json:"blocks"`
	Attachments []slackAttachment `json:"attachments"`
	Files       []slackFile       `json:"files"`
	File        *slackFile        `json:"file"`
	Comment     struct {
		User    string `json:"user"`
		Comment string `json:"comment"`
	} `json:"comment"`
	Message *slackMessage `json:"message"` // of message_changed: what it is now
	line    int
}

type slackProfile struct {
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	RealName    string `json:"real_name"`
	Email       string `json:"email"`
}

type slackFile struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Mode  string `json:"mode"`
}

type slackAttachment struct {
	Pretext  string `json:"pretext"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Fallback string `json:"fallback"`
}

// slackChannel is one of channels.json and its like.
type slackChannel struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Members []string `json:"members"`
}

// slack reads one workspace.
type slack struct {
	out   Sink
	users map[string]Sender
}

// readSlack reads a workspace, or the messages of one file.
func readSlack(s *Source, _ Options, out Sink) error {
	w := slack{out, map[string]Sender{}}
	if s.tree == nil {
		for _, f := range s.files {
			if err := out.Begin(Chat{Key: f.in + "/" + f.base, Title: f.base}); err != nil {
				return err
			}
			if err := w.day(f); err != nil {
				return err
			}
		}
		return nil
	}
	if err := w.readUsers(s.tree); err != nil {
		return err
	}
	channels, err := w.channels(s.tree)
	if err != nil {
		return err
	}
	folders, err := fs.ReadDir(s.tree.fsys, s.tree.root)
	if err != nil {
		return fmt.Errorf("list %s: %w", s.Name, err)
	}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		if err := w.channel(s.tree, folder.Name(), channels[folder.Name()]); err != nil {
			return err
		}
	}
	return nil
}

// channel reads the days of a channel, in their order.
func (w *slack) channel(t *tree, folder string, c Chat) error {
	days, err := fs.Glob(t.fsys, path.Join(globLiteral(t.root), globLiteral(folder), "*.json"))
	if err != nil || len(days) == 0 {
		return err
	}
	slices.Sort(days)
	if c.Key == "" {
		c = Chat{Key: folder, Title: folder}
	}
	if err := w.out.Begin(c); err != nil {
		return err
	}
	for _, day := range days {
		f, err := t.file(day)
		if err != nil {
			return err
		}
		if err := w.day(f); err != nil {
			return err
		}
	}
	return nil
}

// globLiteral escapes what has a meaning in a pattern.
func globLiteral(s string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `\`, `\\`).Replace(s)
}

// readUsers reads users.json, if there is one.
func (w *slack) readUsers(t *tree) error {
	var users []struct {
		ID       string       `json:"id"`
		Name     string       `json:"name"`
		RealName string       `json:"real_name"`
		Profile  slackProfile `json:"profile"`
	}
	if err := t.decode("users.json", &users, "a list of users"); err != nil {
		return err
	}
	for _, u := range users {
		name := cmp.Or(u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name, u.ID)
		w.users[u.ID] = Sender{ID: u.ID, Name: name, Email: u.Profile.Email}
	}
	return nil
}

// channels returns the channels by their folders.
func (w *slack) channels(t *tree) (map[string]Chat, error) {
	chats := map[string]Chat{}
	for _, list := range [...]string{"channels.json", "groups.json", "mpims.json", "dms.json"} {
		var channels []slackChannel
		if err := t.decode(list, &channels, "a list of channels"); err != nil {
			return nil, err
		}
		for _, c := range channels {
			var names []string
			for _, m := range c.Members {
				names = append(names, cmp.Or(w.users[m].Name, m))
			}
			title := c.Name
			if title == "" || list == "mpims.json" {
				title = strings.Join(names, ", ")
			}
			chats[cmp.Or(c.Name, c.ID)] = Chat{Key: cmp.Or(c.ID, c.Name), Unique: c.ID != "", Title: title}
		}
	}
	return chats, nil
}

// day reads the messages of a file: a list, or an answer of the API.
func (w *slack) day(f *file) error {
	const want = "a list of Slack messages"
	if f.size > maxDocument {
		return f.bad(0, "the file has more than %d MiB, which is too much for the messages of a day", maxDocument>>20)
	}
	d, err := f.json()
	if err != nil {
		return err
	}
	defer d.close.Close() //nolint:errcheck // it was only read
	var all []slackMessage
	element := func(line int) error {
		var m slackMessage
		err := d.decode(&m, "a Slack message")
		m.line = line
		all = append(all, m)
		return err
	}
	if d.PeekKind() == jsontext.KindBeginObject {
		err = d.object(want, func(name string) error {
			switch name {
			case "messages":
				return d.array(want, element)
			case "has_more":
				var more bool
				if err := d.decode(&more, "true or false"); err != nil || !more {
					return err
				}
				w.out.Note(f.name + " is a part of the messages only (has_more)")
			}
			return nil
		})
	} else {
		err = d.array(want, element)
	}
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return err
	}
	return w.add(sortSlack(all))
}

// sortSlack puts messages in the order of their time, each once. Of one that was
// changed the new text remains.
func sortSlack(all []slackMessage) []slackMessage {
	newest := map[string]int{}
	kept := all[:0]
	for _, m := range all {
		if m.Subtype == "message_changed" && m.Message != nil {
			line := m.line
			m = *m.Message
			m.line = line
		}
		if at, again := newest[m.TS]; again && m.TS != "" {
			kept[at] = m
			continue
		}
		newest[m.TS] = len(kept)
		kept = append(kept, m)
	}
	slices.SortStableFunc(kept, func(a, b slackMessage) int { return slackTime(a.TS).Compare(slackTime(b.TS)) })
	return kept
}

// slackTime returns the time that a ts is, zero if it is none.
func slackTime(ts string) time.Time {
	seconds, fraction, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || s <= 0 || s > 1<<36 {
		return time.Time{}
	}
	micro, _ := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
	return time.Unix(s, micro*1000).UTC()
}

func (w *slack) add(all []slackMessage) error {
	for _, m := range all {
		if reason := m.silent(); reason != "" {
			w.out.Skip(m.line, reason)
			continue
		}
		said := Message{Line: m.line, Start: slackTime(m.TS), Sender: w.sender(m), Text: w.textOf(m)}
		for _, f := range append(m.Files, slackFileOf(m.File)...) {
			if f.Mode != "tombstone" {
				said.Attachments = append(said.Attachments, cmp.Or(f.Name, f.Title, "file"))
			}
		}
		if said.Text == "" && len(said.Attachments) == 0 {
			w.out.Skip(m.line, "it is empty")
			continue
		}
		if err := w.out.Add(said); err != nil {
			return err
		}
	}
	return nil
}

func slackFileOf(f *slackFile) []slackFile {
	if f == nil {
		return nil
	}
	return []slackFile{*f}
}

// silent returns why the message is not said by anybody.
func (m slackMessage) silent() string {
	switch m.Subtype {
	case "", "bot_message", "me_message", "file_share", "file_comment", "file_mention", "thread_broadcast", "reply_broadcast", "slackbot_response", "reply":
	case "tombstone", "message_deleted":
		return "the message was deleted"
	default:
		return noticeReason
	}
	switch {
	case m.Hidden:
		return "it is hidden"
	case m.Type != "" && m.Type != "message":
		return noticeReason
	}
	return ""
}

func (w *slack) sender(m slackMessage) Sender {
	id := cmp.Or(m.User, m.Comment.User)
	if id == "" {
		return Sender{ID: m.BotID, Name: cmp.Or(m.Username, m.BotProfile.Name, m.BotID)}
	}
	if known, ok := w.users[id]; ok {
		return known
	}
	p := m.UserProfile
	named := Sender{ID: id, Name: cmp.Or(p.DisplayName, p.RealName, p.Name, m.Username, id), Email: p.Email}
	if named.Name != id && len(w.users) < 1<<16 {
		w.users[id] = named // the same name all along
	}
	return named
}
