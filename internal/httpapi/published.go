package httpapi

import (
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/openapi"
)

// pagePolicy allows the page with the description of the API to load nothing but
// the files beside it. Its icons are part of its styles.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// description serves the description of the API to everybody. It is no part of
// the API, and has no routes.
func description(version string) edge.Dialect {
	d := edge.Dialect{Redirects: []edge.Redirect{{Path: "/docs/{$}", To: "../docs"}}}
	for _, f := range openapi.Files(version) {
		d.Files = append(d.Files, edge.File{
			Path: f.Path, MediaType: f.MediaType, Policy: pagePolicy,
			Content: func() (edge.Content, error) { return f.Content() },
		})
	}
	return d
}
