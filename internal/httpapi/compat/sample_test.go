package compat

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A correction is a change of text without which a sample of the vendors' pages
// cannot run or be read. docs/compatibility.md shows all of them.
type correction struct {
	file     string // under testdata/samples
	old, new string
	times    int
	reason   string
}

var corrections = []correction{
	{"symbl-put-text/node.js", "if (err) throw", "if (error) throw", 1, "the callback calls its parameter error"},
	{"symbl-put-text/python.py", `"detectPhrases": true,`, `"detectPhrases": True,`, 1, "Python spells it True"},
	{"symbl-put-text/python.py", ", params=json.dumps(params)))", ")", 1, "params is not defined, and there is a parenthesis too many"},
	{"symbl-list-conversations/request.txt", "\n?", "?", 1, "a URL stands on one line"},
	{"symbl-list-conversations/request.txt", "\n&", "&", 5, "a URL stands on one line"},
	{"symbl-list-conversations/answer.json", "\"\n      \"type\"", "\",\n      \"type\"", 2, "a comma is missing"},
	{"symbl-list-conversations/answer.json", ",\n    ...", "", 1, "dots are not JSON"},
	{"symbl-list-conversations-older/answer.json", "\"\n\"type\"", "\",\n\"type\"", 2, "a comma is missing"},
	{"symbl-list-conversations-older/answer.json", ",\n...", "", 1, "dots are not JSON"},
}

// sample returns a file of the vendors' pages.
func sample(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "samples", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// corrected returns a file of the vendors' pages with its corrections.
func corrected(t *testing.T, file string) string {
	t.Helper()
	text := sample(t, file)
	for _, c := range corrections {
		if c.file != file {
			continue
		}
		if n := strings.Count(text, c.old); n != c.times {
			t.Errorf("%s has %q %d times, want %d: the correction does not apply", file, c.old, n, c.times)
		}
		text = strings.ReplaceAll(text, c.old, c.new)
	}
	return text
}

// aim puts the worker's address, a token and a conversation in the places that
// the samples leave open. Nothing else is changed.
func (c *caller) aim(text, conversation string) string {
	return strings.NewReplacer(
		"https://api.symbl.ai", c.base,
		"https://api.attention.tech", c.base,
		"$AUTH_TOKEN", c.token,
		"= AUTH_TOKEN;", "= '"+c.token+"';",
		"'your_access_token'", "'"+c.token+"'",
		"<api-key>", c.token,
		"$CONVERSATION_ID", conversation,
		"= CONVERSATION_ID;", "= '"+conversation+"';",
		"'your_conversation_id'", "'"+conversation+"'",
		"/{conversationId}", "/"+conversation,
		"/{id}", "/"+conversation,
	).Replace(text)
}

// runSample runs a sample with its corrections.
func (c *caller) runSample(file, conversation string) printed {
	c.t.Helper()
	return c.runText(file, corrected(c.t, file), conversation)
}

func (c *caller) runText(file, text, conversation string) printed {
	c.t.Helper()
	path := filepath.Join(c.t.TempDir(), filepath.Base(file))
	if err := os.WriteFile(path, []byte(c.aim(text, conversation)), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return runFile(c.t, path)
}

// TestCorrections checks that each correction applies.
func TestCorrections(t *testing.T) {
	t.Parallel()

	for _, c := range corrections {
		corrected(t, c.file)
	}
}

// TestCorrectionsAreNeeded runs the programs with all corrections but one,
// which must not go well.
func TestCorrectionsAreNeeded(t *testing.T) {
	t.Parallel()

	for _, left := range corrections {
		if ext := filepath.Ext(left.file); ext != ".js" && ext != ".py" {
			continue
		}
		t.Run(left.file+" "+left.old, func(t *testing.T) {
			t.Parallel()

			c := newCaller(t, appenders)
			id := c.begin(`{"messages":[{"payload":{"content":"Hello."}}]}`)
			text := strings.ReplaceAll(corrected(t, left.file), left.new, left.old)
			if left.new == ")" {
				text = strings.Replace(corrected(t, left.file), "data=json.dumps(payload))", "data=json.dumps(payload)"+left.old, 1)
			}
			if p := c.runText(left.file, text, id); p.code == 0 {
				t.Errorf("%s runs without the correction %q\n%s", left.file, left.new, p.out)
			}
		})
	}
}
