package readme

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	layers "github.com/seed-8fdceacd/wagraph/internal/checks/layers"
)

// block is a fenced block of README.md, without its indent.
type block struct {
	mark     string // of the line above it, "" if there is none
	language string
	text     string
}

// blocksOf returns the fenced blocks of a Markdown text.
func blocksOf(markdown string) []block {
	var all []block
	var open *block
	mark, indent := "", ""
	for line := range strings.Lines(markdown) {
		text := strings.TrimSpace(line)
		language, fence := strings.CutPrefix(text, "```")
		switch {
		case open != nil && fence:
			all = append(all, *open)
			open, mark = nil, ""
		case open != nil:
			open.text += strings.TrimPrefix(line, indent)
		case fence:
			open = &block{mark: mark, language: language}
			indent, _, _ = strings.Cut(line, "`")
		case strings.HasPrefix(text, "<!-- ") && strings.HasSuffix(text, " -->"):
			mark = strings.TrimSuffix(strings.TrimPrefix(text, "<!-- "), " -->")
		case text != "":
			mark = ""
		}
	}
	return all
}

// sourceOf returns the lines of a block as they stand in the Go files of a directory.
func sourceOf(dir, mark string) (string, error) {
	program, err := os.ReadFile(filepath.Join(dir, programOf(mark), "main.go"))
	if err == nil {
		_, code, _ := strings.Cut("\n"+string(program), "\npackage main\n") // its comment is for the tree
		return "package main\n" + code, nil
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", err
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		if code, found := region(string(text), mark); found {
			return code, nil
		}
	}
	return "", fmt.Errorf("no program and no region %q has the lines of the block", mark)
}

// programOf returns the directory of a block's program.
func programOf(mark string) string { return strings.ReplaceAll(mark, "-", "") }

// region returns the lines between the two comments that name a block, without the
// indent of the comments.
func region(text, mark string) (string, bool) {
	before, after, found := strings.Cut(text, "// begin "+mark+"\n")
	if !found {
		return "", false
	}
	indent := before[strings.LastIndexByte(before, '\n')+1:]
	code, _, closed := strings.Cut(after, indent+"// end "+mark+"\n")
	var lines strings.Builder
	for line := range strings.Lines(code) {
		lines.WriteString(strings.TrimPrefix(line, indent))
	}
	return lines.String(), closed
}

// readme returns the blocks of README.md.
func readme(t *testing.T) []block {
	t.Helper()
	root, err := layers.Root()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	return blocksOf(string(text))
}

// TestREADME_GoBlocksAreCompiledHere compares each block of Go with its source.
func TestREADME_GoBlocksAreCompiledHere(t *testing.T) {
	compared := 0
	for _, b := range readme(t) {
		switch {
		case b.language != "go":
		default:
			code, err := sourceOf(".", b.mark)
			require.NoError(t, err, b.text)
			require.Equal(t, code, b.text, b.mark)
			compared++
		}
	}
	require.GreaterOrEqual(t, compared, 2)
}

// TestREADME_ProgramsPrintTheirOutput runs each program with an output in README.md.
func TestREADME_ProgramsPrintTheirOutput(t *testing.T) {
	blocks := readme(t)
	ran := 0
	for _, b := range blocks {
		for _, output := range blocks {
			if b.language != "go" || b.mark == "" || output.mark != b.mark+"-output" {
				continue
			}
			command := exec.CommandContext(t.Context(), "go", "run", "./"+programOf(b.mark))
			command.Stderr = os.Stderr
			printed, err := command.Output()
			require.NoError(t, err)
			require.Equal(t, output.text, string(printed), b.mark)
			ran++
		}
	}
	require.Positive(t, ran)
}

func TestBlocksOf_ReadsMarksAndIndents(t *testing.T) {
	const markdown = "<!-- one -->\n```go\na\n\tb\n```\n\n<!-- two -->\n\n  ```text\n  c\n  ```\n<!-- lost -->\nprose\n```go\nd\n```\n"
	require.Equal(t, []block{{"one", "go", "a\n\tb\n"}, {"two", "text", "c\n"}, {"", "go", "d\n"}}, blocksOf(markdown))
}

func TestSourceOf_FindsProgramsAndRegions(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("quickstart/main.go", "// Command quickstart has a comment.\npackage main\n\nfunc main() {}\n")
	write("x_test.go", "func f() {\n\t// begin errors\n\tswitch {\n\t\tcase true:\n\t}\n\t// end errors\n}\n// begin open\n")
	code, err := sourceOf(dir, "quick-start")
	require.NoError(t, err)
	require.Equal(t, "package main\n\nfunc main() {}\n", code)
	code, err = sourceOf(dir, "errors")
	require.NoError(t, err)
	require.Equal(t, "switch {\n\tcase true:\n}\n", code)
	for _, missing := range []string{"open", "other"} {
		_, err = sourceOf(dir, missing)
		require.Error(t, err)
	}
}
