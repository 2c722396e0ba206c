// Package fields reads from a Go struct type which fields of a Graph object it can
// hold, in the syntax of Graph's fields parameter.
//
// The json tags name the fields. A graph tag adjusts one:
//
//	`graph:"-"`          never asked for
//	`graph:"{}"`         an object or an edge whose own fields are asked for
//	`graph:"limit(50){}"` the same with modifiers ahead of the braces
//
// Without a graph tag a nested struct is asked for by its name alone, and Graph
// chooses what it holds: asking for a field that the version does not know
// fails the whole request, so nothing is expanded without a tag.
package fields
