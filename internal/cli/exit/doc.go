// Package exit has the exit codes of enqueue and the errors that lead to them.
//
// A command returns an error. [Code] maps it to one code per kind of end, and
// scripts rely on these codes.
package exit
