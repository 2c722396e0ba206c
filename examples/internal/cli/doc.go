// Package cli holds the parts that every example program shares: how it starts
// and ends, its flags, its text in 80 columns, its colours, its progress line,
// and the question that it asks before it acts.
package cli
