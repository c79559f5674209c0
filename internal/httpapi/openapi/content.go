package openapi

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"sync"
)

// Content is what a file holds, compressed: nearly every client takes it so.
type Content struct {
	version string
	zipped  []byte
	plain   func() ([]byte, error) // expands it once
}

// Version returns what differs with the content.
func (c Content) Version() string { return c.version }

// Gzip returns the content as gzip data, which is not to be changed.
func (c Content) Gzip() []byte { return c.zipped }

// Plain returns the content as it was before it was compressed, which is not to
// be changed. It is kept: anybody may ask for it, and to expand it takes a
// hundred times as long as to send it.
func (c Content) Plain() ([]byte, error) { return c.plain() }

func expand(zipped []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, fmt.Errorf("expand content: %w", err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("expand content: %w", err)
	}
	return data, nil
}

// pack compresses data.
func pack(data []byte) (Content, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		return Content{}, fmt.Errorf("compress content: %w", err)
	}
	if err := w.Close(); err != nil {
		return Content{}, fmt.Errorf("compress content: %w", err)
	}
	return contentOf(out.Bytes()), nil
}

func contentOf(zipped []byte) Content {
	sum := sha256.Sum256(zipped)
	return Content{
		version: hex.EncodeToString(sum[:8]),
		zipped:  zipped,
		plain:   sync.OnceValues(func() ([]byte, error) { return expand(zipped) }),
	}
}
