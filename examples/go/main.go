// Customer segments in Go: predict NAME=VALUE ... | score IN OUT | vectors | bench. See README.md.
package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

func main() {
	status, err := command(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 2
	}
	os.Exit(status)
}

func command(arguments []string) (int, error) {
	usage := errors.New("usage: customer-segmentation predict NAME=VALUE ... | score IN OUT | vectors | bench")
	if len(arguments) == 0 {
		return 2, usage
	}
	segmenter, err := Load(os.Getenv("ORT_LIB"), environment("MODEL", "../../artifacts/model.onnx"))
	if err != nil {
		return 2, err
	}
	path := environment("VECTORS", "../../artifacts/test_vectors.json")
	switch {
	case arguments[0] == "predict":
		return 0, predict(segmenter, arguments[1:])
	case arguments[0] == "score" && len(arguments) == 3:
		return 0, score(segmenter, arguments[1], arguments[2])
	case arguments[0] == "vectors":
		return checkVectors(segmenter, path)
	case arguments[0] == "bench":
		return 0, bench(segmenter, path)
	}
	return 2, usage
}

func environment(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func predict(segmenter *Segmenter, arguments []string) error {
	record := Record{}
	for _, argument := range arguments {
		name, value, found := strings.Cut(argument, "=")
		if !found {
			return fmt.Errorf("each value must be given as NAME=VALUE, but one is '%s'", argument)
		}
		record[name] = value
	}
	for i := range segmenter.Contract.Columns {
		column := &segmenter.Contract.Columns[i]
		if text, given := record[column.Name].(string); given {
			record[column.Name] = column.FromText(text)
		}
	}
	answer, err := segmenter.Predict(record)
	if err != nil {
		return err
	}
	fmt.Printf("segment: %s\nprobability: %.6f\n", answer.Name, answer.Probability)
	fmt.Printf("complete: %t\nenough: %t\n", answer.Complete, answer.Enough)
	if answer.Complete {
		fmt.Printf("novelty: %.6f\n", answer.Novelty)
	}
	fmt.Printf("action: %s\n", answer.Action)
	return nil
}

// score answers for every row of a CSV file. All rows stay in order, and an invalid row gets an error message.
func score(segmenter *Segmenter, in, out string) error {
	content, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	table, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		return err
	}
	if len(table) == 0 {
		return fmt.Errorf("the table must have a header and rows, but '%s' is empty", in)
	}
	places, err := findColumns(segmenter.Contract, table[0])
	if err != nil {
		return err
	}
	refused := 0
	table[0] = append(table[0], "segment", "segment_id", "probability", "complete", "novelty", "problem")
	const chunk = 65536 // rows per call
	for start := 1; start < len(table); start += chunk {
		part := table[start:min(start+chunk, len(table))]
		count, err := scorePart(segmenter, places, part)
		if err != nil {
			return err
		}
		refused += count
	}
	fmt.Fprintf(os.Stderr, "%d rows scored, %d refused\n", len(table)-1-refused, refused)
	file, err := os.Create(out)
	if err != nil {
		return err
	}
	return errors.Join(csv.NewWriter(file).WriteAll(table), file.Close())
}

func scorePart(segmenter *Segmenter, places map[string]int, part [][]string) (int, error) {
	var rows [][]Cell
	var asked []int
	for i, cells := range part {
		record := Record{}
		for j := range segmenter.Contract.Columns {
			column := &segmenter.Contract.Columns[j]
			if place, found := places[column.Name]; found {
				record[column.Name] = column.FromText(cells[place])
			}
		}
		if row, problem := segmenter.Contract.Check(record); problem != nil {
			part[i] = append(cells, "", "", "", "", "", problem.Error())
		} else {
			rows, asked = append(rows, row), append(asked, i)
		}
	}
	if len(rows) == 0 {
		return len(part), nil
	}
	answers, err := segmenter.Answer(rows)
	if err != nil {
		return 0, err
	}
	for row, i := range asked {
		answer, novelty := answers.at(row, segmenter.Contract, rows[row]), ""
		if !math.IsNaN(answer.Novelty) {
			novelty = fmt.Sprintf("%.6f", answer.Novelty)
		}
		part[i] = append(part[i], answer.Name, strconv.Itoa(answer.ID), fmt.Sprintf("%.6f", answer.Probability),
			strconv.FormatBool(answer.Complete), novelty, "")
	}
	return len(part) - len(rows), nil
}

// findColumns maps the contract's columns to places in the header, by name, label or alias in any case.
func findColumns(contract *Contract, header []string) (map[string]int, error) {
	present, places, names := map[string]int{}, map[string]int{}, []string{}
	for i := len(header) - 1; i >= 0; i-- { // of two that are called the same, the first counts
		present[fold(header[i])] = i
	}
	for _, column := range contract.Columns {
		names = append(names, column.Name)
		for _, spelling := range append([]string{column.Name, column.Label}, column.Aliases...) {
			if place, found := present[fold(spelling)]; found {
				places[column.Name] = place
				break
			}
		}
	}
	if len(places) == 0 {
		return nil, fmt.Errorf("the table must have at least one of the columns %s, but its headers are %s", listed(names), listed(header))
	}
	return places, nil
}
