// Package settings reads what the operator wants: defaults, over them a YAML
// file, over it the environment, over it the command line.
//
//	default < lease: 5s in the file < TURNWISE_LEASE=5s < --lease=5s
//
// Every setting stands in one table, with its name, default, unit and meaning;
// flags, variables, the usage text, the example file and the table for people
// are made from it. Accounts are too much for a variable and come from the
// file only.
//
// [Load] reports all mistakes at once, each in a sentence that names the
// setting and where its value came from. A key of the file that is no setting
// is a mistake, so that a misspelt one is not silently without effect. Secrets
// appear neither in the mistakes nor when [Settings] are printed.
package settings
