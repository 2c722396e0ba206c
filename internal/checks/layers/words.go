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

// wordFiles are the files that may have the words, with the reason.
var wordFiles = map[string]string{
	"internal/checks/layers/words.go":             "it lists the words",
	"internal/checks/layers/words_test.go":        "it tests the list",
	"internal/integration/stores/account_unix.go": "nobody is the name of an account of Unix",
}

// CheckWords refuses wordings in Go files and in Markdown files.
func CheckWords(tree *Tree, words []Word, exceptions map[string]string) []string {
	var problems []string
	used := map[string]bool{}
	check := func(name, text string) {
		number := 0
		for line := range strings.Lines(text) {
			number++
			for _, w := range words {
				found := w.Pattern.FindString(line)
				switch {
				case found == "":
				case exceptions[name] != "":
					used[name] = true
				default:
					problems = append(problems, fmt.Sprintf("%s:%d: %q: write %s", name, number, found, w.Instead))
				}
			}
		}
	}
	for _, f := range tree.Files {
		if !f.IsGenerated() {
			check(f.Path, string(f.Src))
		}
	}
	for _, doc := range tree.Docs {
		check(doc.Path, doc.Text)
	}
	problems = append(problems, unused(exceptions, used)...)
	slices.Sort(problems)
	return problems
}
