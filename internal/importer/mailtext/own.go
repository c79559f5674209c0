package mailtext

import (
	"regexp"
	"strings"
)

// Unflow joins the lines of a text in format=flowed (RFC 3676), with delsp if the
// header says so. Lines of another depth of quotes are never joined.
func Unflow(text string, delsp bool) string {
	var out []string
	var open bool // the last line goes on
	var depth int
	for line := range strings.SplitSeq(text, "\n") {
		quoted := len(line) - len(strings.TrimLeft(line, ">"))
		line = line[quoted:]
		line = strings.TrimPrefix(line, " ") // it was stuffed
		flows := strings.HasSuffix(line, " ") && line != "-- "
		if flows && delsp {
			line = line[:len(line)-1]
		}
		if open && quoted == depth && line != "-- " {
			out[len(out)-1] += line
		} else {
			prefix := strings.Repeat(">", quoted)
			if prefix != "" {
				prefix += " "
			}
			out = append(out, prefix+line)
		}
		open, depth = flows, quoted
	}
	return strings.Join(out, "\n")
}

var (
	wrote    = regexp.MustCompile(`(?i)(wrote|a écrit|schrieb|escribió|escreveu|ha scritto|schreef|napisał\(?a?\)?|skrev|kirjoitti|написал\(?а?\)?|пише)\s*:?\s*$|\b(schrieb|skrev)\s.{1,80}:\s*$`)
	begins   = regexp.MustCompile(`(?i)^(on|am|le|el|em|il|op|dnia|den|в|w dniu|på|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|.*<\S+@\S+>)(\s|,|$)`)
	dated    = regexp.MustCompile(`\d{4}|\d{1,2}[:.]\d{2}|@`)
	original = regexp.MustCompile(`(?i)^\s*(-{2,}\s*(original message|ursprüngliche nachricht|message d'origine|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|forwarded message|weitergeleitete nachricht|пересылаемое сообщение)\s*-{2,}|begin forwarded message:|_{20,})\s*$`)
	heading  = regexp.MustCompile(`(?i)^\s*\*?(from|von|de|da|van|от|från|fra|sent|gesendet|envoyé|enviado|inviato|date|datum|to|an|à|para|subject|betreff|objet|asunto|assunto|oggetto|cc)\*?\s?:\*?\s`)
	device   = regexp.MustCompile(`(?i)^\s*(sent from my |sent from mail for windows|get outlook for |von meinem .* gesendet|envoyé de mon |enviado desde mi |inviato da )`)
	listMark = regexp.MustCompile(`^\s*(_{30,}|-{30,})\s*$`)
)

// Own returns what the writer says by himself. What is quoted between his answers
// goes, and what stands below an announced quote that is not marked as one.
func Own(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	var kept []string
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch {
		case strings.HasPrefix(strings.TrimLeft(line, " "), ">"):
			continue
		case line == "-- " || line == "--" || device.MatchString(line):
			return join(kept)
		case listMark.MatchString(line) && footer(lines[i+1:]):
			return join(kept)
		case original.MatchString(line), headings(lines[i:]):
			return join(kept)
		}
		if n := attribution(lines[i:]); n > 0 {
			if !quoteFollows(lines[i+n:]) {
				return join(kept)
			}
			i += n - 1
			continue
		}
		kept = append(kept, line)
	}
	return join(kept)
}

// attribution returns how many lines from here announce a quote: none, one, or
// two or three if they were folded.
func attribution(lines []string) int {
	if !begins.MatchString(strings.TrimSpace(strings.ReplaceAll(lines[0], "\u00a0", " "))) {
		return 0
	}
	for n, line := range lines[:min(3, len(lines))] {
		if strings.TrimSpace(line) == "" {
			return 0
		}
		// It may be folded between any two words, and blanks may be such as do not break.
		all := strings.Join(strings.Fields(strings.Join(lines[:n+1], " ")), " ")
		if wrote.MatchString(all) && dated.MatchString(all) {
			return n + 1
		}
	}
	return 0
}

// quoteFollows reports whether the next text is marked as a quote.
func quoteFollows(lines []string) bool {
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			return strings.HasPrefix(line, ">")
		}
	}
	return false
}

// headings reports whether the header of another mail begins here, as Outlook
// writes it above what it quotes.
func headings(lines []string) bool {
	n := 0
	for _, line := range lines[:min(6, len(lines))] {
		if !heading.MatchString(line) {
			break
		}
		n++
	}
	return n >= 3
}

// footer reports whether the rest is what a list puts below a mail: a few lines,
// with an address.
func footer(lines []string) bool {
	rest := strings.Join(lines, "\n")
	return len(lines) < 8 && (strings.Contains(rest, "mailing list") || strings.Contains(rest, "unsubscribe") || strings.Contains(rest, "listinfo"))
}

// join puts lines together, with one blank line at most between them.
func join(lines []string) string {
	var out []string
	for _, line := range lines {
		line = strings.TrimRight(line, " \t\u00a0")
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}
