package openapi

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
)

// Content is what a file holds, compressed: nearly every client takes it so.
type Content struct {
	version string
	zipped  []byte
}

// Version returns what differs with the content.
func (c Content) Version() string { return c.version }

// Gzip returns the content as gzip data, which is not to be changed.
func (c Content) Gzip() []byte { return c.zipped }

// Plain returns the content as it was before it was compressed.
func (c Content) Plain() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(c.zipped))
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
	return Content{version: hex.EncodeToString(sum[:8]), zipped: zipped}
}
