package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"time"

	ort "github.com/yalue/onnxruntime_go"
)

// vectors are rows with the answers that every language must give.
type vectors struct {
	Tolerances struct{ Probability, Distance float64 }
	Inputs     map[string][]any
	Outputs    struct {
		Segment                 []string
		SegmentID               []int64 `json:"segment_id"`
		Complete                []bool
		Probabilities           [][]*float64
		Distances               [][]*float64
		Novelty                 []*float64
		ClassifierProbabilities [][]*float64 `json:"classifier_probabilities"`
	}
}

func readVectors(path string, contract *Contract) (*vectors, [][]Cell, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	var test vectors
	if err := json.Unmarshal(content, &test); err != nil {
		return nil, nil, err
	}
	rows := make([][]Cell, len(test.Outputs.Segment))
	for i := range rows {
		for _, column := range contract.Columns {
			cell := missing
			switch value := test.Inputs[column.Name][i].(type) {
			case float64:
				cell.Number = value
			case string:
				cell.Text = value
			}
			rows[i] = append(rows[i], cell)
		}
	}
	return &test, rows, nil
}

// checkVectors runs all rows in one call and then one row per call; the report is one line of JSON.
func checkVectors(segmenter *Segmenter, path string) (int, error) {
	test, rows, err := readVectors(path, segmenter.Contract)
	if err != nil {
		return 2, err
	}
	answers, err := segmenter.Answer(rows)
	if err != nil {
		return 2, err
	}
	mismatches := 0
	for row := range rows {
		test.compare(answers, row, row, true, &mismatches)
	}
	for row := range rows {
		if answers, err = segmenter.Answer(rows[row : row+1]); err != nil {
			return 2, err
		}
		test.compare(answers, 0, row, false, &mismatches)
		one, err := segmenter.answerOneRow(rows[row])
		if err != nil {
			return 2, err
		}
		if one != nil {
			test.compare(one, 0, row, false, &mismatches)
		}
	}
	p50, err := median(segmenter, rows)
	if err != nil {
		return 2, err
	}
	fmt.Printf(`{"language":"Go","runtime":"%s","rows":%d,"mismatches":%d,"p50_us":%.1f}`+"\n",
		ort.GetVersion(), len(rows), mismatches, p50)
	return min(mismatches, 1), nil
}

// compare compares one row of answers with a row of the vectors.
func (t *vectors) compare(answers *Answers, at, row int, opinion bool, mismatches *int) {
	tell := func(output string, found, expected any, equal bool) {
		if equal {
			return
		}
		if *mismatches++; *mismatches <= 10 {
			fmt.Fprintf(os.Stderr, "mismatch: row %d: %s: found %v, expected %v\n", row, output, found, expected)
		}
	}
	near := func(output string, found []float64, expected []*float64, tolerance float64) {
		for i, value := range expected {
			wanted := math.NaN()
			if value != nil {
				wanted = *value
			}
			if math.IsNaN(wanted) != math.IsNaN(found[i]) || math.Abs(wanted-found[i]) > tolerance {
				tell(output, found[i], wanted, false)
				return
			}
		}
	}
	k := len(t.Outputs.Probabilities[row])
	tell("segment", answers.Segment[at], t.Outputs.Segment[row], answers.Segment[at] == t.Outputs.Segment[row])
	tell("segment_id", answers.ID[at], t.Outputs.SegmentID[row], answers.ID[at] == t.Outputs.SegmentID[row])
	tell("complete", answers.Complete[at], t.Outputs.Complete[row], answers.Complete[at] == t.Outputs.Complete[row])
	near("probabilities", widened(answers.Probabilities[at*k:]), t.Outputs.Probabilities[row], t.Tolerances.Probability)
	near("distances", answers.Distances[at*k:], t.Outputs.Distances[row], t.Tolerances.Distance)
	near("novelty", answers.Novelty[at:], t.Outputs.Novelty[row:row+1], t.Tolerances.Distance)
	if opinion {
		near("classifier_probabilities", widened(answers.ClassifierProbabilities[at*k:]),
			t.Outputs.ClassifierProbabilities[row], t.Tolerances.Probability)
	}
}

func widened(values []float32) []float64 {
	wide := make([]float64, len(values))
	for i, value := range values {
		wide[i] = float64(value)
	}
	return wide
}

func bench(segmenter *Segmenter, path string) error {
	_, rows, err := readVectors(path, segmenter.Contract)
	if err != nil {
		return err
	}
	p50, err := median(segmenter, rows)
	fmt.Printf("p50 of one row: %.1f us\n", p50)
	return err
}

// median is the p50 of Predict in microseconds, a different customer each call; unknown categories count as missing.
func median(segmenter *Segmenter, rows [][]Cell) (float64, error) {
	var records []Record
	for _, row := range rows {
		record := Record{}
		for i, column := range segmenter.Contract.Columns {
			if _, refusal := column.check(row[i].Text); column.Kind != "category" {
				record[column.Name] = row[i].Number
			} else if refusal == "" {
				record[column.Name] = row[i].Text
			}
		}
		records = append(records, record)
	}
	times := make([]float64, 2200)
	for i := range times {
		start := time.Now()
		if _, err := segmenter.Predict(records[i%len(records)]); err != nil {
			return 0, err
		}
		times[i] = float64(time.Since(start).Nanoseconds()) / 1000
	}
	times = times[200:] // the first calls are warm-up
	slices.Sort(times)
	return times[len(times)/2], nil
}
