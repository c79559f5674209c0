// Package private keeps files that other users of the machine can neither read
// nor replace.
//
// A [Dir] is refused, and so is a file in it, if another user owns it, if others
// may write to it, or if it is a symbolic link. A file is looked at before it is
// opened and again when it is open, and must be the same one: nothing is
// followed, truncated or given other permissions before that. The superuser
// may do anything anyway, so what belongs to root is accepted.
//
// A refusal is a sentence that names the file and what to do.
package private
