package openapi

import (
	"bytes"
	"embed"
	"io/fs"
	"strconv"
	"sync"

	"github.com/swaggest/swgui/v5/static"
)

//go:embed openapi.yaml
var document []byte

//go:embed page
var page embed.FS

// A File is what is to be served at a path, to everybody.
type File struct {
	Path      string
	MediaType string

	// Content returns what the file holds. It is made when it is first asked
	// for, and then cached.
	Content func() (Content, error)
}

// Files returns the document in both of its forms, of a version, which is that of the
// program, and the page with all that it loads.
func Files(version string) []File {
	document := versioned(version)
	return []File{
		file("/openapi.yaml", "application/yaml", func() (Content, error) { return pack(document) }),
		file("/openapi.json", "application/json", func() (Content, error) { return packJSON(document) }),
		file("/docs", "text/html; charset=utf-8", packed("index.html")),
		file("/docs/page.css", "text/css; charset=utf-8", packed("page.css")),
		file("/docs/page.js", "text/javascript; charset=utf-8", packed("page.js")),
		file("/docs/swagger-ui.css", "text/css; charset=utf-8", zipped("swagger-ui.css.gz")),
		file("/docs/swagger-ui-bundle.js", "text/javascript; charset=utf-8", zipped("swagger-ui-bundle.js.gz")),
	}
}

func file(path, mediaType string, content func() (Content, error)) File {
	return File{Path: path, MediaType: mediaType, Content: sync.OnceValues(content)}
}

// versioned returns the document with a version in the place of its own.
func versioned(version string) []byte {
	return bytes.Replace(document, []byte("\n  version: 0.0.0\n"), []byte("\n  version: "+strconv.Quote(version)+"\n"), 1)
}

func packJSON(document []byte) (Content, error) {
	data, err := toJSON(document)
	if err != nil {
		return Content{}, err
	}
	return pack(data)
}

// packed returns a part of the page that is ours.
func packed(name string) func() (Content, error) {
	return func() (Content, error) {
		data, err := fs.ReadFile(page, "page/"+name)
		if err != nil {
			return Content{}, err
		}
		return pack(data)
	}
}

// zipped returns a part of Swagger UI, which comes compressed.
func zipped(name string) func() (Content, error) {
	return func() (Content, error) {
		data, err := fs.ReadFile(static.FS, name)
		return contentOf(data), err
	}
}
