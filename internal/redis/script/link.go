package script

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// A block is a part of a file: a local function, local variables, or lines of a
// statement.
type block struct {
	names    []string // that it declares
	function bool
	value    string // of variables: from the equals sign on, or ""
	text     string
}

// term is a text, a number or a name in capital letters.
const term = `(?:"[^"]*"|\d+|[A-Z_]+)`

var (
	// declaration begins a local function, which ends with a line "end", or declares
	// variables, whose value may go on in the lines that follow.
	declaration = regexp.MustCompile(`^local (function )?(\w+(?:, \w+)*)( =[^\n]*)?`)

	// word finds the names in a text, and some words that are none.
	word = regexp.MustCompile(`[A-Za-z_]\w*`)

	// quoted finds texts, whose words are no names.
	quoted = regexp.MustCompile(`"[^"]*"`)

	// constant is a declaration of what never changes, in one line: names in capital
	// letters, and texts, numbers and such names.
	constant = regexp.MustCompile(`^local [A-Z_]+(?:, [A-Z_]+)* = (?:` + term + `(?: \.\. | \* |, ))*` + term + `(?: --.*)?\n$`)
)

// blocks returns the parts of a file, without its comments at the beginning of a line.
func blocks(file string) []block {
	var all []block
	open := false // whether the last block is a function that has not ended
	for line := range strings.Lines(file) {
		m := declaration.FindStringSubmatch(line)
		switch {
		case open:
			b := &all[len(all)-1]
			b.text += line
			open = line != "end\n"
		case m != nil:
			open = m[1] != ""
			all = append(all, block{strings.Split(m[2], ", "), open, m[3], line})
		case line != "\n" && !strings.HasPrefix(line, "--"):
			all = append(all, block{text: line})
		}
	}
	return all
}

// needed returns the blocks that a text uses, by itself or through others. Redis makes
// every function of a script anew on each call, so those that are not used would cost
// something.
func needed(library []block, text string) []block {
	used := make([]bool, len(library))
	mark(library, used, text)
	var blocks []block
	for n, b := range library {
		if used[n] {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// mark marks the blocks that a text uses.
func mark(library []block, used []bool, text string) {
	words := word.FindAllString(text, -1)
	for n, b := range library {
		if !used[n] && slices.ContainsFunc(b.names, func(name string) bool { return slices.Contains(words, name) }) {
			used[n] = true
			mark(library, used, b.text)
		}
	}
}

// isConstant reports whether a block declares what has the same value in every call, given
// which names do.
func (b *block) isConstant(known map[string]bool) bool {
	value, _, _ := strings.Cut(quoted.ReplaceAllString(b.value, ""), "--")
	return constant.MatchString(b.text) &&
		!slices.ContainsFunc(word.FindAllString(value, -1), func(name string) bool { return !known[name] })
}

// library returns the source of a library of Redis with one function, which does what
// the blocks do as a script.
func library(name string, blocks []block) string {
	var outside, inside strings.Builder
	constants := map[string]bool{}
	for _, b := range blocks {
		names := strings.Join(b.names, ", ")
		switch {
		case b.function:
			outside.WriteString(b.text)
		case b.isConstant(constants):
			outside.WriteString(b.text)
			for _, name := range b.names {
				constants[name] = true
			}
		case names == "":
			inside.WriteString(b.text)
		default:
			outside.WriteString("local " + names + "\n")
			inside.WriteString(names + cmp.Or(b.value, " = nil") + "\n")
		}
	}
	return "#!lua name=" + name + "\nlocal KEYS, ARGV\n" + outside.String() +
		"redis.register_function(\"" + name + "\", function(keys, args)\nKEYS, ARGV = keys, args\n" + inside.String() + "end)\n"
}
