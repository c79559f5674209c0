package console

import (
	"bytes"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"github.com/turnwise/turnwise/internal/console/site"
)

// pages are the templates, by the name of their page. Each is executed as a whole, or,
// of a page that is live, as its part "live" alone.
type pages map[string]*template.Template

// parsePages reads the templates.
func parsePages(version string) (pages, error) {
	all := pages{}
	funcs := functions()
	funcs["asset"] = site.Path
	funcs["version"] = func() string { return version }
	for _, name := range site.Pages() {
		t, err := template.New("frame.html").Funcs(funcs).ParseFS(site.Templates, "templates/frame.html", "templates/parts.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("read the page %s of the console: %w", name, err)
		}
		all[name] = t
	}
	return all, nil
}

// A frame is what all pages show around what is theirs.
type frame struct {
	Title    string
	Section  string   // of the navigation
	Account  string   // empty for who is not signed in
	All      bool     // the page is of all accounts, see [allBase]
	Accounts []string // that the session opens, if it is the operator's
	Operator bool
	SignedIn bool
	Notice   string // of what was done
	Data     any
}

// Link returns an address of the account's, or of the lists of all.
func (f frame) Link(parts ...string) string {
	base := allBase
	if !f.All {
		base = "/console/a/" + f.Account
	}
	return base + "/" + strings.Join(parts, "/")
}

// Of returns an address of an account's, for what is in a list of all.
func (f frame) Of(account string, parts ...string) string {
	return frame{Account: account}.Link(parts...)
}

func (c *Console) frame(x *exchange, page, title string, data any) frame {
	f := frame{Title: title, Section: section(page), Account: x.account.ID, Operator: x.session.operator, SignedIn: x.session.operator || x.session.account != "", Data: data}
	f.Notice = notices()[x.r.URL.Query().Get("done")]
	if f.Account == "" && !f.Operator {
		f.Account = x.session.account
	}
	f.All = f.Account == "" && f.Operator
	if f.Operator {
		for _, a := range c.Accounts.All() {
			f.Accounts = append(f.Accounts, a.ID)
		}
	}
	return f
}

// section returns the entry of the navigation that a page belongs to.
func section(page string) string {
	switch page {
	case "conversation":
		return "conversations"
	case "job":
		return "jobs"
	case "endpoint", "deliveries", "delivery", "resend", "secrets":
		return "webhooks"
	}
	return page
}

// notices are what a page may say of what was done before it, by the word in its
// address: nothing that is in an address is shown.
func notices() map[string]string {
	return map[string]string{
		"appended":     "The text was accepted. It appears here as soon as its job is completed.",
		"begun":        "The conversation was begun. It grows here as soon as its job is completed.",
		"resent":       "The event stands in its lane again and will be sent next.",
		"resending":    "The events are being sent again.",
		"cancelled":    "The resend was cancelled. What it had put into the lanes is sent all the same.",
		"paused":       "The endpoint is paused: its events wait until it is resumed.",
		"resumed":      "The endpoint is asked again.",
		"tested":       "The test event is on its way.",
		"retried":      "The job was sent again: this is the new one, at the end of its lane.",
		"jobcancelled": "The job is cancelled: it fails when its turn comes.",
		"laneretried":  "The head of the lane is attempted again now.",
		"laneresumed":  "The lane goes on with its head.",
		"laneskipped":  "The head of the lane was given up, and the lane goes on.",
		"ended":        "The secret signs no longer.",
	}
}

// show answers with a page.
func (c *Console) show(x *exchange, page, title string, data any) error {
	return c.write(x, http.StatusOK, page, title, data)
}

// render answers with a page, and logs what is wrong with it.
func (c *Console) render(x *exchange, status int, page, title string, data any) {
	if err := c.write(x, status, page, title, data); err != nil {
		c.log.LogAttrs(x.r.Context(), slog.LevelError, "console page not written", slog.String("page", page), slog.Any("err", err))
	}
}

func (c *Console) write(x *exchange, status int, page, title string, data any) error {
	var b bytes.Buffer
	if err := c.pages[page].Execute(&b, c.frame(x, page, title, data)); err != nil {
		return fmt.Errorf("fill in the page %s: %w", page, err)
	}
	x.status = status
	x.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	x.w.WriteHeader(status)
	_, _ = x.w.Write(b.Bytes()) // or the browser has gone
	return nil
}

// fragment returns a part of a page of an account's, as everybody sees it.
func (c *Console) fragment(account, page, part string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := c.pages[page].ExecuteTemplate(&b, part, frame{Account: account, All: account == "", Data: data}); err != nil {
		return nil, fmt.Errorf("fill in the part %s of the page %s: %w", part, page, err)
	}
	return b.Bytes(), nil
}

// asset serves a file that pages load. Its address changes with its content.
func (c *Console) asset(w http.ResponseWriter, r *http.Request) {
	data, mediaType, ok := site.Asset(r.PathValue("file"))
	if !ok {
		c.refuse(&exchange{w: w, r: r}, errNothing)
		return
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(data) // or the browser has gone
}
