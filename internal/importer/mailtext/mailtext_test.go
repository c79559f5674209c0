package mailtext

import (
	"strings"
	"testing"
)

func TestOwn(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, text, want string }{
		{"nothing to cut", "Hello.\n\nBye.\n", "Hello.\n\nBye."},
		{"quote below", "Yes.\n\nOn Mon, 1 Jan 2024, Ben wrote:\n> Shall we?\n", "Yes."},
		{"quote above", "On Mon, 1 Jan 2024, Ben wrote:\n> Shall we?\n\nYes.", "Yes."},
		{"folded over two lines", "Yes.\n\nOn Mon, 1 Jan 2024 at 10:00, Ben Okoro\n<ben@x.test> wrote:\n> Shall we?\nBelow.", "Yes.\n\nBelow."},
		{"quotes between", "> One?\nYes.\n> Two?\nNo.", "Yes.\nNo."},
		{"unmarked quote", "Yes.\n\nOn Mon, 1 Jan 2024, Ben wrote:\n\nShall we?", "Yes."},
		{"in French", "Oui.\n\nLe lun. 1 janv. 2024 à 10:00, Ben a écrit :\n> On y va ?", "Oui."},
		{"in French, folded within the words and with blanks that do not break", "Oui.\n\nLe\u00a0lun. 1 janv. 2024 à 10:00, Ben <ben@x.test> a\nécrit\u00a0:\n> On y va ?", "Oui."},
		{"in German, folded before the address", "Ja.\n\nAm 01.01.2024 um 10:00 schrieb Ben Okoro\n<ben@x.test>:\n> Sollen wir?", "Ja."},
		{"in German", "Ja.\n\nAm 01.01.2024 um 10:00 schrieb Ben:\n> Sollen wir?", "Ja."},
		{"Outlook", "Yes.\n\n-----Original Message-----\nFrom: Ben\nShall we?", "Yes."},
		{"headings", "Yes.\n\nFrom: Ben\nSent: Monday\nTo: Ana\nSubject: x\n\nShall we?", "Yes."},
		{"one heading is text", "From: here to there.\nYes.", "From: here to there.\nYes."},
		{"a sentence with wrote", "On Friday we wrote:\nthe plan.", "On Friday we wrote:\nthe plan."},
		{"signature", "Yes.\n-- \nBen\n+49 151", "Yes."},
		{"telephone", "Yes.\n\nSent from my iPhone", "Yes."},
		{"footer of a list", "Yes.\n_______________________________________________\nTeam mailing list\nhttps://x.test/listinfo", "Yes."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := Own(tt.text); got != tt.want {
				t.Errorf("Own(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestUnflow(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, text string
		delsp      bool
		want       string
	}{
		{"joined", "one \ntwo\nthree", false, "one two\nthree"},
		{"without the blank", "Fri \nday", true, "Friday"},
		{"other depth", "mine \n> quoted \n> more\nmine", false, "mine \n> quoted more\nmine"},
		{"signature", "text\n-- \nAna", false, "text\n-- \nAna"},
		{"before the signature", "text \n-- \nAna", false, "text \n-- \nAna"},
		{"stuffed", " From here\n > no quote", false, "From here\n> no quote"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := Unflow(tt.text, tt.delsp); got != tt.want {
				t.Errorf("Unflow(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestFromHTML(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, html, want string }{
		{"paragraphs", "<p>One\n  two</p><p>three</p>", "One two\nthree"},
		{"entities", "a &amp; b&nbsp;c", "a & b\u00a0c"},
		{"quote", "mine<blockquote>his<blockquote>hers</blockquote>his</blockquote> mine", "mine mine"},
		{"gmail", `yes<div class="gmail_quote"><div>On Monday</div>no</div>`, "yes"},
		{"head and style", "<head><title>t</title></head><style>p{}</style><script>x</script>text", "text"},
		{"never closed", "text<blockquote>his", "text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got, err := FromHTML(strings.NewReader(tt.html))
			if strings.TrimSpace(got) != tt.want || err != nil {
				t.Errorf("FromHTML(%q) = %q, %v; want %q", tt.html, got, err, tt.want)
			}
		})
	}
}

// FuzzOwn checks that what is left is a part of what was there.
func FuzzOwn(f *testing.F) {
	f.Add("Yes.\n\nOn Mon, 1 Jan 2024, Ben wrote:\n> Shall we?\n")
	f.Add("<p>x<blockquote>y")
	f.Fuzz(func(t *testing.T, text string) {
		for line := range strings.Lines(Own(text)) {
			if !strings.Contains(text, strings.TrimRight(line, "\n")) {
				t.Errorf("Own(%q) has the line %q", text, line)
			}
		}
		_ = Own(Unflow(text, true))
		if _, err := FromHTML(strings.NewReader(text)); err != nil {
			t.Errorf("FromHTML(%q) = %v", text, err)
		}
	})
}
