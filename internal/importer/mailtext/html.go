package mailtext

import (
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FromHTML returns the text of a document, with a line for each paragraph and
// without what it quotes.
func FromHTML(r io.Reader) (string, error) {
	var w writer
	tokens := html.NewTokenizer(r)
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if err := tokens.Err(); err != nil && err != io.EOF { //nolint:errorlint // the tokenizer returns it as it is
				return w.String(), err
			}
			return w.String(), nil
		case html.TextToken:
			w.text(string(tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			w.begin(tokens.Token())
		case html.EndTagToken:
			w.end(tokens.Token())
		default: // comments
		}
	}
}

// writer collects the text.
type writer struct {
	strings.Builder
	silent atom.Atom // the element whose text does not count
	depth  int       // of elements of that kind in it
	blank  bool      // a blank is due
}

// hides reports whether an element has no text of the writer's.
func hides(t html.Token) bool {
	switch t.DataAtom {
	case atom.Head, atom.Style, atom.Script, atom.Blockquote, atom.Title:
		return true
	case atom.Div:
		for _, a := range t.Attr {
			if a.Key == "class" && strings.Contains(a.Val, "gmail_quote") || a.Key == "id" && (a.Val == "divRplyFwdMsg" || a.Val == "appendonsend") {
				return true
			}
		}
	default:
	}
	return false
}

func (w *writer) begin(t html.Token) {
	if w.silent != 0 {
		if t.DataAtom == w.silent && t.Type == html.StartTagToken {
			w.depth++
		}
		return
	}
	if hides(t) && t.Type == html.StartTagToken {
		w.silent, w.depth = t.DataAtom, 1
		return
	}
	switch t.DataAtom {
	case atom.Br, atom.Hr:
		w.line()
	case atom.Td, atom.Th:
		w.blank = true
	case atom.Li:
		w.line()
		w.WriteString("- ")
	default:
		if isBlock(t.DataAtom) {
			w.paragraph()
		}
	}
}

func (w *writer) end(t html.Token) {
	if w.silent != 0 {
		if t.DataAtom == w.silent {
			if w.depth--; w.depth == 0 {
				w.silent = 0
			}
		}
		return
	}
	if isBlock(t.DataAtom) {
		w.paragraph()
	}
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Tr, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Pre, atom.Table, atom.Section, atom.Article:
		return true
	default:
		return false
	}
}

func (w *writer) text(s string) {
	if w.silent != 0 {
		return
	}
	for _, r := range s {
		switch r {
		case ' ', '\n', '\t', '\r':
			w.blank = true
			continue
		case '\u200b', '\ufeff':
			continue
		}
		if w.blank && w.Len() > 0 && !strings.HasSuffix(w.String(), "\n") {
			w.WriteByte(' ')
		}
		w.blank = false
		w.WriteRune(r)
	}
}

func (w *writer) line() {
	w.blank = false
	w.WriteByte('\n')
}

func (w *writer) paragraph() {
	if w.Len() > 0 && !strings.HasSuffix(w.String(), "\n") {
		w.line()
	}
}
