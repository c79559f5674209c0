package store

import (
	"regexp"
	"slices"
	"strings"
)

// A luaBlock is what one statement of a library defines: a function, or locals.
type luaBlock struct {
	names []string
	text  string
}

// luaLocal begins a statement of a library, which is a function up to a line that
// is its end, or one line.
var luaLocal = regexp.MustCompile(`^local (function )?(\w+(?:, \w+)*)`)

// luaName finds the names in a text, and some words that are none.
var luaName = regexp.MustCompile(`[A-Za-z_]\w*`)

// luaBlocks returns the statements of a library.
func luaBlocks(library string) []luaBlock {
	var blocks []luaBlock
	open := false // whether the last block is a function that has not ended
	for line := range strings.Lines(library) {
		m := luaLocal.FindStringSubmatch(line)
		switch {
		case open:
			b := &blocks[len(blocks)-1]
			b.text += line
			open = line != "end\n"
		case m != nil:
			blocks = append(blocks, luaBlock{strings.Split(m[2], ", "), line})
			open = m[1] != ""
		}
	}
	return blocks
}

// link puts those blocks in front of a script that it uses, by itself or through
// others. Redis makes every function of a script anew on each call, so those that
// are not used would cost something.
func link(library []luaBlock, script string) string {
	used := make([]bool, len(library))
	need(library, used, script)
	var b strings.Builder
	for n, block := range library {
		if used[n] {
			b.WriteString(block.text)
		}
	}
	return b.String() + script
}

// need marks the blocks that a text uses.
func need(library []luaBlock, used []bool, text string) {
	names := luaName.FindAllString(text, -1)
	for n, block := range library {
		if !used[n] && slices.ContainsFunc(block.names, func(name string) bool { return slices.Contains(names, name) }) {
			used[n] = true
			need(library, used, block.text)
		}
	}
}
