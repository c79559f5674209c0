// Package conversations finds the conversations that requests name and lists
// them, and holds the forms of what several dialects answer about them.
package conversations
