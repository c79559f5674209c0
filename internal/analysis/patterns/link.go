package patterns

import (
	"strings"
	"unicode/utf8"
)

// longest is how long a run without a blank may be that is looked into.
const longest = 2048

// links appends the e-mail addresses and the URLs of a text.
func (f *Finder) links(to []Pattern, text string) []Pattern {
	start, dot, at := 0, false, 0
	for i := 0; i <= len(text); {
		r, size := ' ', 1
		if i < len(text) {
			r, size = rune(text[i]), 1
			if r >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(text[i:])
			}
		}
		switch {
		case parts(r):
			if (dot || at > 0) && i-start <= longest {
				to = f.run(to, text, start, i, at)
			}
			start, dot, at = i+size, false, 0
		case r == '@':
			at++
		case (r == '.' || r == ':') && i > start && i+1 < len(text):
			dot = dot || inside(text[i-1]) && inside(text[i+1]) || r == ':' && text[i+1] == '/'
		}
		i += size
	}
	return to
}

// parts reports whether a character stands in no address and no URL.
func parts(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '<', '>', '"', '|', '`', '“', '”', '«', '»', '\u00a0', '\u3000', '，', '。', '、', '（', '）', '；', '：', '！', '？':
		return true
	}
	return false
}

// inside reports whether a byte may stand beside the dot of a host.
func inside(b byte) bool {
	return b >= utf8.RuneSelf || 'a' <= b|0x20 && b|0x20 <= 'z' || '0' <= b && b <= '9'
}

// run appends what is in a run of characters without a blank that has so many
// @.
func (f *Finder) run(to []Pattern, text string, start, end, ats int) []Pattern {
	first, last := len(to), start
	for at := start; ats > 0 && at < end; at++ {
		if text[at] != '@' {
			continue
		}
		ats--
		if a, b, ok := address(text, max(last, at-64), at, end); ok {
			to = append(to, Pattern{Email, a, b, strings.ToLower(text[a:b]), 0.95})
			last = b
		}
	}
	if rest := text[last:end]; last > start && !strings.Contains(text[start:end], "://") && strings.IndexByte(strings.TrimRight(rest, ".,;)"), '.') < 0 {
		return to // no dot but those of the addresses
	}
	return f.urlsIn(to, first, text, start, end)
}

// urlsIn appends the URLs of a run.
func (f *Finder) urlsIn(to []Pattern, first int, text string, start, end int) []Pattern {
	addresses := occupied{taken: to[first:]}
	for _, span := range f.urls.FindAllStringIndex(text[start:end], 16) {
		a, b := start+span[0], start+span[1]
		url := text[a:b]
		score, ok := f.judge(url)
		switch {
		case !ok, !addresses.free(a, b):
		case a > start && strings.IndexByte("@/:._-\\", text[a-1]) >= 0 && !strings.Contains(url, "://"):
		case b < end && text[b] == '@' && !strings.Contains(url, "/"):
		case b < end && text[b] == '?' && b+1 < end && inside(text[b+1]): // a query right after the host
			query := b
			for query < end && text[query] < utf8.RuneSelf && strings.IndexByte("),;'", text[query]) < 0 {
				query++
			}
			b = query
			to = append(to, Pattern{URL, a, b, text[a:b], score})
		default:
			to = append(to, Pattern{URL, a, b, url, score})
		}
	}
	return to
}

// judge reports whether what has the form of a URL is likely to be one.
func (f *Finder) judge(url string) (score float64, ok bool) {
	scheme, rest, ok := strings.Cut(url, "://")
	if ok {
		host := rest
		if end := strings.IndexAny(rest, "/?#"); end >= 0 {
			host = rest[:end]
		}
		name, _, _ := strings.Cut(host, ":")
		dotted := strings.IndexByte(strings.Trim(name, "."), '.') > 0
		plausible := name != "" && scheme != "" && (dotted || name == "localhost" || name[0] == '[' || scheme != "http" && scheme != "https" && scheme != "ftp")
		return 0.99, plausible
	}
	host, path := url, ""
	if end := strings.IndexAny(url, "/?#:"); end >= 0 {
		host, path = url[:end], url[end:]
	}
	dot := strings.LastIndexByte(host, '.')
	if dot < 0 || strings.ContainsAny(host, "@_") {
		return 0, false
	}
	tld := strings.ToLower(host[dot+1:])
	if tld == "" || '0' <= tld[0] && tld[0] <= '9' {
		return 0, false // an address of IPv4
	}
	www := len(host) > 4 && strings.EqualFold(host[:4], "www.")
	switch {
	case www, path != "" && path[0] == '/':
		return 0.95, true
	case (tld == "am" || tld == "pm") && strings.Trim(host[:dot], "0123456789") == "" && (dot == 1 || dot == 2 && host[:dot] <= "12"):
		return 0, false // a time
	case strings.Trim(host[:dot], "0123456789.") != host[:dot] && f.tlds[tld]:
		return 0.6, true
	case f.tlds[tld] && strings.Count(host, ".") == 1, titled(host[dot+1:]):
		return 0, false
	}
	return 0.85, true
}

// titled reports whether a word begins with a capital letter and goes on
// without: what follows the dot begins a sentence.
func titled(word string) bool {
	return len(word) > 1 && 'A' <= word[0] && word[0] <= 'Z' && 'a' <= word[1] && word[1] <= 'z'
}

// address returns where the e-mail address around an @ begins and ends.
func address(text string, from, at, to int) (start, end int, ok bool) {
	start = at
	for start > from && local(text[start-1]) {
		start--
	}
	name := text[start:at]
	if name == "" || name[0] == '.' || name[len(name)-1] == '.' || strings.Contains(name, "..") {
		return 0, 0, false
	}
	if at+1 < to && text[at+1] == '[' {
		return bracketed(text, start, at, to)
	}
	end = at + 1
	for end < to && end-at < 255 && (inside(text[end]) && text[end] < utf8.RuneSelf || text[end] == '.' || text[end] == '-') {
		end++
	}
	if end < to && (text[end] == '_' || text[end] == '@') {
		return 0, 0, false
	}
	for end > at+1 && (text[end-1] == '.' || text[end-1] == '-') {
		end--
	}
	host := text[at+1 : end]
	dot := strings.LastIndexByte(host, '.')
	if dot <= 0 || len(host)-dot < 3 || host[0] == '-' || host[0] == '.' || strings.Contains(host, "..") {
		return 0, 0, false
	}
	for _, b := range []byte(host[dot+1:]) {
		if b < 'A' {
			return 0, 0, false // a digit or a hyphen
		}
	}
	return start, end, true
}

// bracketed returns the address whose host is an address of IPv4: bob@[10.0.0.1].
func bracketed(text string, start, at, to int) (a, b int, ok bool) {
	end := at + 2
	dots := 0
	for end < to && end-at < 18 && text[end] != ']' {
		if text[end] == '.' {
			dots++
		} else if text[end] < '0' || text[end] > '9' {
			return 0, 0, false
		}
		end++
	}
	return start, end + 1, end < to && text[end] == ']' && dots == 3
}

// local reports whether a byte may stand before the @.
func local(b byte) bool {
	return b < utf8.RuneSelf && inside(b) || strings.IndexByte("._%+-'!#$&*=^{}~", b) >= 0
}
