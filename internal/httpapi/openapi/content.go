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
	Version string // differs with what is held
	Zipped  []byte // gzip data, not to be changed
}

// Plain returns the content as it was before it was compressed.
func (c Content) Plain() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(c.Zipped))
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
	return Content{Version: hex.EncodeToString(sum[:8]), Zipped: zipped}
}
