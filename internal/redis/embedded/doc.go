// Package embedded brings a Redis along, so that the service runs on a bare
// machine.
//
// Where redis-server or valkey-server is installed, [Start] runs a private one:
// it listens on a socket that only this user can open, writes everything to an
// append-only file under the data directory before it acknowledges it, and is
// started again when it dies. Elsewhere it is miniredis, in this process, which
// keeps nothing.
//
// Two servers on one append-only file would ruin it. So the directory is under
// a lock, which the server inherits: the kernel drops it when the last of this
// process and the server has gone, however they went.
//
//	lock free                        start
//	lock held, its worker alive      refuse, naming the worker
//	lock held, its worker gone       stop the server it left behind, start
//
// What the append-only file had on disk is written down beside it. A server
// that would start with less is not started, see [Options.AllowLoss]: it would
// do so without a word, be it that the file was cut, that its manifest is gone
// or that all of it is. A process that was killed, or a machine, never has
// less than was written down.
//
// On Linux nothing is left behind: the kernel ends the server with us.
//
// The package knows nothing of what is kept in its Redis.
package embedded
