package segmentation;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares the model with the answers that every language must give. */
final class Vectors {
    private record Tolerances(double probability, double distance) {}

    private record Outputs(
            List<String> segment, List<Long> segmentId, List<List<Double>> probabilities, List<Boolean> complete,
            List<List<Double>> distances, List<Double> novelty, List<List<Double>> classifierProbabilities) {}

    private record Test(Tolerances tolerances, Map<String, List<Object>> inputs, Outputs outputs) {}

    private final Segmenter segmenter;
    private final Test test;
    private final List<Object[]> rows = new ArrayList<>();
    private int mismatches;

    Vectors(Segmenter segmenter, Path path) throws IOException {
        this.segmenter = segmenter;
        test = Contract.JSON.readValue(Files.readString(path), Test.class);
        for (int row = 0; row < test.outputs.segment.size(); row++) {
            int at = row;
            rows.add(segmenter.contract.columns().stream()
                    .map(column -> cell(column, test.inputs.get(column.name()).get(at)))
                    .toArray());
        }
    }

    private static Object cell(Contract.Column column, Object value) {
        if (value == null) {
            return column.missing();
        }
        return value instanceof Number number ? (Object) number.doubleValue() : value;
    }

    /** Runs all rows in one call, then one row per call; prints one line of JSON and returns the exit status. */
    int check() throws OrtException {
        Segmenter.Answers all = segmenter.answer(rows, true);
        for (int row = 0; row < rows.size(); row++) {
            compare(all, row, row);
        }
        for (int row = 0; row < rows.size(); row++) {
            compare(segmenter.answer(rows.subList(row, row + 1), false), 0, row);
            Segmenter.Answers one = segmenter.answerOneRow(rows.get(row));
            if (one != null) {
                compare(one, 0, row);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "{\"language\":\"Java\",\"runtime\":\"%s\",\"rows\":%d,\"mismatches\":%d,\"p50_us\":%.1f}%n",
                segmenter.runtime(), rows.size(), mismatches, median());
        return mismatches == 0 ? 0 : 1;
    }

    private void compare(Segmenter.Answers answers, int at, int row) {
        Outputs expected = test.outputs;
        double probability = test.tolerances.probability;
        double distance = test.tolerances.distance;
        same(row, "segment", answers.segment()[at], expected.segment.get(row));
        same(row, "segment_id", answers.id()[at], expected.segmentId.get(row));
        same(row, "complete", answers.complete()[at], expected.complete.get(row));
        near(row, "probabilities", wide(answers.probabilities()[at]), expected.probabilities.get(row), probability);
        near(row, "distances", answers.distances()[at], expected.distances.get(row), distance);
        double[] novelty = {answers.novelty()[at]};
        near(row, "novelty", novelty, expected.novelty.subList(row, row + 1), distance);
        if (answers.opinion() != null) {
            List<Double> opinion = expected.classifierProbabilities.get(row);
            near(row, Segmenter.OPINION, wide(answers.opinion()[at]), opinion, probability);
        }
    }

    private void same(int row, String output, Object found, Object expected) {
        if (!found.equals(expected)) {
            tell(row, output, found, expected);
        }
    }

    private void near(int row, String output, double[] found, List<Double> expected, double tolerance) {
        for (int i = 0; i < found.length; i++) {
            double wanted = expected.get(i) == null ? Double.NaN : expected.get(i);
            boolean bothMissing = Double.isNaN(found[i]) && Double.isNaN(wanted);
            if (!bothMissing && !(Math.abs(found[i] - wanted) <= tolerance)) {
                tell(row, output, found[i], wanted);
                return;
            }
        }
    }

    private void tell(int row, String output, Object found, Object expected) {
        if (++mismatches <= 10) {
            System.err.printf("mismatch: row %d: %s: found %s, expected %s%n", row, output, found, expected);
        }
    }

    private static double[] wide(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    /** The p50 of predict in microseconds, a different customer each call; unknown categories count as missing. */
    double median() throws OrtException {
        List<Map<String, Object>> records = new ArrayList<>();
        for (Object[] row : rows) {
            Map<String, Object> record = new HashMap<>();
            for (int i = 0; i < row.length; i++) {
                String name = segmenter.contract.columns().get(i).name();
                try {
                    segmenter.contract.check(Map.of(name, row[i]));
                    record.put(name, row[i]);
                } catch (InputException refused) {
                    record.put(name, null);
                }
            }
            records.add(record);
        }
        int warmUp = 10_000; // then the JVM has compiled it
        double[] times = new double[warmUp + 2000];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            segmenter.predict(records.get(i % records.size()));
            times[i] = (System.nanoTime() - start) / 1000.0;
        }
        double[] timed = Arrays.copyOfRange(times, warmUp, times.length);
        Arrays.sort(timed);
        return timed[timed.length / 2];
    }
}
