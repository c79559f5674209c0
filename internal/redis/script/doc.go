// Package script runs Lua in Redis.
//
// A [Script] is a file of Lua, put behind what it uses of some libraries, and has two
// forms. As a script it is sent with EVALSHA, and Redis makes all its functions anew
// on each call. As a function of a library of Redis (FUNCTION LOAD, since Redis 7.0)
// its functions are made once, when it is loaded, which saves up to a fifth of what a
// call costs. A [Runner] calls the function, and runs the script where there are no functions:
// in miniredis, in some managed or compatible servers, and for a user who may not load one.
//
// # What a file looks like
//
// At the beginning of a line stand local functions, which end with a line "end", local
// variables, and statements. No name is declared twice, libraries included. As a function the local
// functions and variables stand outside of what is called, and the variables get their
// values at the beginning of each call: nothing is kept from one call to the next, but what
// is written in capital letters, made of nothing else than such values, and never changed.
// Lua gives a function 60 variables from outside at most.
//
// # Names in Redis
//
// Every script is a library of its own with the name turnwise_<script>_<hash>, where the
// hash is that of its text, and has one function of that name. So several versions of
// Turnwise can run on one Redis, and each finds its own. Redis keeps libraries in its
// files and on its replicas; [Runner.Tidy] deletes those of other versions.
package script
