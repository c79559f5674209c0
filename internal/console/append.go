package console

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

// What a form may hold.
const (
	maxText    = 100_000 // bytes
	maxSpeaker = 256     // characters
	maxName    = 256
)

// An appendForm is the form below a conversation. Its key makes it take effect once,
// however often it is sent.
type appendForm struct {
	Conversation string
	Key          string
	Mistake      string
	draft
}

// A draft is what somebody has typed.
type draft struct{ Name, Speaker, Text string }

func draftOf(r *http.Request) draft {
	return draft{Name: strings.TrimSpace(r.PostFormValue("name")), Speaker: strings.TrimSpace(r.PostFormValue("speaker")), Text: strings.TrimSpace(r.PostFormValue("text"))}
}

// mistake returns what is wrong with a draft, in a sentence, or nothing.
func (d draft) mistake() string {
	switch {
	case d.Text == "":
		return "There is no text to append. Type what was said."
	case len(d.Text) > maxText:
		return "The text has more than 100,000 bytes. Send it by the API or enqueue text, which take more."
	case utf8.RuneCountInString(d.Speaker) > maxSpeaker || utf8.RuneCountInString(d.Name) > maxName:
		return "A name may have 256 characters at most."
	case !utf8.ValidString(d.Text) || !utf8.ValidString(d.Speaker) || !utf8.ValidString(d.Name):
		return "The text is not UTF-8."
	}
	return ""
}

// append returns the draft as an append of the account's, under the key of its form.
func (d draft) append(account, conversationID, key string) jobs.Append {
	sum := sha256.Sum256([]byte(strings.Join([]string{conversationID, d.Name, d.Speaker, d.Text}, "\x00")))
	a := jobs.Append{
		Account: account, ConversationID: conversationID,
		Options:    analysis.Options{Name: d.Name, DetectPhrases: true, DetectEntities: true, EnableAllTrackers: true},
		Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: d.Speaker}, Text: d.Text}},
	}
	if len(key) == len(newCode()) {
		a.IdempotencyKey, a.Fingerprint = "console-"+key, hex.EncodeToString(sum[:])
	}
	return a
}

// begin begins a conversation.
func (c *Console) begin(x *exchange) error {
	d := draftOf(x.r)
	if mistake := d.mistake(); mistake != "" {
		return c.listConversations(x, search{}, "", http.StatusUnprocessableEntity, mistake, d)
	}
	receipt, err := c.Jobs.Submit(x.r.Context(), d.append(x.account.ID, "", x.r.PostFormValue("key")))
	if err != nil {
		return c.keyReused(err)
	}
	x.subject = "conversation " + receipt.ConversationID
	return x.see("begun", "conversations", receipt.ConversationID)
}

// appendText appends to a conversation. A script gets the form anew, all others the
// page.
func (c *Console) appendText(x *exchange) error {
	id, ok := conversation.ParseID(x.r.PathValue("id"))
	if !ok {
		return errNothing
	}
	x.subject = "conversation " + id
	d := draftOf(x.r)
	form := appendForm{Conversation: id, Key: x.r.PostFormValue("key"), Mistake: d.mistake(), draft: d}
	if form.Mistake == "" {
		receipt, err := c.Jobs.Submit(x.r.Context(), d.append(x.account.ID, id, form.Key))
		switch r := refusalOf(c.keyReused(err)); {
		case err == nil:
			x.subject += ", job " + receipt.JobID
			form = appendForm{Conversation: id, Key: newCode(), draft: draft{Speaker: d.Speaker}}
		case r.status == http.StatusTooManyRequests || r.status == http.StatusConflict:
			form.Mistake = r.message
		default:
			return err
		}
	}
	return c.appended(x, form)
}

// appended answers an append.
func (c *Console) appended(x *exchange, form appendForm) error {
	scripted := x.r.Header.Get("HX-Request") != ""
	switch {
	case form.Mistake == "" && !scripted:
		return x.see("appended", "conversations", form.Conversation)
	case !scripted:
		return c.showConversation(x, http.StatusUnprocessableEntity, form)
	}
	x.status = http.StatusOK
	if form.Mistake != "" {
		x.status = http.StatusUnprocessableEntity
	}
	html, err := c.fragment(x.account.ID, "conversation", "append", form)
	if err != nil {
		return err
	}
	x.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	x.w.WriteHeader(x.status)
	_, _ = x.w.Write(html) // or the browser has gone
	return nil
}

// keyReused returns the error of a form whose key was used for another text.
func (c *Console) keyReused(err error) error {
	if errors.Is(err, jobs.ErrKeyReused) {
		return refuse(http.StatusConflict, "This form was sent before with another text. Load the page again.")
	}
	return err
}
