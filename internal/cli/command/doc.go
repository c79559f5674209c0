// Package command has the parts that commands of several families are made of:
// parents of subcommands, checks of arguments, deletion with confirmation, and
// the values of flags that are more than a string.
package command
