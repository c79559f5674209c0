package script

import (
	"context"
	"io/fs"
	"maps"
	"path"
	"strings"

	"github.com/redis/go-redis/v9"
)

// prefix begins the name of each library that Redis keeps for us.
const prefix = "turnwise_"

// A Script is what one call runs.
type Script struct {
	eval     *redis.Script
	function string // name of the function, and of the library that has only it
}

// A Set is scripts whose files lie in one place.
type Set struct {
	files     fs.FS
	folder    string
	libraries map[string]string // source by name, of all scripts
}

// NewSet returns a set of scripts that are read from <folder>/<name>.lua, and their
// libraries from <folder>/lib/<name>.lua. It is filled with [Set.Script], by one goroutine.
func NewSet(files fs.FS, folder string) *Set {
	return &Set{files, folder, map[string]string{}}
}

// Script reads a script and puts it behind what it uses of its libraries, in their
// order. It panics if a file is not there.
func (s *Set) Script(name string, libraries ...string) *Script {
	var shared []block
	for _, l := range libraries {
		shared = append(shared, blocks(s.read("lib/"+l))...)
	}
	source := s.read(name)
	used := needed(shared, source)
	own := append(used, blocks(source)...)
	function := prefix + name + "_" + redis.NewScript(library("", own)).Hash()[:12]
	s.libraries[function] = library(function, own)
	return &Script{redis.NewScript(text(used) + source), function}
}

// Libraries returns the sources of the libraries of all scripts by their names.
func (s *Set) Libraries() map[string]string { return maps.Clone(s.libraries) }

// Eval runs a script, not its function, in a round trip of its own.
func (s *Script) Eval(ctx context.Context, rdb redis.Scripter, keys []string, args ...any) *redis.Cmd {
	return s.eval.Run(ctx, rdb, keys, args...)
}

func (s *Set) read(name string) string {
	text, err := fs.ReadFile(s.files, path.Join(s.folder, name+".lua"))
	if err != nil {
		panic(err)
	}
	return string(text)
}

// text returns blocks as they stand in their files.
func text(all []block) string {
	var b strings.Builder
	for _, block := range all {
		b.WriteString(block.text)
	}
	return b.String()
}
