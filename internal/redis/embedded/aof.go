package embedded

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

const (
	aofDir      = "appendonlydir"           // in subdir
	aofManifest = "appendonly.aof.manifest" // in aofDir; names the parts
	aofSingle   = "appendonly.aof"          // in subdir, all there is before version 7
)

// The kinds of a [part].
const (
	base     = "b" // what there was when the file was last rewritten
	appended = "i" // what was written since then
	single   = "s" // both in one, before version 7
)

// A part is one of the files that make up the append-only file. It only grows.
// A rewrite replaces it by another one of its kind, with a higher number.
type part struct {
	Name string `json:"name"` // below subdir
	Kind string `json:"kind"`
	Seq  int64  `json:"seq"`
	Size int64  `json:"size"` // in bytes
}

// readParts returns the parts of the append-only file in the directory, none
// if there is no such file. A part that is named but not there has no bytes.
func readParts(dir string) ([]part, error) {
	manifest, err := os.ReadFile(filepath.Join(dir, aofDir, aofManifest))
	if errors.Is(err, fs.ErrNotExist) {
		return readSingle(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("read the manifest of the append-only file: %w", err)
	}
	var parts []part
	for lines := bufio.NewScanner(bytes.NewReader(manifest)); lines.Scan(); {
		var p part
		if _, err := fmt.Sscanf(lines.Text(), "file %s seq %d type %s", &p.Name, &p.Seq, &p.Kind); err != nil {
			continue // a comment, or nothing that the server would start with
		}
		if p.Kind != base && p.Kind != appended {
			continue // replaced, and about to be removed
		}
		p.Name = filepath.Join(aofDir, p.Name)
		if p.Size, err = sizeOf(filepath.Join(dir, p.Name)); err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

func readSingle(dir string) ([]part, error) {
	size, err := sizeOf(filepath.Join(dir, aofSingle))
	if err != nil || size == 0 {
		return nil, err
	}
	return []part{{Name: aofSingle, Kind: single, Size: size}}, nil
}

// sizeOf returns 0 for a file that does not exist.
func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at the append-only file: %w", err)
	}
	return info.Size(), nil
}

// lost says in words what is missing of the parts that were there, and nothing
// if they have only grown, or been replaced by a rewrite.
func lost(were, are []part) string {
	for _, was := range were {
		i := slices.IndexFunc(are, func(p part) bool { return p.Name == was.Name })
		switch {
		case i < 0 && len(are) == 0:
			return fmt.Sprintf("there is no append-only file, or no manifest of it, where %s had %d bytes", was.Name, was.Size)
		case i < 0 && !replaced(was, are):
			return fmt.Sprintf("%s, which had %d bytes, is not a part of the append-only file any more", was.Name, was.Size)
		case i >= 0 && are[i].Size < was.Size && was.Kind != single: // that one is rewritten under its own name
			return fmt.Sprintf("%s has %d bytes, and had %d", was.Name, are[i].Size, was.Size)
		}
	}
	return ""
}

func replaced(was part, are []part) bool {
	return slices.ContainsFunc(are, func(p part) bool { return p.Kind == was.Kind && p.Seq > was.Seq })
}

// shrunk returns by how many bytes parts have become shorter.
func shrunk(were, are []part) (bytes int64) {
	for _, was := range were {
		for _, is := range are {
			if is.Name == was.Name {
				bytes += max(was.Size-is.Size, 0)
			}
		}
	}
	return bytes
}
