package analysis

// maskInnerDots makes commas of the dots of decimals, versions and host names,
// which the segmenter would take for those of an abbreviation: only so does it
// see that "It costs 3.50. Take it." is two sentences. The dots of "U.S." and
// "Ph.D." stay. The text keeps its length.
func maskInnerDots(text string) string {
	var masked []byte
	for i := range len(text) {
		if text[i] != '.' || !endsLong(text[:i]) || !beginsLong(text[i+1:]) {
			continue
		}
		if masked == nil {
			masked = []byte(text)
		}
		masked[i] = ','
	}
	if masked == nil {
		return text
	}
	return string(masked)
}

// endsLong reports whether s ends in a digit or two letters, more than an
// abbreviation has before its dot.
func endsLong(s string) bool {
	n := len(s)
	return n > 0 && isDigit(s[n-1]) || n > 1 && isLetter(s[n-2]) && isLetter(s[n-1])
}

func beginsLong(s string) bool {
	return s != "" && isDigit(s[0]) || len(s) > 1 && isLetter(s[0]) && isLetter(s[1])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
