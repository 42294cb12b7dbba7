package replay

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
)

// maxLine bounds one past claim, in bytes.
const maxLine = 4 << 20

// Lines reads past claims from JSON Lines, a claim a line; empty lines are
// passed over. An error names its line and ends the reading.
func Lines(r io.Reader) iter.Seq2[Past, error] {
	return func(yield func(Past, error) bool) {
		scanner := bufio.NewScanner(r)
		scanner.Buffer(nil, maxLine)
		for n := 1; scanner.Scan(); n++ {
			line := bytes.TrimSpace(scanner.Bytes())
			if len(line) == 0 {
				continue
			}
			var p Past
			d := json.NewDecoder(bytes.NewReader(line))
			d.DisallowUnknownFields()
			if err := d.Decode(&p); err != nil {
				yield(Past{}, fmt.Errorf("line %d: %w", n, err))
				return
			}
			if !yield(p, nil) {
				return
			}
		}
		if err := scanner.Err(); err != nil {
			yield(Past{}, err)
		}
	}
}
