// Package names checks the texts by which records and secrets are found.
package names
