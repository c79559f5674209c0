package edge

import "net/http"

// A File is served to everybody at a path.
type File struct {
	Path      string
	MediaType string
	Policy    string // Content-Security-Policy

	// Content returns what the file holds.
	Content func() (Content, error)
}

// Content is what a [File] holds. It is kept compressed, because nearly every
// client accepts that.
type Content interface {
	Version() string // differs with what is held
	Gzip() []byte    // not to be changed
	Plain() ([]byte, error)
}

// A Redirect redirects a path to another address permanently.
type Redirect struct{ Path, To string }

// file serves a file, compressed to those who accept that.
func (h *Handler) file(f File) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		x := w.(*Exchange)
		zipped := x.acceptsGzip()
		data, version, err := f.data(zipped)
		if err != nil {
			x.refuse(err)
			return
		}
		h := x.Header()
		h.Set("Content-Type", f.MediaType)
		h.Set("Content-Security-Policy", f.Policy)
		h.Set("Cache-Control", "no-cache") // but to be revalidated by its ETag
		h.Set("Vary", "Accept-Encoding")
		h.Set("ETag", `"`+version+`"`)
		if zipped {
			h.Set("Content-Encoding", "gzip")
			h.Set("ETag", `"`+version+gzipSuffix)
		}
		x.send(http.StatusOK, data)
	}
}

func (f File) data(zipped bool) (data []byte, version string, err error) {
	c, err := f.Content()
	if err != nil {
		return nil, "", err
	}
	data = c.Gzip()
	if !zipped {
		data, err = c.Plain()
	}
	return data, c.Version(), err
}

func redirect(r Redirect) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", r.To)
		w.(*Exchange).send(http.StatusPermanentRedirect, nil)
	}
}
