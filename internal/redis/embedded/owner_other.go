//go:build !unix

package embedded

import "io/fs"

// ours reports false: whose a file is cannot be told.
func ours(fs.FileInfo) bool { return false }
