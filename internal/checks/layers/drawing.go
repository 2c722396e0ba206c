package layers

import (
	"fmt"
	"slices"
	"strings"
)

// drawingFile is the file with the drawing of the layers, and drawingTitle the
// heading above it.
const (
	drawingFile  = "DESIGN.md"
	drawingTitle = "## The layers"
)

// CheckDrawing compares the drawing of the layers in DESIGN.md with the packages that
// may import every package, and with the plan below them.
func CheckDrawing(tree *Tree, top []string, plan []Layer) []string {
	at := slices.IndexFunc(tree.Docs, func(d Doc) bool { return d.Path == drawingFile })
	if at < 0 {
		return []string{drawingFile + " is missing"}
	}
	drawn, err := parseDrawing(tree.Docs[at].Text)
	if err != nil {
		return []string{err.Error()}
	}
	planned := [][]string{top}
	for _, layer := range plan {
		var packages []string
		for _, p := range layer.Packages {
			packages = append(packages, p.Path)
		}
		planned = append(planned, packages)
	}
	var problems []string
	for i := range max(len(drawn), len(planned)) {
		inDrawing, inPlan := layerAt(drawn, i), layerAt(planned, i)
		if !slices.Equal(inDrawing, inPlan) {
			problems = append(problems, fmt.Sprintf("%s: layer %d of the drawing has %v, and the plan has %v", drawingFile, i+1, inDrawing, inPlan))
		}
	}
	return problems
}

// layerAt returns the packages of a layer, sorted, and none where there is no layer.
func layerAt(layers [][]string, i int) []string {
	if i >= len(layers) {
		return nil
	}
	return slices.Sorted(slices.Values(layers[i]))
}

// parseDrawing returns the packages of each layer of the drawing, from the top down.
// It is the first fenced block below its heading. A line has packages with ", "
// between them, and behind two blanks a text. A line that begins with blanks
// continues the layer above it.
func parseDrawing(text string) ([][]string, error) {
	_, section, found := strings.Cut(text, "\n"+drawingTitle+"\n")
	_, block, opened := strings.Cut(section, "\n```\n")
	block, _, closed := strings.Cut(block, "\n```")
	if !found || !opened || !closed {
		return nil, fmt.Errorf("%s has no fenced block below the heading %q", drawingFile, drawingTitle)
	}
	var layers [][]string
	for line := range strings.SplitSeq(block, "\n") {
		packages, continues := strings.CutPrefix(line, "  ")
		if !continues {
			layers = append(layers, nil)
		}
		packages, _, _ = strings.Cut(packages, "  ")
		if packages == "" {
			continue // only a text
		}
		if len(layers) == 0 {
			return nil, fmt.Errorf("%s: the first line of the drawing begins with blanks", drawingFile)
		}
		layers[len(layers)-1] = append(layers[len(layers)-1], strings.Split(packages, ", ")...)
	}
	return layers, nil
}
