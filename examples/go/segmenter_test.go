package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func loaded(t *testing.T) *Segmenter {
	segmenter, err := Load(os.Getenv("ORT_LIB"), environment("MODEL", "../../artifacts/model.onnx"))
	if err != nil {
		t.Fatalf("ORT_LIB must be the path of libonnxruntime.so: %v", err)
	}
	return segmenter
}

func TestAnswersAsPythonDoes(t *testing.T) {
	answer, err := loaded(t).Predict(Record{"gender": "f", "age": 31, "annual_income": 17, "spending_score": 40.0})
	if err != nil || answer.Name != "Low income, low score" || !answer.Complete || !answer.Enough {
		t.Errorf("found %+v, %v", answer, err)
	}
}

func TestAnUnknownCustomerIsNotEnoughForOneLabel(t *testing.T) {
	if answer, err := loaded(t).Predict(Record{}); err != nil || answer.Complete || answer.Enough {
		t.Errorf("found %+v, %v", answer, err)
	}
}

func TestRefusesWithTheSentencesOfPython(t *testing.T) {
	segmenter := loaded(t)
	for sentence, record := range map[string]Record{
		"unknown column 'x'; known: 'gender', 'age', 'annual_income', 'spending_score'.":                        {"x": 1},
		"column 'age' must be a number, but it is 'abc'; give it without quotes, or leave it unknown":           {"age": "abc"},
		"column 'age' must be from 0 to 120 years, but it is 130; correct it or leave it unknown":               {"age": 130},
		"column 'age' must be a finite number in single precision, but it is 1e+39; correct it":                 {"age": 1e39},
		"column 'gender' must be one of 'Female', 'Male', but it is 'x'; correct it or leave it unknown.":       {"gender": "x"},
		"column 'annual_income' must be from 0 to 10000 k$, but it is -1; correct it or leave it unknown":       {"annual_income": -1},
		"column 'spending_score' must be a number, but it is true; give it without quotes, or leave it unknown": {"spending_score": true},
	} {
		if _, err := segmenter.Predict(record); err == nil || err.Error() != sentence {
			t.Errorf("found %v, expected %s", err, sentence)
		}
	}
}

func TestScoresATableWithQuotedCellsAndOtherHeaders(t *testing.T) {
	in, out := filepath.Join(t.TempDir(), "in.csv"), filepath.Join(t.TempDir(), "out.csv")
	table := "\uFEFFnote,GENRE,Annual Income (k$),score\n\"a, \"\"b\"\"\",w,17,40\nc,,nan,\nd,robot,1,1\n"
	if err := os.WriteFile(in, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := score(loaded(t), in, out); err != nil {
		t.Fatal(err)
	}
	written, _ := os.ReadFile(out)
	lines := strings.Split(string(written), "\n")
	for i, part := range []string{
		"note,GENRE,Annual Income (k$),score,segment,segment_id,probability,complete,novelty,problem",
		"\"a, \"\"b\"\"\",w,17,40,\"Low income, low score\",",
		"c,,nan,,\"Mid income, mid score\",",
		"d,robot,1,1,,,,,,\"column 'gender' must be one of 'Female', 'Male', but it is 'robot'",
	} {
		if !strings.HasPrefix(lines[i], part) {
			t.Errorf("line %d: found %s, expected %s...", i, lines[i], part)
		}
	}
}
