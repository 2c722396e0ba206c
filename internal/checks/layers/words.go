package layers

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Word is a wording that this project does not use, with the one that it uses.
type Word struct {
	Pattern *regexp.Regexp
	Instead string
}

func word(pattern, instead string) Word {
	return Word{regexp.MustCompile(`(?i)\b(?:` + pattern + `)\b`), instead}
}

// Words are the wordings that Go files and Markdown files must not have.
var Words = []Word{
	word(`tells? (?:whether|if)`, `"reports whether"`),
	word(`is \w+ as a value`, `what the function returns`),
	word(`houses?`, `"module" or "tree"`),
	word(`floors?`, `"layer"`),
	word(`rooms?`, `"package"`),
	word(`desks?`, `"fixture"`),
	word(`needles?`, `"secret"`),
	word(`songs?`, `"scanner"`),
	word(`echoes`, `"quotes"`),
	word(`somebody|someone|whoever|(?-i:[Nn]obody)`, `the noun: the caller, the worker, the program`),
	word(`whatever it (?:is|was)`, `the noun`),
	word(`is no (?:good|\w+ of (?:ours|theirs))`, `"is not a ..."`),
	word(`of (?:ours|theirs)`, `"our ..." or the noun`),
	word(`all the same`, `"nevertheless", or nothing`),
	{regexp.MustCompile(`(?im)\bas it is(?:[.,;:)]|$)`), `"unchanged"`},
	word(`comes? to nothing`, `what happens`),
	word(`appointed|theirs`, `the noun`),
	word(`makes? an? \w+ an error`, `"implements the error interface"`),
}

// wordFiles may have the words, with the reason.
var wordFiles = map[string]string{
	"words.go":      "it lists the words",
	"words_test.go": "it tests the list",
	"paths.go":      "it has the paths before the move",
}

// CheckWords refuses wordings in Go files and in Markdown files.
func CheckWords(tree *Tree, words []Word) []string {
	var problems []string
	check := func(name, text string) {
		number := 0
		for line := range strings.Lines(text) {
			number++
			for _, w := range words {
				if found := w.Pattern.FindString(line); found != "" {
					problems = append(problems, fmt.Sprintf("%s:%d: %q: write %s", name, number, found, w.Instead))
				}
			}
		}
	}
	for _, f := range tree.Files {
		base := f.Path[strings.LastIndex(f.Path, "/")+1:]
		own := f.Dir() == "internal/checks/layers" && wordFiles[base] != ""
		if !own && !f.IsGenerated() {
			check(f.Path, string(f.Src))
		}
	}
	for _, doc := range tree.Docs {
		check(doc.Path, doc.Text)
	}
	slices.Sort(problems)
	return problems
}
