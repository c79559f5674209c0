// Package site holds the files of the console: its templates, its style, and the
// scripts of htmx with their licence. Nothing of it is built.
package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"path"
	"strings"
	"sync"
)

// Templates has the templates of pages, below templates/.
//
//go:embed templates/*.html
var Templates embed.FS

//go:embed assets/*
var assets embed.FS

// Pages lists the pages, which are all templates but what they share.
func Pages() []string {
	var all []string
	entries, _ := Templates.ReadDir("templates") // it is embedded
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), ".html")
		if name != "frame" && name != "parts" {
			all = append(all, name)
		}
	}
	return all
}

// Asset returns a file that pages load, and its media type.
func Asset(name string) (data []byte, mediaType string, ok bool) {
	types := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
	}
	mediaType, ok = types[path.Ext(name)]
	if !ok {
		return nil, "", false
	}
	data, ok = files()[name]
	return data, mediaType, ok
}

// files are the assets by name, without the ending of those that are kept compressed.
var files = sync.OnceValue(func() map[string][]byte { //nolint:gochecknoglobals // read once, then constant
	all := map[string][]byte{}
	entries, _ := assets.ReadDir("assets") // it is embedded
	for _, e := range entries {
		data, err := assets.ReadFile("assets/" + e.Name())
		name, compressed := strings.CutSuffix(e.Name(), ".gz")
		if err == nil && compressed {
			data, err = expand(data)
		}
		if err != nil {
			panic(err)
		}
		all[name] = data
	}
	return all
})

func expand(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Path returns the address of an asset, which changes with its content.
func Path(name string) string {
	data, _, _ := Asset(name)
	sum := sha256.Sum256(data)
	return "/console/assets/" + name + "?v=" + hex.EncodeToString(sum[:6])
}
