package settings

import (
	"fmt"
	"strings"
)

const usage = `Worker accepts text for conversations over HTTP, works it in order, and delivers
webhooks. Without any setting it is complete: it brings its own Redis, listens on
loopback, and makes a token.

Usage: worker [--name=value …]

Each setting may also be given by the variable in brackets, and by its name with
underscores in a YAML file. A flag wins over a variable, a variable over the file.

`

// Usage returns the text that --help shows.
func Usage() string {
	return usage + flagSet(new(Settings)).FlagUsagesWrapped(100)
}

// Table returns all settings as a table in Markdown.
func Table() string {
	var b strings.Builder
	b.WriteString("| setting | default | meaning |\n|---|---|---|\n")
	for _, r := range rows(new(Settings)) {
		def := "none"
		if r.def != "" {
			def = "`" + r.def + "`"
		}
		fmt.Fprintf(&b, "| `%s` `--%s` | %s | %s |\n", r.variable(), r.flag(), def, r.doc)
	}
	return b.String()
}

const exampleHead = `# Settings of Turnwise, each with its default. Start the worker with this file:
#
#   worker --config=turnwise.yaml
#
# A variable, named above each setting, wins over this file; a flag wins over both.
# Durations are a number with a unit: 500ms, 4s, 1m30s, 72h. A name that is not
# in this list is refused.
`

const exampleEndpoints = `
# ---- Receivers of webhooks ----

# What webhooks to some receivers have beside what all have, for all accounts; an account
# may have a list of its own, which wins for the same origin. Names of files are for
# secrets. Certificates are read at the start.
#
# webhook_endpoints:
#   - origin: "https://hooks.example.com" # scheme, host and port alone
#     headers: {X-Tenant: "acme"}
#     header_files: {Authorization: "/run/secrets/hooks"} # the value stands in the file
#     certificate_file: "/etc/turnwise/client.pem" # of the client, with key_file; PEM
#     key_file: "/etc/turnwise/client.key"
`

const exampleAccounts = `
# ---- Accounts ----

# Who may use the API. With no account, the worker is a try-out: it makes a token
# for itself and listens on loopback only. Of a token, or of an application's secret,
# only the hash is kept:
#
#   printf %s "$TOKEN" | sha256sum
#
# An application asks for tokens that expire with its id and one of its secrets,
# POST /oauth2/token:generate. They are signed with token_keys, which must be set.
#
# Webhooks are signed with each of the secrets, so that one may be replaced without
# a gap. A secret is whsec_ and 24 to 64 random bytes in base64:
#
#   echo "whsec_$(head -c 32 /dev/urandom | base64)"
#
# accounts:
#   - id: acme                     # letters, digits, hyphens and underscores
#     token_hashes:                # one or more, unless there is an application
#       - "sha256:<64 hexadecimal digits>"
#     app_id: "4f1c0bd2a9"         # letters, digits, hyphens and underscores; may be left out
#     app_secret_hashes:           # one or more
#       - "sha256:<64 hexadecimal digits>"
#     webhook_secrets:             # if none, webhook_secret is used
#       - "whsec_<base64>"
#     max_concurrent_jobs: 50      # if 0, the setting of this name is used
#     max_pending_jobs: 20000      # likewise
#     webhook_gap: halt            # left out: the setting of this name is used
#     webhook_events: [completed, failed] # likewise
#     webhook_endpoints: []        # those of this account, see above
#     on_failure: hold             # left out: job_on_failure
#     max_requests_per_second: 200 # likewise
#     weight: 2                    # twice the part of jobs and webhooks that an account without it has
#     strict_types: true           # if false, the setting of this name is used
#     import_status: "FINISHED"    # if none, the setting of this name is used
`

// Example returns a settings file that holds every default.
func Example() string {
	var b strings.Builder
	b.WriteString(exampleHead)
	for _, g := range groups(new(Settings)) {
		fmt.Fprintf(&b, "\n# ---- %s ----\n", g.title)
		for _, r := range g.rows {
			if r.outside {
				continue
			}
			def := r.def
			if def == "" || strings.ContainsAny(def, ":,") {
				def = `"` + def + `"`
			}
			fmt.Fprintf(&b, "\n%s# %s, %s\n%s: %s\n", comment(r.doc), r.variable(), r.value.kind, r.key, def)
		}
	}
	b.WriteString(exampleEndpoints + exampleAccounts)
	return b.String()
}

// comment breaks a text into lines of a comment.
func comment(text string) string {
	const width = 84
	var b strings.Builder
	line := "#"
	for i, word := range strings.Fields(text) {
		if i == 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		if len(line)+1+len(word) > width {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	return b.String() + line + ".\n"
}
